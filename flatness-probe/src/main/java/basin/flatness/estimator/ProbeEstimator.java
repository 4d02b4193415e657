package basin.flatness.estimator;

import basin.network.TokenBatch;
import basin.study.Estimator;
import org.hipparchus.stat.StatUtils;

/**
 * An estimator of one quantity whose probes of a pair share the batch and no further computation.
 */
final class ProbeEstimator extends PairwiseEstimator {
    private final Value value;

    /**
     * A function that computes the value of one probe, determined by seed, pair and the probe's
     * number.
     */
    @FunctionalInterface
    interface Value {
        double of(LossSurface surface, TokenBatch batch, long seed, int pair, int probe);
    }

    /** A function that returns the output probe of a seed, pair and number. */
    @FunctionalInterface
    interface Probes {
        OutputProbe of(long seed, int pair, int probe);
    }

    ProbeEstimator(Estimator estimator, Value value) {
        super(estimator);
        this.value = value;
    }

    /**
     * Returns an estimator of the trace of a second moment of gradients of −log p(y). The mean over
     * labels y is taken by a probe of signs in the space of scores instead of a drawn label, which
     * avoids the noise of rare labels ({@link OutputProbe}). With labels from the model's
     * prediction the trace is tr F. With labels from the language's exact conditional it is the
     * trace of the gradients' second moment.
     */
    static ProbeEstimator output(Estimator estimator, Probes probes) {
        return new ProbeEstimator(
                estimator,
                (surface, batch, seed, pair, probe) ->
                        StatUtils.mean(surface.gradientNorms(batch, probes.of(seed, pair, probe))));
    }

    /**
     * Returns an estimator of tr F from one ordinary gradient per batch. With labels drawn from the
     * model, the gradients of the M examples are independent with mean zero, so E‖Σ gradients‖² =
     * M·tr F. The value is M·‖ḡ‖² of the mean gradient ḡ; without the factor M it would be wrong.
     */
    static ProbeEstimator batchForm(Estimator estimator) {
        return new ProbeEstimator(
                estimator,
                (surface, batch, seed, pair, probe) ->
                        surface.joinedGradientNorm(batch, ProbeSampler.labels(seed, pair, probe, batch.size()))
                                / batch.size());
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return (pair, batch, from, to, samples) -> {
            for (int probe = from; probe < to; probe++) {
                samples.put(quantities().getFirst(), pair, value.of(surface, batch, settings.seed(), pair, probe));
            }
        };
    }
}
