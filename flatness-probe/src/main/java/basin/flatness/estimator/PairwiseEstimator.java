package basin.flatness.estimator;

import basin.events.Quantity;
import basin.events.spec.EstimatorSpec;
import java.util.List;

/** An estimator that gets one independent value of each of its quantities from each pair of a fresh batch and a fresh probe. */
abstract class PairwiseEstimator implements FlatnessEstimator {
    private final String name;
    private final List<Quantity> quantities;

    PairwiseEstimator(String name, List<Quantity> quantities) {
        this.name = name;
        this.quantities = List.copyOf(quantities);
    }

    /** What is done with each pair. */
    @FunctionalInterface
    interface PairWork {
        /** Measures one pair. */
        void measure(int pair, MaskedBatch batch, Samples samples);
    }

    /** Looks at the surface, and says what to do with each pair. */
    abstract PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public final List<Quantity> quantities() {
        return quantities;
    }

    @Override
    public int leastPairs() {
        return EstimatorSpec.LEAST_PAIRS;
    }

    @Override
    public int leastExamples() {
        return EstimatorSpec.LEAST_EXAMPLES;
    }

    @Override
    public final List<Measurement> measure(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        check(batches, settings);
        return measure(surface, batches, settings, begin(surface, batches, settings));
    }

    final void check(BatchSource batches, MeasurementSettings settings) {
        if (settings.pairs() < leastPairs()) {
            throw new IllegalArgumentException("flatness.pairs is " + settings.pairs() + ": give at least "
                    + leastPairs() + ", below which the interval of '" + name + "' does not cover.");
        }
        int examples = settings.pairs() * batches.batch(0).size();
        if (examples < leastExamples()) {
            throw new IllegalArgumentException("flatness.batch makes " + examples + " examples in all: give at least "
                    + Math.ceilDiv(leastExamples(), settings.pairs()) + " a batch, below which the interval of '" + name
                    + "' does not cover.");
        }
    }

    /** One measurement a quantity, of what the work puts among the samples. */
    final List<Measurement> measure(
            LossSurface surface, BatchSource batches, MeasurementSettings settings, PairWork work) {
        Samples samples = new Samples(quantities, settings.pairs());
        for (int pair = 0; pair < settings.pairs(); pair++) {
            work.measure(pair, batches.batch(pair), samples);
        }
        return quantities.stream()
                .map(quantity -> samples.measurement(quantity, surface.parameters(), settings.confidence()))
                .toList();
    }
}
