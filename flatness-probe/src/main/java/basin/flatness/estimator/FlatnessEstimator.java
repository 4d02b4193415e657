package basin.flatness.estimator;

import basin.flatness.measurement.Measurement;
import basin.flatness.measurement.ProgressListener;
import basin.study.Estimator;
import basin.study.Quantity;
import basin.study.Refusal;
import java.util.List;

/**
 * A way to measure how flat a pre-training loss is around given weights. Implementations hold no state and may be used by many
 * threads, each with a surface of its own; the same surface, batches and settings give the same bits.
 */
public interface FlatnessEstimator {

    /** Its entry in the catalogue: name, version, least data and cost. */
    Estimator estimator();

    /** The name by which studies ask for it. */
    default String name() {
        return estimator().id();
    }

    /** What it measures, in the order of its results. */
    default List<Quantity> quantities() {
        return estimator().quantities();
    }

    /** The fewest pairs at which its interval has been shown to cover; fewer are refused. */
    default int minPairs() {
        return estimator().min().pairs();
    }

    /** The fewest examples, over all pairs together, at which its interval has been shown to cover; fewer are refused. */
    default int minExamples() {
        return estimator().min().examples();
    }

    /**
     * Measures the surface: fresh batches, each with fresh probes, and one value a batch, so that the spread over batches holds both the
     * data's noise and the probe's.
     *
     * @param listener is told how it goes
     * @return one measurement a quantity, in the order of {@link #quantities()}, with all else that the estimator tells
     * @throws Refusal where fewer than {@link #minPairs()} pairs are asked for, or a value is no finite number
     */
    Findings find(LossSurface surface, BatchSource batches, MeasurementSettings settings, ProgressListener listener);

    /** The measurements alone, unwatched. */
    default List<Measurement> measure(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return find(surface, batches, settings, ProgressListener.NONE).measurements();
    }
}
