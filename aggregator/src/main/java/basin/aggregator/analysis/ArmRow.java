package basin.aggregator.analysis;

import basin.record.Interval;
import java.util.Optional;

/**
 * How an arm of a study differs from the arm of reference in one measure, pair by pair. Immutable.
 *
 * @param arm name of the arm
 * @param reference name of the arm that it is compared with
 * @param at where the two are compared
 * @param level loss (nats) at which they are, where it is the same for all pairs
 * @param measure a flatness quantity (difference of ln), {@code excess}, {@code accuracy}, {@code steps} or {@code gradients}
 * @param task of an accuracy; else empty
 * @param protocol of an accuracy; else empty
 * @param unit of the difference: {@code ln}, {@code nats}, {@code share}, {@code steps} or {@code gradients of a batch}
 * @param value mean of arm less reference; absent where there is no pair
 * @param standardError of the mean
 * @param interval of the mean
 * @param p two-sided sign-flip test, once nothing is to come
 * @param pairs that entered
 * @param possible pairs that were declared
 * @param provisional whether something is to come
 * @param method of interval and p-value, for people
 * @param note what became of the other pairs, and what should be known; may be empty
 */
public record ArmRow(
        String arm,
        String reference,
        At at,
        Optional<Double> level,
        String measure,
        String task,
        String protocol,
        String unit,
        Optional<Double> value,
        Optional<Double> standardError,
        Optional<Interval> interval,
        Optional<Double> p,
        int pairs,
        int possible,
        boolean provisional,
        String method,
        String note) {

    /** Where arms are compared. */
    public enum At {
        /** At each run's last step, whatever its loss. */
        LAST,
        /** At each run's first checkpoint at or below a loss. */
        MATCHED,
        /** The same, the loss being that of the checkpoint from which both start less the analysis' band. */
        BRANCH
    }
}
