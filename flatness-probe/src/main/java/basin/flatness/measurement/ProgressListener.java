package basin.flatness.measurement;

import basin.record.Interval;
import basin.record.Measured;
import basin.study.Quantity;
import java.util.Optional;
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
     *     looks; absent while there are too few pairs for it
     */
    record Known(Quantity quantity, Measured value, Optional<Interval> interval) {
        /** Returns the standard error relative to the value; infinite if the value is zero. */
        public double relativeError() {
            return value.standardError() / Math.abs(value.value());
        }
    }

    /**
     * A measurement's progress.
     *
     * @param pairs number of pairs measured
     * @param planned expected total number of pairs, at least {@code pairs}; it changes while a
     *     target standard error is being reached
     * @param knowing computes the intermediate result from all pairs so far, empty with fewer than
     *     two; evaluated on demand
     */
    record Progress(int pairs, int planned, Supplier<Optional<Known>> knowing) {
        /** Returns the intermediate result. */
        public Optional<Known> known() {
            return knowing.get();
        }
    }

    /**
     * Reports progress after each pair.
     *
     * @return whether to continue, which counts once there are enough pairs for an interval; must
     *     not depend on the values, or the intervals lose their coverage
     */
    boolean at(Progress progress);
}
