package basin.flatness.measurement;

import basin.record.Interval;
import basin.record.Measured;
import basin.study.Quantity;
import java.util.function.Supplier;

/** A listener that receives a measurement's progress and may stop it. */
@FunctionalInterface
public interface ProgressListener {
    /** A listener that ignores the progress and never stops the measurement. */
    ProgressListener NONE = progress -> true;

    /**
     * An intermediate result.
     *
     * @param quantity the quantity with the largest relative error
     * @param interval confidence interval that holds simultaneously at all looks, however often one
     *     looks
     */
    record Known(Quantity quantity, Measured value, Interval interval) {}

    /**
     * A measurement's progress.
     *
     * @param pairs number of pairs measured
     * @param planned expected total number of pairs; it changes while a target standard error is
     *     being reached
     * @param knowing computes the intermediate result from all pairs so far; evaluated on demand
     */
    record Progress(int pairs, int planned, Supplier<Known> knowing) {
        /** Returns the intermediate result. */
        public Known known() {
            return knowing.get();
        }
    }

    /**
     * Reports progress after each pair, once there are enough pairs for an interval.
     *
     * @return whether to continue; must not depend on the values, or the intervals lose their
     *     coverage
     */
    boolean at(Progress progress);
}
