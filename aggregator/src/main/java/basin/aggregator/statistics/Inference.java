package basin.aggregator.statistics;

import java.util.Optional;

/** The result of an inference: an estimate, or the reason for its absence. No case contains NaN. */
public sealed interface Inference {
    /**
     * An estimate with its uncertainty.
     *
     * @param value the point estimate, finite
     * @param interval its confidence interval
     * @param p two-sided p-value of no association (for a difference: of no difference); empty if
     *     none was requested or none is justified
     * @param runs number of runs used, one point each
     * @param strata number of strata with at least two runs; 1 without strata
     */
    record Estimate(double value, Interval interval, Optional<PValue> p, int runs, int strata) implements Inference {
        /**
         * Checks the value.
         *
         * @throws IllegalArgumentException if the value is not finite
         */
        public Estimate {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("An estimate's value is " + value + ": give a finite value.");
            }
        }
    }

    /**
     * The absence of an estimate because there are too few runs so far.
     *
     * @param reason one sentence
     * @param runs number of usable runs so far
     * @param needed minimum number of runs for an estimate
     */
    record NotYet(String reason, int runs, int needed) implements Inference {}

    /**
     * The absence of an estimate because the quantity is not identifiable from the points: a
     * quantity is constant, or the covariates determine the predictor.
     *
     * @param reason one sentence
     * @param runs number of runs
     */
    record NotIdentifiable(String reason, int runs) implements Inference {}
}
