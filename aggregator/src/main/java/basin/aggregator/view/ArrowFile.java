package basin.aggregator.view;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes a table as an Arrow file (Feather version 2), which pandas, polars, R and DuckDB read. A
 * missing value is null. The fields' metadata have {@code unit} and {@code description}. The same
 * rows give the same bytes.
 */
final class ArrowFile {
    private static final int BATCH_ROWS = 10_000;

    private ArrowFile() {}

    static <R> void write(DataTable<R> table, List<R> rows, Map<String, String> about, Path file) throws IOException {
        Schema schema =
                new Schema(table.columns().stream().map(ArrowFile::field).toList(), about);
        try (RootAllocator memory = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, memory);
                FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            writer.start();
            for (int from = 0; from < rows.size(); from += BATCH_ROWS) {
                List<R> batch = rows.subList(from, Math.min(rows.size(), from + BATCH_ROWS));
                root.clear();
                for (int column = 0; column < table.columns().size(); column++) {
                    fill(root.getVector(column), table.columns().get(column), batch);
                }
                root.setRowCount(batch.size());
                writer.writeBatch();
            }
            writer.end();
        }
    }

    private static Field field(DataColumn<?> column) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("description", column.about());
        if (!column.unit().isEmpty()) {
            about.put("unit", column.unit());
        }
        ArrowType type = switch (column.type()) {
            case TEXT -> ArrowType.Utf8.INSTANCE;
            case REAL -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case WHOLE -> new ArrowType.Int(Long.SIZE, true);
            case FLAG -> ArrowType.Bool.INSTANCE;
        };
        return new Field(column.name(), new FieldType(true, type, null, about), List.of());
    }

    private static <R> void fill(FieldVector vector, DataColumn<R> column, List<R> rows) {
        vector.allocateNew();
        for (int row = 0; row < rows.size(); row++) {
            int place = row;
            column.value().apply(rows.get(row)).ifPresent(value -> set(vector, place, value));
        }
        vector.setValueCount(rows.size());
    }

    private static void set(FieldVector vector, int row, Object value) {
        switch (vector) {
            case VarCharVector text -> text.setSafe(row, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
            case Float8Vector real -> real.setSafe(row, ((Number) value).doubleValue());
            case BigIntVector whole -> whole.setSafe(row, ((Number) value).longValue());
            case BitVector flag -> flag.setSafe(row, (Boolean) value ? 1 : 0);
            default ->
                throw new IllegalStateException(
                        "No column is of type " + vector.getField().getType() + ".");
        }
    }
}
