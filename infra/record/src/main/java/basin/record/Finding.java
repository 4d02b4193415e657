package basin.record;

import java.util.Optional;

/**
 * The result of a row in the table of correlations.
 *
 * @param status whether there is an estimate
 * @param value the correlation, −1 to 1 (a difference −2 to 2)
 * @param interval confidence interval, if one can be given
 * @param p two-sided permutation p-value, once all declared runs have ended
 * @param runs number of runs that entered
 * @param declared number of runs that the study declared
 * @param provisional whether some runs have not ended
 * @param method description of the interval and p-value
 * @param note one sentence that explains a missing estimate or adds a caveat; may be empty
 */
public record Finding(
        Status status,
        Optional<Double> value,
        Optional<Interval> interval,
        Optional<Double> p,
        int runs,
        int declared,
        boolean provisional,
        String method,
        String note) {

    /** The status of a row. */
    public enum Status {
        /** The row has an estimate. */
        ESTIMATE,
        /** Too few runs so far. */
        NOT_YET,
        /**
         * The points do not determine a correlation: one side is constant, or flatness and loss are
         * the same.
         */
        NOT_IDENTIFIABLE,
        /** The question does not apply here. */
        NOT_APPLICABLE
    }
}
