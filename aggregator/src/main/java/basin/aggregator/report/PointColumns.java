package basin.aggregator.report;

import basin.aggregator.view.Point;
import basin.aggregator.view.StudyView;
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
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * All points in columns, as an Arrow file (Feather version 2) that pandas, polars, R and DuckDB
 * read. There is one row per checkpoint, quantity, task and protocol; the columns of a measurement
 * that is missing are null. Units are in the columns' metadata under {@code unit}; study, revision
 * and question are in the file's metadata. The same answer gives the same bytes.
 */
public final class PointColumns {
    private static final int BATCH_ROWS = 10_000;

    private PointColumns() {}

    /** Writes the file and overwrites an existing one. */
    public static void write(StudyView view, Asked requested, Path file) throws IOException {
        List<Point> points = Point.pairs(view);
        Map<String, String> about = new LinkedHashMap<>();
        about.put("basin.study", view.studyId());
        about.put(
                "basin.revision",
                view.revision().events() + " " + view.revision().digest());
        about.put("basin.question", requested.text());
        about.put("basin.question.sha256", requested.hash());
        about.put("basin.generation", requested.generation());
        Schema schema =
                new Schema(Point.COLUMNS.stream().map(PointColumns::field).toList(), about);
        try (RootAllocator memory = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, memory);
                FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            writer.start();
            for (int from = 0; from < points.size(); from += BATCH_ROWS) {
                List<Point> batch = points.subList(from, Math.min(points.size(), from + BATCH_ROWS));
                root.clear();
                for (int column = 0; column < Point.COLUMNS.size(); column++) {
                    fill(root.getVector(column), Point.COLUMNS.get(column), batch);
                }
                root.setRowCount(batch.size());
                writer.writeBatch();
            }
            writer.end();
        }
    }

    private static Field field(Point.Column column) {
        return new Field(
                column.name(),
                new FieldType(
                        true, column.type(), null, column.unit().isEmpty() ? null : Map.of("unit", column.unit())),
                List.of());
    }

    private static void fill(FieldVector vector, Point.Column column, List<Point> points) {
        vector.allocateNew();
        for (int row = 0; row < points.size(); row++) {
            int place = row;
            column.value().apply(points.get(row)).ifPresent(value -> set(vector, place, value));
        }
        vector.setValueCount(points.size());
    }

    private static void set(FieldVector vector, int row, Object value) {
        switch (vector) {
            case VarCharVector text -> text.setSafe(row, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
            case Float8Vector real -> real.setSafe(row, ((Number) value).doubleValue());
            case IntVector whole -> whole.setSafe(row, ((Number) value).intValue());
            case BigIntVector whole -> whole.setSafe(row, ((Number) value).longValue());
            case BitVector flag -> flag.setSafe(row, (Boolean) value ? 1 : 0);
            default ->
                throw new IllegalStateException(
                        "No column is of type " + vector.getField().getType() + ".");
        }
    }
}
