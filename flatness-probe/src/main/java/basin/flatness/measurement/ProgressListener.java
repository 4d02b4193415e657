package basin.flatness.measurement;

import basin.record.Interval;
import basin.record.Measured;
import basin.study.Quantity;
import java.util.function.Supplier;

/** Is told how a measurement goes, and may end it. */
@FunctionalInterface
public interface ProgressListener {
    /** Lets everything go on, and looks away. */
    ProgressListener NONE = progress -> true;

    /**
     * What is known so far.
     *
     * @param quantity the one that is known least well
     * @param interval that holds at all looks together, however often one looks
     */
    record Known(Quantity quantity, Measured value, Interval interval) {}

    /**
     * How far it has come.
     *
     * @param pairs measured
     * @param planned pairs in all, as far as is known: while a standard error is to be reached this changes
     * @param knowing computes what is known so far from all pairs: only for whoever wants to see it
     */
    record Progress(int pairs, int planned, Supplier<Known> knowing) {
        /** What is known so far. */
        public Known known() {
            return knowing.get();
        }
    }

    /**
     * After each pair, once there are as many as an interval needs.
     *
     * @return whether to go on; not to depend on the values if the intervals are to hold
     */
    boolean at(Progress progress);
}
