package basin.flatness.estimator;

import basin.network.TokenBatch;
import basin.study.Estimator;
import org.hipparchus.stat.StatUtils;

/** An estimator of one quantity whose probes of a pair share the batch and no further computation. */
final class ProbeEstimator extends PairwiseEstimator {
    private final Value value;

    /** The value of one probe, the same for the same seed, pair and number of the probe. */
    @FunctionalInterface
    interface Value {
        double of(LossSurface surface, TokenBatch batch, long seed, int pair, int probe);
    }

    /** Output probes by seed, pair and their number. */
    @FunctionalInterface
    interface Probes {
        OutputProbe of(long seed, int pair, int probe);
    }

    ProbeEstimator(Estimator estimator, Value value) {
        super(estimator);
        this.value = value;
    }

    /**
     * The trace of a second moment of gradients of −log p(y), the mean over labels y taken by a probe of signs in the space of scores instead
     * of a drawn label, whose rare draws are missing then ({@link OutputProbe}). With labels from the model's prediction it is tr F, with
     * labels from the language's exact conditional the trace of the gradients' second moment.
     */
    static ProbeEstimator output(Estimator estimator, Probes probes) {
        return new ProbeEstimator(
                estimator,
                (surface, batch, seed, pair, probe) ->
                        StatUtils.mean(surface.gradientNorms(batch, probes.of(seed, pair, probe))));
    }

    /**
     * tr F from one ordinary gradient a batch: with labels drawn from the model the M examples' gradients have mean zero and are independent,
     * so that E‖Σ gradients‖² = M·tr F. That is M·‖ḡ‖² of the mean gradient ḡ; without the factor M it would be wrong.
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
