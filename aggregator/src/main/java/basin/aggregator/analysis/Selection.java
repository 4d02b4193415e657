package basin.aggregator.analysis;

import basin.aggregator.analysis.ComparedCheckpoints.Point;
import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.present.Numbers;
import basin.study.AlgorithmSpec;
import basin.study.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        List<Reason> reasons = Stream.of(
                        new Reason(adversaries, "was trained against a task", "were trained against a task"),
                        new Reason(tables, "has no weights, so no trace", "have no weights, so no trace"),
                        level.isPresent()
                                ? new Reason(unreached, "never reached this loss", "never reached this loss")
                                : new Reason(unreached, "took no last step", "took no last step"),
                        new Reason(passed, tooFar(), tooFar()),
                        new Reason(missing, "was not measured", "were not measured"),
                        new Reason(notPositive, "has no positive trace", "have no positive trace"))
                .filter(reason -> reason.runs > 0)
                .toList();
        if (reasons.size() == 1) {
            Reason only = reasons.getFirst();
            return Numbers.plural(only.runs, "run") + " excluded: "
                    + (only.runs == 1 ? "it " + only.ofOne : "they " + only.ofSeveral) + ".";
        }
        return reasons.isEmpty()
                ? ""
                : reasons.stream().mapToInt(Reason::runs).sum() + " runs excluded: "
                        + reasons.stream().map(Reason::counted).collect(Collectors.joining(", ")) + ".";
    }

    private String tooFar() {
        return String.format(Locale.ROOT, "passed this loss by more than %s nats", band);
    }

    /** A number of excluded runs and why, as the predicate of a sentence about one or several. */
    private record Reason(int runs, String ofOne, String ofSeveral) {
        String counted() {
            return runs + " " + (runs == 1 ? ofOne : ofSeveral);
        }
    }

    /** Adds a count and its reason if the count is positive. */
    static void addCount(List<String> parts, int count, String why) {
        if (count > 0) {
            parts.add(count + " " + why);
        }
    }
}
