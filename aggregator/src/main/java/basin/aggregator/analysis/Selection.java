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
 * One point per run, and the numbers of runs excluded for each reason.
 *
 * @param points points of the runs that have one
 * @param unreached number of runs without such a checkpoint
 * @param passed number of runs whose first checkpoint below the level is more than the band below
 *     it
 * @param unmeasured number of runs whose checkpoint has not been evaluated yet
 * @param adversaries number of excluded runs that were trained against a task
 * @param tables number of runs without weights; they have no trace and are not in the correlations
 * @param level loss level, if runs are matched
 * @param task task whose accuracy is the outcome
 * @param protocol protocol of the accuracy
 * @param band maximum distance of a checkpoint's loss below the level, in nats
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

    /** Selects every run's last checkpoint. */
    static Selection last(StudyState study, String task, String protocol, boolean adversaries) {
        return of(study, task, protocol, Optional.empty(), adversaries);
    }

    /** Selects every run's first checkpoint at or below the level. */
    static Selection matched(StudyState study, String task, String protocol, double level, boolean adversaries) {
        return of(study, task, protocol, Optional.of(level), adversaries);
    }

    /**
     * Returns whether a run enters correlations over all networks: it is trained, and not against a
     * task.
     */
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

    /**
     * Returns a sentence on the runs without a point or without a value of this measure; empty if
     * there are none.
     */
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

    /** Adds a count and its reason if the count is positive. */
    static void addCount(List<String> parts, int count, String why) {
        if (count > 0) {
            parts.add(count + " " + why);
        }
    }
}
