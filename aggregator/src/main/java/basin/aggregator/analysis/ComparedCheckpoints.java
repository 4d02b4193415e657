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

/** Which checkpoint of a run stands for it, and the numbers that enter a correlation. */
public final class ComparedCheckpoints {
    private ComparedCheckpoints() {}

    /**
     * A run's checkpoint as a point.
     *
     * @param minusLoss −excess loss, nats: more is better
     * @param outcome accuracy above the untrained network
     */
    record Point(RunState run, CheckpointState checkpoint, double minusLoss, double outcome) {
        /** −ln of a trace: more is flatter; absent where it was not measured or is not positive. */
        OptionalDouble flatness(Quantity quantity) {
            Optional<Event.FlatnessMeasured> measured = checkpoint.flatness(quantity);
            return measured.isPresent() && measured.get().value().value() > 0
                    ? OptionalDouble.of(-StrictMath.log(measured.get().value().value()))
                    : OptionalDouble.empty();
        }
    }

    /** The run's last scheduled checkpoint, once the run has taken its last step. */
    public static Optional<CheckpointState> last(RunState run, StudyState study) {
        int steps = steps(run.declared().spec(), study.spec());
        return run.checkpoints().stream()
                .filter(checkpoint -> checkpoint.published().step() == steps)
                .findFirst();
    }

    /** The last step that counts: fewer than were trained where a question asks for some of a study's steps. */
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

    /** Whether a checkpoint of the run lies at or below an excess loss. */
    static boolean reached(RunState run, double level) {
        return run.checkpoints().stream()
                .anyMatch(checkpoint -> checkpoint.published().excess().value() <= level);
    }

    /** The run's first checkpoint at or below an excess loss; where it overshot the band it does not count as matched. */
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

    /** What is correlated with the outcome: more is flatter, or of lower loss; empty where it was not measured or is not positive. */
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

    /** The points that have a value of the measure, each in its stratum. */
    static List<RunPoint> inStrata(List<Point> points, String measure, Function<Point, String> stratum) {
        return points.stream()
                .flatMap(point -> runPoint(point, measure).map(own -> own.in(stratum.apply(point))))
                .toList();
    }

    /** The points that have a value of the measure, each with these covariates. */
    static List<RunPoint> given(List<Point> points, String measure, List<String> covariates) {
        return points.stream()
                .flatMap(point -> runPoint(point, measure)
                        .map(own -> own.given(covariates.stream()
                                .map(name -> ConditioningVariables.covariate(point, name))
                                .toArray(Double[]::new))))
                .toList();
    }

    /** The points that have a primary flatness, with the loss as its rival. */
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
