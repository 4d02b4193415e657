package basin.flatness.estimator;

import basin.events.Interval;
import basin.events.Measured;
import basin.events.Quantity;

/** Is told how a measurement goes, and may end it. */
@FunctionalInterface
public interface Watch {
    /** Lets everything go on, and looks away. */
    Watch NONE = look -> true;

    /**
     * How far it has come.
     *
     * @param pairs measured
     * @param planned pairs in all, as far as is known: while a standard error is to be reached this changes
     * @param quantity the one that is known least well
     * @param value so far
     * @param interval that holds at all looks together, however often one looks ({@link AnytimeInterval})
     */
    record Look(int pairs, int planned, Quantity quantity, Measured value, Interval interval) {}

    /**
     * After each pair, once there are as many as an interval needs.
     *
     * @return whether to go on; not to depend on the values if the intervals are to hold
     */
    boolean at(Look look);
}
