package basin.aggregator.statistics;

import java.util.Optional;

/** What can be said about one quantity: an estimate, or a sentence why there is none. No case holds NaN. */
public sealed interface Inference {
    /**
     * An estimate with its uncertainty.
     *
     * @param value the point estimate, finite
     * @param interval the interval to show
     * @param p two-sided p-value of no association (for a difference: of no difference); empty where none was asked for or none
     *     is justified
     * @param runs number of runs that entered, one point each
     * @param strata number of strata with at least two runs; 1 where no strata are used
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
     * Too few runs so far.
     *
     * @param reason one sentence
     * @param runs runs that can be used so far
     * @param needed fewest runs for an estimate
     */
    record NotYet(String reason, int runs, int needed) implements Inference {}

    /**
     * The points cannot tell, however exact they are: a constant quantity, or a predictor that the covariates determine.
     *
     * @param reason one sentence
     * @param runs runs at hand
     */
    record NotIdentifiable(String reason, int runs) implements Inference {}
}
