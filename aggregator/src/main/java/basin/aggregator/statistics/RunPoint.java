package basin.aggregator.statistics;

import java.util.List;

/**
 * One run's point: a predictor x and an outcome y, with the stratum the run belongs to and the covariates to hold fixed.
 *
 * @param runId identifies the run; a set of points holds each run once
 * @param x predictor, for instance flatness (−log trace) or −loss; finite
 * @param y outcome, for instance accuracy in [0, 1]; finite
 * @param stratum what the run is compared within, for instance its learning rate; empty where no strata are used
 * @param covariates what is held fixed in a partial correlation, in the same order for all runs; finite
 */
public record RunPoint(String runId, double x, double y, String stratum, List<Double> covariates) {
    /**
     * Checks the values; negative zero becomes zero, so that the two tie.
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

    /** A point without stratum and covariates. */
    public static RunPoint of(String runId, double x, double y) {
        return new RunPoint(runId, x, y, "", List.of());
    }

    /** The same point in a stratum. */
    public RunPoint in(String newStratum) {
        return new RunPoint(runId, x, y, newStratum, covariates);
    }

    /** The same point with these covariates. */
    public RunPoint given(Double... newCovariates) {
        return new RunPoint(runId, x, y, stratum, List.of(newCovariates));
    }
}
