package basin.aggregator.analysis;

import basin.aggregator.analysis.ComparedCheckpoints.Point;
import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.study.AlgorithmSpec;
import basin.study.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One point a run, and what became of the runs that have none.
 *
 * @param points of the runs that have one
 * @param unreached runs without such a checkpoint
 * @param passed runs whose first checkpoint below the level lies more than the band below it
 * @param unmeasured runs whose checkpoint has not been evaluated yet
 * @param adversaries runs that were trained against a task, where they are left out
 * @param tables runs without weights: they have no trace, and stand beside the correlations
 * @param level the level, where runs are matched
 * @param task whose accuracy is the outcome
 * @param protocol by which it was measured
 * @param band how far below the level a checkpoint may lie, nats
 */
record Selection(
        List<Point> points,
        int unreached,
        int passed,
        int unmeasured,
        int adversaries,
        int tables,
        Optional<Double> level,
        double band,
        String task,
        String protocol) {

    /** Every run's last checkpoint. */
    static Selection last(StudyState study, String task, String protocol, boolean adversaries) {
        return of(study, task, protocol, Optional.empty(), adversaries);
    }

    /** Every run's first checkpoint at or below the level. */
    static Selection matched(StudyState study, String task, String protocol, double level, boolean adversaries) {
        return of(study, task, protocol, Optional.of(level), adversaries);
    }

    /** Whether a run enters correlations of all networks. */
    static boolean isOrdinary(RunState run) {
        AlgorithmSpec algorithm = run.declared().spec().algorithm();
        return algorithm.isTrained() && !algorithm.looksAtATask();
    }

    private static Selection of(
            StudyState study, String task, String protocol, Optional<Double> level, boolean withAdversaries) {
        double band = study.spec().analysis().band();
        List<Point> points = new ArrayList<>();
        int unreached = 0;
        int passed = 0;
        int unmeasured = 0;
        int adversaries = 0;
        int tables = 0;
        for (RunState run : study.runs()) {
            AlgorithmSpec algorithm = run.declared().spec().algorithm();
            if (!algorithm.isTrained()) {
                tables++;
                continue;
            }
            if (algorithm.looksAtATask() && !withAdversaries) {
                adversaries++;
                continue;
            }
            Optional<CheckpointState> chosen = level.isPresent()
                    ? ComparedCheckpoints.matched(run, level.get(), band)
                    : ComparedCheckpoints.last(run, study);
            Optional<Point> point =
                    chosen.flatMap(checkpoint -> ComparedCheckpoints.point(run, checkpoint, task, protocol));
            if (point.isPresent()) {
                points.add(point.get());
            } else if (chosen.isPresent()) {
                unmeasured++;
            } else if (level.isPresent() && ComparedCheckpoints.reached(run, level.get())) {
                passed++;
            } else {
                unreached++;
            }
        }
        return new Selection(points, unreached, passed, unmeasured, adversaries, tables, level, band, task, protocol);
    }

    /** What became of the runs that have no point, or no value of this measure; empty where all have one. */
    String leftOut(String measure) {
        int missing = unmeasured;
        int notPositive = 0;
        if (!measure.equals(Analysis.LOSS)) {
            Quantity quantity =
                    measure.equals(Analysis.DIFFERENCE) ? Analysis.MEASURES.getFirst() : Quantity.of(measure);
            for (Point point : points) {
                if (point.checkpoint().flatness(quantity).isEmpty()) {
                    missing++;
                } else if (point.flatness(quantity).isEmpty()) {
                    notPositive++;
                }
            }
        }
        List<String> parts = new ArrayList<>();
        addCount(parts, adversaries, "trained against a task");
        addCount(parts, tables, "without weights, of which a trace is not applicable");
        addCount(parts, unreached, level.isPresent() ? "did not come to this loss" : "took no last step");
        addCount(parts, passed, String.format(Locale.ROOT, "passed this loss by more than %s nats", band));
        addCount(parts, missing, "not measured");
        addCount(parts, notPositive, "without a positive trace");
        return parts.isEmpty() ? "" : "Runs left out: " + String.join(", ", parts) + ".";
    }

    /** Adds how many there are and why, where there are any. */
    static void addCount(List<String> parts, int count, String why) {
        if (count > 0) {
            parts.add(count + " " + why);
        }
    }
}
