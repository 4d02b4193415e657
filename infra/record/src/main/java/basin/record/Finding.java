package basin.record;

import java.util.Optional;

/**
 * What a row of the table of correlations came to.
 *
 * @param status whether there is a number
 * @param value the correlation, −1 to 1 (a difference −2 to 2)
 * @param interval where one can be given
 * @param p two-sided permutation p-value, once all declared runs have ended
 * @param runs runs that entered
 * @param declared runs that the study declared
 * @param provisional whether runs are still to end
 * @param method of interval and p-value, for people
 * @param note one sentence where the status is not an estimate, or what should be known beside it; may be empty
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

    /** Whether there is a number. */
    public enum Status {
        /** There is one. */
        ESTIMATE,
        /** Too few runs so far. */
        NOT_YET,
        /** The points cannot tell: one side is constant, or flatness and loss are one. */
        NOT_IDENTIFIABLE,
        /** The question makes no sense here. */
        NOT_APPLICABLE
    }
}
