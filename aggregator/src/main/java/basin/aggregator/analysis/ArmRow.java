package basin.aggregator.analysis;

import basin.record.Interval;
import java.util.Optional;

/**
 * The difference between an arm of a study and the reference arm in one measure, averaged over
 * pairs. Immutable.
 *
 * @param arm name of the arm
 * @param reference name of the reference arm
 * @param at point of comparison
 * @param level loss (nats) at which runs are compared, if it is the same for all pairs
 * @param measure a flatness quantity (difference of ln), {@code loss}, {@code accuracy},
 *     {@code steps} or {@code gradients}
 * @param task task of an accuracy, otherwise empty
 * @param protocol protocol of an accuracy, otherwise empty
 * @param unit unit of the difference: {@code ln}, {@code nats}, {@code share}, {@code steps} or
 *     {@code gradients of a batch}
 * @param value mean of arm minus reference; absent if there is no pair
 * @param standardError standard error of the mean
 * @param interval confidence interval of the mean
 * @param p p-value of the two-sided sign-flip test; absent while results are provisional
 * @param pairs number of pairs used
 * @param possible number of declared pairs
 * @param provisional whether runs or measurements are missing
 * @param method methods of the interval and the p-value, for display
 * @param note reasons why pairs were excluded, and caveats; may be empty
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

    /** A point at which arms are compared. */
    public enum At {
        /** Each run's last step, at any loss. */
        LAST,
        /** Each run's first checkpoint at or below a loss. */
        MATCHED,
        /**
         * Each run's first checkpoint at or below the loss of the common starting checkpoint minus
         * the analysis' band.
         */
        BRANCH
    }
}
