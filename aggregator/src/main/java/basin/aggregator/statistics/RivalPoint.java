package basin.aggregator.statistics;

/**
 * A run's point for the comparison of two predictors of one outcome.
 *
 * @param runId id of the run, unique in a set of points
 * @param predictor predictor under test, for instance flatness (−log trace); finite
 * @param rival predictor it is compared with, with the same sign convention, for instance −loss;
 *     finite
 * @param outcome predicted quantity, for instance accuracy in [0, 1]; finite
 */
public record RivalPoint(String runId, double predictor, double rival, double outcome) {
    /**
     * Checks the values. Negative zero becomes zero because the two must tie.
     *
     * @throws IllegalArgumentException if the run id is blank or a value is not finite
     */
    public RivalPoint {
        PointChecks.requireRunId(runId);
        predictor = PointChecks.finite("predictor", predictor, runId);
        rival = PointChecks.finite("rival", rival, runId);
        outcome = PointChecks.finite("outcome", outcome, runId);
    }
}
