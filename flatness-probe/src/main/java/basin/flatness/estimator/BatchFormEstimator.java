package basin.flatness.estimator;

import basin.study.Estimator;
import basin.study.Quantity;

/**
 * tr F from one ordinary gradient a batch: with labels drawn from the model the M examples' gradients have mean zero and are independent,
 * so that E‖Σ gradients‖² = M·tr F. That is M·‖ḡ‖² of the mean gradient ḡ; without the factor M it would be wrong.
 */
final class BatchFormEstimator extends PairwiseEstimator {
    BatchFormEstimator() {
        super(Estimator.FISHER_BATCH);
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return (pair, batch, from, to, samples) -> {
            for (int probe = from; probe < to; probe++) {
                double norm = surface.joinedGradientNorm(
                        batch,
                        ProbeSampler.labels(
                                ProbeSampler.uniforms(settings.seed(), pair, probe, batch.size()),
                                settings.seed(),
                                pair,
                                probe));
                samples.put(Quantity.FISHER_TRACE, pair, norm / batch.size());
            }
        };
    }
}
