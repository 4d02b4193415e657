package basin.aggregator.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Checks on points and their one order. */
final class PointChecks {
    private PointChecks() {}

    static void requireRunId(String runId) {
        if (runId.isBlank()) {
            throw new IllegalArgumentException("A point's runId is blank: give the id of its run.");
        }
    }

    static double finite(String field, double value, String runId) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("The " + field + " of run " + runId + " is " + value
                    + ": leave the run out where a quantity does not exist.");
        }
        return value + 0.0;
    }

    /** The points in the order of their run ids (code units, so the same everywhere). */
    static <T> List<T> inRunOrder(List<T> points, Function<T, String> runId) {
        List<T> sorted = new ArrayList<>(points);
        sorted.sort(Comparator.comparing(runId));
        for (int i = 1; i < sorted.size(); i++) {
            String id = runId.apply(sorted.get(i));
            if (id.equals(runId.apply(sorted.get(i - 1)))) {
                throw new IllegalArgumentException("Run " + id + " has more than one point: give one point a run.");
            }
        }
        return sorted;
    }

    static <T> double[] column(List<T> points, ToDoubleFunction<T> value) {
        return points.stream().mapToDouble(value).toArray();
    }

    /** The number of covariates that all points have. */
    static int covariates(List<RunPoint> points) {
        int k = points.isEmpty() ? 1 : points.getFirst().covariates().size();
        for (RunPoint point : points) {
            if (point.covariates().size() != k || k == 0) {
                throw new IllegalArgumentException("Run " + point.runId() + " has "
                        + point.covariates().size() + " covariates: give every run the same number, at least one.");
            }
        }
        return k;
    }

    static boolean isConstant(double[] values) {
        for (double value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }
}
