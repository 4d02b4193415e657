package basin.flatness.estimator;

import basin.flatness.measurement.Measurement;
import basin.flatness.measurement.ProgressListener;
import basin.study.Estimator;
import basin.study.Quantity;
import basin.study.Refusal;
import java.util.List;

/**
 * A method that measures the flatness of a pre-training loss around given weights. Implementations
 * are stateless and may be shared between threads, each with its own surface. The same surface,
 * batches and settings yield bit-identical results.
 */
public interface FlatnessEstimator {

    /**
     * Returns the estimator's entry in the catalogue, with name, version, minimum data and cost.
     */
    Estimator estimator();

    /** Returns the name by which studies request the estimator. */
    default String name() {
        return estimator().id();
    }

    /** Returns the quantities measured, in the order of the results. */
    default List<Quantity> quantities() {
        return estimator().quantities();
    }

    /**
     * Returns the smallest number of pairs for which the interval's coverage has been shown.
     * Requests for fewer are refused.
     */
    default int minPairs() {
        return estimator().min().pairs();
    }

    /**
     * Returns the smallest number of examples, summed over all pairs, for which the interval's
     * coverage has been shown. Requests for fewer are refused.
     */
    default int minExamples() {
        return estimator().min().examples();
    }

    /**
     * Measures the surface. Every pair has a fresh batch with fresh probes and yields one value, so
     * the spread over pairs includes both sampling noise and probe noise.
     *
     * @param listener receives the progress and may stop the measurement
     * @return one measurement per quantity, in the order of {@link #quantities()}, with any other
     *     findings of the estimator
     * @throws Refusal if fewer than {@link #minPairs()} pairs are requested or a value is not
     *     finite
     */
    Findings find(LossSurface surface, BatchSource batches, MeasurementSettings settings, ProgressListener listener);

    /** Returns the measurements alone, without reporting progress. */
    default List<Measurement> measure(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return find(surface, batches, settings, ProgressListener.NONE).measurements();
    }
}
