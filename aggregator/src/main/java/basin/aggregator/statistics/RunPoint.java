package basin.aggregator.statistics;

import java.util.List;

/**
 * A run's point: a predictor x and an outcome y, with the run's stratum and covariates.
 *
 * @param runId id of the run, unique in a set of points
 * @param x predictor, for instance flatness (−log trace) or −loss; finite
 * @param y outcome, for instance accuracy in [0, 1]; finite
 * @param stratum stratum within which the run is compared, for instance its learning rate; empty
 *     without strata
 * @param covariates covariates held fixed in a partial correlation, in the same order for all runs;
 *     finite
 */
public record RunPoint(String runId, double x, double y, String stratum, List<Double> covariates) {
    /**
     * Checks the values. Negative zero becomes zero because the two must tie.
     *
     * @throws IllegalArgumentException if the run id is blank or a value is not finite
     */
    public RunPoint {
        PointChecks.requireRunId(runId);
        x = PointChecks.finite("x", x, runId);
        y = PointChecks.finite("y", y, runId);
        covariates = covariates.stream()
                .map(value -> PointChecks.finite("covariate", value, runId))
                .toList();
    }

    /** Returns a point without stratum and covariates. */
    public static RunPoint of(String runId, double x, double y) {
        return new RunPoint(runId, x, y, "", List.of());
    }

    /** Returns this point in the given stratum. */
    public RunPoint in(String newStratum) {
        return new RunPoint(runId, x, y, newStratum, covariates);
    }

    /** Returns this point with the given covariates. */
    public RunPoint given(Double... newCovariates) {
        return new RunPoint(runId, x, y, stratum, List.of(newCovariates));
    }
}
