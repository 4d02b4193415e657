package basin.aggregator.analysis;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.RivalPoint;
import basin.aggregator.statistics.RunPoint;
import basin.record.Event;
import basin.study.Arm;
import basin.study.IngestedRun;
import basin.study.Quantity;
import basin.study.RunSpec;
import basin.study.StudySpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/** Selection of the checkpoint that represents a run, and the values that enter a correlation. */
public final class ComparedCheckpoints {
    private ComparedCheckpoints() {}

    /**
     * A run's checkpoint as a point.
     *
     * @param minusLoss −excess loss in nats; larger is better
     * @param outcome accuracy minus that of the untrained network
     */
    record Point(RunState run, CheckpointState checkpoint, double minusLoss, double outcome) {
        /**
         * Returns −ln of a trace; larger is flatter. Empty if it was not measured or is not
         * positive.
         */
        OptionalDouble flatness(Quantity quantity) {
            Optional<Event.FlatnessMeasured> measured = checkpoint.flatness(quantity);
            return measured.isPresent() && measured.get().value().value() > 0
                    ? OptionalDouble.of(-StrictMath.log(measured.get().value().value()))
                    : OptionalDouble.empty();
        }
    }

    /** Returns the run's checkpoint at its last step. Empty before the run has taken that step. */
    public static Optional<CheckpointState> last(RunState run, StudyState study) {
        int steps = steps(run.declared().spec(), study.spec());
        return run.checkpoints().stream()
                .filter(checkpoint -> checkpoint.published().step() == steps)
                .findFirst();
    }

    /**
     * Returns the last step that counts. It is below the number of trained steps if a question
     * restricts the steps.
     */
    private static int steps(RunSpec run, StudySpec study) {
        Optional<Integer> own = run.ingested().isPresent()
                ? study.ingested().stream()
                        .flatMap(List::stream)
                        .filter(one -> run.ingested().equals(Optional.of(one.name())))
                        .findFirst()
                        .flatMap(IngestedRun::steps)
                : Arm.of(study, run).map(arm -> arm.training().steps());
        return own.orElse(study.training().steps());
    }

    /** Returns whether a checkpoint of the run is at or below an excess loss. */
    static boolean reached(RunState run, double level) {
        return run.checkpoints().stream()
                .anyMatch(checkpoint -> checkpoint.published().excess().value() <= level);
    }

    /**
     * Returns the run's first checkpoint at or below an excess loss. Empty if that checkpoint is
     * more than the band below it.
     */
    public static Optional<CheckpointState> matched(RunState run, double level, double band) {
        return run.checkpoints().stream()
                .filter(checkpoint -> checkpoint.published().excess().value() <= level)
                .findFirst()
                .filter(checkpoint -> checkpoint.published().excess().value() >= level - band);
    }

    static Optional<Point> point(RunState run, CheckpointState checkpoint, String task, String protocol) {
        return checkpoint
                .downstream(task, protocol)
                .map(measured -> new Point(
                        run,
                        checkpoint,
                        -checkpoint.published().excess().value(),
                        measured.accuracy().value() - measured.untrained().value()));
    }

    /**
     * Returns the predictor; larger means flatter or lower loss. Empty if it was not measured or is
     * not positive.
     */
    static Optional<Double> value(Point point, String measure) {
        if (measure.equals(Analysis.LOSS)) {
            return Optional.of(point.minusLoss());
        }
        OptionalDouble flatness = point.flatness(Quantity.of(measure));
        return flatness.isPresent() ? Optional.of(flatness.getAsDouble()) : Optional.empty();
    }

    private static Stream<RunPoint> runPoint(Point point, String measure) {
        return value(point, measure).map(x -> RunPoint.of(point.run().declared().runId(), x, point.outcome())).stream();
    }

    /** Returns the points with a value of the measure, each in its stratum. */
    static List<RunPoint> inStrata(List<Point> points, String measure, Function<Point, String> stratum) {
        return points.stream()
                .flatMap(point -> runPoint(point, measure).map(own -> own.in(stratum.apply(point))))
                .toList();
    }

    /** Returns the points with a value of the measure, each with these covariates. */
    static List<RunPoint> given(List<Point> points, String measure, List<String> covariates) {
        return points.stream()
                .flatMap(point -> runPoint(point, measure)
                        .map(own -> own.given(covariates.stream()
                                .map(name -> ConditioningVariables.covariate(point, name))
                                .toArray(Double[]::new))))
                .toList();
    }

    /** Returns the points with a value of the primary flatness measure, with −loss as its rival. */
    static List<RivalPoint> rivals(List<Point> points) {
        String primary = Analysis.MEASURES.getFirst().id();
        return points.stream()
                .flatMap(point -> value(point, primary)
                        .map(flatness -> new RivalPoint(
                                point.run().declared().runId(), flatness, point.minusLoss(), point.outcome()))
                        .stream())
                .toList();
    }
}
