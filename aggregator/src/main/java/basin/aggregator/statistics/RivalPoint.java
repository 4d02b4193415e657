package basin.aggregator.statistics;

/**
 * One run's point for comparing two predictors of one outcome.
 *
 * @param runId identifies the run; a set of points holds each run once
 * @param predictor the predictor in question, for instance flatness (−log trace); finite
 * @param rival the predictor it is compared with, signed the same way, for instance −loss; finite
 * @param outcome what both predict, for instance accuracy in [0, 1]; finite
 */
public record RivalPoint(String runId, double predictor, double rival, double outcome) {
    /**
     * Checks the values; negative zero becomes zero, so that the two tie.
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
