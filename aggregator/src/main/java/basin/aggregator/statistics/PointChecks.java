package basin.aggregator.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Validation and ordering of points. */
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

    /**
     * Returns the points sorted by run id. Ids are compared by code units, so the order is the same
     * on every machine.
     *
     * @throws IllegalArgumentException if a run has more than one point
     */
    static <T> List<T> inRunOrder(List<T> points, Function<T, String> runId) {
        List<T> sorted = new ArrayList<>(points);
        sorted.sort(Comparator.comparing(runId));
        for (int i = 1; i < sorted.size(); i++) {
            String id = runId.apply(sorted.get(i));
            if (id.equals(runId.apply(sorted.get(i - 1)))) {
                throw new IllegalArgumentException("Run " + id + " has more than one point: give one point per run.");
            }
        }
        return sorted;
    }

    static <T> double[] column(List<T> points, ToDoubleFunction<T> value) {
        return points.stream().mapToDouble(value).toArray();
    }

    /**
     * Returns the number of covariates, which all points share.
     *
     * @throws IllegalArgumentException if points have different numbers of covariates, or none
     */
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
