package basin.aggregator.view;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * A checkpoint with a flatness measurement, an accuracy measurement, or both. Immutable.
 *
 * @param flatness absent if it was not measured, or if the point has only the accuracy
 * @param downstream absent if it was not measured, or if the point has only the flatness
 */
public record Point(
        StudyView.Run run,
        StudyView.Checkpoint checkpoint,
        Optional<StudyView.Flatness> flatness,
        Optional<StudyView.Downstream> downstream) {
    private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;
    private static final ArrowType REAL = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final ArrowType WHOLE = new ArrowType.Int(32, true);
    private static final ArrowType LONG = new ArrowType.Int(64, true);
    private static final ArrowType FLAG = ArrowType.Bool.INSTANCE;

    /** The columns of a complete table of points, in order. */
    public static final List<Column> COLUMNS = List.of(
            run("run", TEXT, StudyView.Run::runId),
            run("label", TEXT, StudyView.Run::label),
            run("size", TEXT, StudyView.Run::size),
            run("learning_rate", REAL, StudyView.Run::learningRate),
            run("algorithm", TEXT, StudyView.Run::algorithm),
            run("seed", LONG, StudyView.Run::seed),
            run("parameters", LONG, StudyView.Run::parameters),
            at("step", WHOLE, "steps", StudyView.Checkpoint::step),
            at("last", FLAG, "", StudyView.Checkpoint::last),
            at("matched_levels", TEXT, "nats", Point::levels),
            at("excess", REAL, "nats", one -> one.excess().value()),
            at("excess_stderr", REAL, "nats", one -> one.excess().standardError()),
            at("excess_sentences", WHOLE, "sentences", StudyView.Checkpoint::sentences),
            at("weight_norm", REAL, "", StudyView.Checkpoint::weightNorm),
            flat("quantity", TEXT, "", StudyView.Flatness::quantity),
            flat("trace", REAL, "nats", StudyView.Flatness::value),
            flat("trace_stderr", REAL, "nats", StudyView.Flatness::standardError),
            flat("trace_low", REAL, "nats", one -> one.interval().low()),
            flat("trace_high", REAL, "nats", one -> one.interval().high()),
            flat("trace_confidence", REAL, "", one -> one.interval().confidence()),
            flat("effective_rank", REAL, "", StudyView.Flatness::effectiveRank),
            flat("trace_unit", TEXT, "", StudyView.Flatness::unit),
            flat("pairs", WHOLE, "pairs", StudyView.Flatness::pairs),
            flat("estimator", TEXT, "", StudyView.Flatness::estimator),
            flat("estimator_version", WHOLE, "", StudyView.Flatness::version),
            flat("estimator_seed", LONG, "", StudyView.Flatness::seed),
            flat("platform", TEXT, "", StudyView.Flatness::platform),
            down("task", TEXT, "", StudyView.Downstream::task),
            down("protocol", TEXT, "", StudyView.Downstream::protocol),
            down("accuracy", REAL, "share", one -> one.accuracy().value()),
            down("accuracy_stderr", REAL, "share", one -> one.accuracy().standardError()),
            down("above_untrained", REAL, "share", one -> one.above().value()),
            down("above_untrained_stderr", REAL, "share", one -> one.above().standardError()),
            down("untrained", REAL, "share", one -> one.untrained().value()),
            down("untrained_stderr", REAL, "share", one -> one.untrained().standardError()),
            down("majority_baseline", REAL, "share", StudyView.Downstream::majorityBaseline),
            down("bayes_accuracy", REAL, "share", one -> one.bayesAccuracy().map(Estimate::value)),
            down(
                    "bayes_accuracy_stderr",
                    REAL,
                    "share",
                    one -> one.bayesAccuracy().map(Estimate::standardError)),
            down("classes", WHOLE, "", StudyView.Downstream::classes),
            down("left_out", REAL, "share", StudyView.Downstream::leftOut),
            down("repetitions", WHOLE, "", StudyView.Downstream::repetitions),
            down("labels", WHOLE, "examples", StudyView.Downstream::labels),
            down("test", WHOLE, "examples", StudyView.Downstream::test),
            down("protocol_seed", LONG, "", StudyView.Downstream::seed));

    /**
     * A column of a table of points.
     *
     * @param unit unit of the values; empty if they have none
     * @param value function that returns a point's value; empty if it was not measured
     */
    public record Column(String name, ArrowType type, String unit, Function<Point, Optional<?>> value) {}

    private static Column run(String name, ArrowType type, Function<StudyView.Run, Object> value) {
        return new Column(name, type, "", point -> Optional.of(value.apply(point.run)));
    }

    private static Column at(String name, ArrowType type, String unit, Function<StudyView.Checkpoint, Object> value) {
        return new Column(name, type, unit, point -> Optional.of(value.apply(point.checkpoint)));
    }

    private static Column flat(String name, ArrowType type, String unit, Function<StudyView.Flatness, Object> value) {
        return new Column(name, type, unit, point -> flattened(point.flatness.map(value)));
    }

    private static Column down(String name, ArrowType type, String unit, Function<StudyView.Downstream, Object> value) {
        return new Column(name, type, unit, point -> flattened(point.downstream.map(value)));
    }

    private static Optional<?> flattened(Optional<?> value) {
        return value.isPresent() && value.get() instanceof Optional<?> inner ? inner : value;
    }

    private static String levels(StudyView.Checkpoint checkpoint) {
        return checkpoint.matched().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    /**
     * Returns one point for each pair of a checkpoint's flatness and accuracy measurements. If a
     * checkpoint has none of one kind, that side is absent.
     */
    public static List<Point> pairs(StudyView view) {
        return points(
                view,
                (run, checkpoint) -> orNone(checkpoint.flatness()).stream()
                        .flatMap(flat -> orNone(checkpoint.downstream()).stream()
                                .map(down -> new Point(run, checkpoint, flat, down))));
    }

    /** Returns one point for each measurement of a checkpoint, flatness first. */
    public static List<Point> measurements(StudyView view) {
        return points(
                view,
                (run, checkpoint) -> Stream.concat(
                        checkpoint.flatness().stream()
                                .map(flat -> new Point(run, checkpoint, Optional.of(flat), Optional.empty())),
                        checkpoint.downstream().stream()
                                .map(down -> new Point(run, checkpoint, Optional.empty(), Optional.of(down)))));
    }

    private static List<Point> points(
            StudyView view, BiFunction<StudyView.Run, StudyView.Checkpoint, Stream<Point>> of) {
        return view.runs().stream()
                .flatMap(run -> run.checkpoints().stream().flatMap(checkpoint -> of.apply(run, checkpoint)))
                .toList();
    }

    private static <T> List<Optional<T>> orNone(List<T> measured) {
        return measured.isEmpty()
                ? List.of(Optional.empty())
                : measured.stream().map(Optional::of).toList();
    }

    /** Returns the value function of the column with this name, which must exist. */
    static Function<Point, Optional<?>> column(String name) {
        return COLUMNS.stream()
                .filter(column -> column.name.equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    /** Returns the measured value, a flatness or an accuracy. */
    Optional<Estimate> estimate() {
        return either(StudyView.Flatness::estimate, StudyView.Downstream::accuracy);
    }

    /**
     * Returns a property of the flatness, or else of the accuracy; empty if the point has neither.
     */
    <T> Optional<T> either(Function<StudyView.Flatness, T> ofFlatness, Function<StudyView.Downstream, T> ofDownstream) {
        return flatness.map(ofFlatness).or(() -> downstream.map(ofDownstream));
    }
}
