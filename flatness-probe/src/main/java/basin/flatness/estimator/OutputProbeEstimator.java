package basin.flatness.estimator;

import basin.study.Estimator;
import org.hipparchus.stat.StatUtils;

/**
 * The trace of a second moment of gradients of −log p(y), the mean over labels y taken by a probe of signs in the space of scores instead
 * of a drawn label, whose rare draws are missing then ({@link OutputProbe}). With labels from the model's prediction it is tr F, with
 * labels from the language's exact conditional the trace of the gradients' second moment.
 */
final class OutputProbeEstimator extends PairwiseEstimator {
    private final Probes probes;

    /** Probes by seed, pair and their number. */
    @FunctionalInterface
    interface Probes {
        OutputProbe of(long seed, int pair, int probe);
    }

    OutputProbeEstimator(Estimator estimator, Probes probes) {
        super(estimator);
        this.probes = probes;
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return (pair, batch, from, to, samples) -> {
            for (int probe = from; probe < to; probe++) {
                samples.put(
                        quantities().getFirst(),
                        pair,
                        StatUtils.mean(surface.gradientNorms(batch, probes.of(settings.seed(), pair, probe))));
            }
        };
    }
}
