package basin.flatness.estimator;

import basin.events.Quantity;
import java.util.List;

/**
 * A way to measure how flat a pre-training loss is around given weights. Implementations hold no state and may be used by many
 * threads, each with a surface of its own; the same surface, batches and settings give the same bits.
 */
public interface FlatnessEstimator {

    /** The name by which studies ask for it. */
    String name();

    /** Raised whenever the same settings give other numbers than before. */
    int version();

    /** What it measures, in the order of its results. */
    List<Quantity> quantities();

    /** The fewest pairs at which its interval has been shown to cover; fewer are refused. */
    int leastPairs();

    /** The fewest examples, over all pairs together, at which its interval has been shown to cover; fewer are refused. */
    int leastExamples();

    /**
     * Measures the surface: one fresh batch with one fresh probe a pair, one value a pair, so that the spread over pairs holds
     * both the data's noise and the probe's.
     *
     * @return one measurement a quantity, in the order of {@link #quantities()}
     * @throws IllegalArgumentException where fewer than {@link #leastPairs()} pairs are asked for
     * @throws ArithmeticException where a value is no finite number
     */
    List<Measurement> measure(LossSurface surface, BatchSource batches, MeasurementSettings settings);

    /** The same measurements, with all else that the estimator tells. */
    default Findings find(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return Findings.of(measure(surface, batches, settings));
    }
}
