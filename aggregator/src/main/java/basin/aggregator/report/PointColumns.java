package basin.aggregator.report;

import basin.aggregator.view.Estimate;
import basin.aggregator.view.StudyView;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * All points in columns, as an Arrow file (Feather version 2) that pandas, polars, R and DuckDB read: one row a checkpoint, quantity,
 * task and protocol, and where one side was not measured its columns are null. Units are in the columns' metadata under {@code
 * unit}; the file's metadata tell study, revision and question. The same answer gives the same bytes.
 */
public final class PointColumns {
    private static final int BATCH_ROWS = 10_000;

    private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;
    private static final ArrowType REAL = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final ArrowType WHOLE = new ArrowType.Int(32, true);
    private static final ArrowType LONG = new ArrowType.Int(64, true);
    private static final ArrowType FLAG = ArrowType.Bool.INSTANCE;

    private static final List<Column> COLUMNS = List.of(
            always("run", TEXT, "", point -> point.run().runId()),
            always("label", TEXT, "", point -> point.run().label()),
            always("size", TEXT, "", point -> point.run().size()),
            always("rate", REAL, "", point -> point.run().rate()),
            always("algorithm", TEXT, "", point -> point.run().algorithm()),
            always("seed", LONG, "", point -> point.run().seed()),
            always("parameters", LONG, "", point -> point.run().parameters()),
            always("step", WHOLE, "steps", point -> point.checkpoint().step()),
            always("last", FLAG, "", point -> point.checkpoint().last()),
            always(
                    "matched_levels",
                    TEXT,
                    "nats",
                    point -> point.checkpoint().matched().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(" "))),
            always("excess", REAL, "nats", point -> point.checkpoint().excess().value()),
            always(
                    "excess_stderr",
                    REAL,
                    "nats",
                    point -> point.checkpoint().excess().standardError()),
            always(
                    "excess_sentences",
                    WHOLE,
                    "sentences",
                    point -> point.checkpoint().sentences()),
            always("weight_norm", REAL, "", point -> point.checkpoint().weightNorm()),
            flat("quantity", TEXT, "", StudyView.Flatness::quantity),
            flat("trace", REAL, "nats", StudyView.Flatness::value),
            flat("trace_stderr", REAL, "nats", StudyView.Flatness::standardError),
            flat("trace_low", REAL, "nats", flat -> flat.interval().low()),
            flat("trace_high", REAL, "nats", flat -> flat.interval().high()),
            flat("trace_confidence", REAL, "", flat -> flat.interval().confidence()),
            new Column(
                    "effective_rank", REAL, "", point -> point.flatness().flatMap(StudyView.Flatness::effectiveRank)),
            flat("trace_unit", TEXT, "", StudyView.Flatness::unit),
            flat("pairs", WHOLE, "pairs", StudyView.Flatness::pairs),
            flat("estimator", TEXT, "", StudyView.Flatness::estimator),
            flat("estimator_version", WHOLE, "", StudyView.Flatness::version),
            flat("estimator_seed", LONG, "", StudyView.Flatness::seed),
            flat("platform", TEXT, "", StudyView.Flatness::platform),
            down("task", TEXT, "", StudyView.Downstream::task),
            down("protocol", TEXT, "", StudyView.Downstream::protocol),
            down("accuracy", REAL, "share", down -> down.accuracy().value()),
            down("accuracy_stderr", REAL, "share", down -> down.accuracy().standardError()),
            down("above_untrained", REAL, "share", down -> down.above().value()),
            down("above_untrained_stderr", REAL, "share", down -> down.above().standardError()),
            down("untrained", REAL, "share", down -> down.untrained().value()),
            down("untrained_stderr", REAL, "share", down -> down.untrained().standardError()),
            down("floor", REAL, "share", StudyView.Downstream::floor),
            ceiling("ceiling", Estimate::value),
            ceiling("ceiling_stderr", Estimate::standardError),
            down("classes", WHOLE, "", StudyView.Downstream::classes),
            down("left_out", REAL, "share", StudyView.Downstream::leftOut),
            down("repetitions", WHOLE, "", StudyView.Downstream::repetitions),
            down("labels", WHOLE, "examples", StudyView.Downstream::labels),
            down("test", WHOLE, "examples", StudyView.Downstream::test),
            down("protocol_seed", LONG, "", StudyView.Downstream::seed));

    private PointColumns() {}

    private record Point(
            StudyView.Run run,
            StudyView.Checkpoint checkpoint,
            Optional<StudyView.Flatness> flatness,
            Optional<StudyView.Downstream> downstream) {}

    private record Column(String name, ArrowType type, String unit, Function<Point, Optional<?>> value) {}

    private static Column always(String name, ArrowType type, String unit, Function<Point, Object> value) {
        return new Column(name, type, unit, point -> Optional.of(value.apply(point)));
    }

    private static Column flat(String name, ArrowType type, String unit, Function<StudyView.Flatness, Object> value) {
        return new Column(name, type, unit, point -> point.flatness().map(value));
    }

    private static Column down(String name, ArrowType type, String unit, Function<StudyView.Downstream, Object> value) {
        return new Column(name, type, unit, point -> point.downstream().map(value));
    }

    /** Empty where the ceiling is unknown. */
    private static Column ceiling(String name, Function<Estimate, Object> value) {
        return new Column(
                name,
                REAL,
                "share",
                point -> point.downstream()
                        .flatMap(StudyView.Downstream::ceiling)
                        .map(value));
    }

    /** Writes the file, over one that exists. */
    public static void write(StudyView view, Asked asked, Path file) throws IOException {
        List<Point> points = points(view);
        Map<String, String> about = new LinkedHashMap<>();
        about.put("basin.study", view.studyId());
        about.put(
                "basin.revision",
                view.revision().events() + " " + view.revision().digest());
        about.put("basin.question", asked.text());
        about.put("basin.question.sha256", asked.hash());
        about.put("basin.generation", asked.generation());
        Schema schema = new Schema(COLUMNS.stream().map(PointColumns::field).toList(), about);
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
                for (int column = 0; column < COLUMNS.size(); column++) {
                    fill(root.getVector(column), COLUMNS.get(column), batch);
                }
                root.setRowCount(batch.size());
                writer.writeBatch();
            }
            writer.end();
        }
    }

    private static Field field(Column column) {
        return new Field(
                column.name(),
                new FieldType(
                        true, column.type(), null, column.unit().isEmpty() ? null : Map.of("unit", column.unit())),
                List.of());
    }

    private static void fill(FieldVector vector, Column column, List<Point> points) {
        vector.allocateNew();
        for (int row = 0; row < points.size(); row++) {
            Optional<?> value = column.value().apply(points.get(row));
            if (value.isPresent()) {
                set(vector, row, value.get());
            }
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

    private static List<Point> points(StudyView view) {
        List<Point> points = new ArrayList<>();
        for (StudyView.Run run : view.runs()) {
            for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                for (Optional<StudyView.Flatness> flat : orNone(checkpoint.flatness())) {
                    for (Optional<StudyView.Downstream> down : orNone(checkpoint.downstream())) {
                        points.add(new Point(run, checkpoint, flat, down));
                    }
                }
            }
        }
        return points;
    }

    private static <T> List<Optional<T>> orNone(List<T> measured) {
        return measured.isEmpty()
                ? List.of(Optional.empty())
                : measured.stream().map(Optional::of).toList();
    }
}
