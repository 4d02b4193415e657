package basin.flatness.estimator;

import basin.study.Estimator;
import basin.study.Quantity;
import org.hipparchus.stat.StatUtils;

/**
 * Estimates traces from forward passes alone ({@link ForwardForms}), with one probe of independent
 * signs per batch:
 *
 * <ul>
 * <li>tr H from v'Hv, tr F from v'Fv, and tr H − tr F from their difference on the same batch and
 *     probe;
 * <li>tr(|θ| H |θ|) from v = |θ|∘u;
 * <li>in the split variant, tr H as tr F + (tr H − tr F), with tr F of the same batch from a probe
 *     in output space. Near the optimum the difference has a third of the noise of v'Hv.
 * </ul>
 *
 * The step length of the finite differences is chosen on the first pairs; see {@link
 * ForwardDistance}.
 */
final class ForwardEstimator extends PairwiseEstimator {
    private final boolean split;

    /**
     * Creates the estimator.
     *
     * @param split whether tr F, and with it tr H, comes from a probe in output space
     */
    ForwardEstimator(Estimator estimator, boolean split) {
        // A gradient counts two thirds here, beside forward passes; kept from the first version.
        super(estimator, estimator.quantities(), split ? new Estimator.Cost(1 / 3.0, 4 / 3.0) : estimator.cost());
        this.split = split;
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        long seed = settings.seed();
        boolean plain = quantities().contains(Quantity.HESSIAN_TRACE)
                || quantities().contains(Quantity.HESSIAN_FISHER_GAP)
                || (!split && quantities().contains(Quantity.FISHER_TRACE));
        boolean adaptive = quantities().contains(Quantity.ADAPTIVE_TRACE);
        double plainStep = plain
                ? ForwardDistance.of(surface, batches, pair -> ProbeSampler.signs(seed, pair, 0, surface.parameters()))
                : 0;
        double adaptiveStep = adaptive
                ? ForwardDistance.of(
                        surface,
                        batches,
                        pair -> Directions.scaled(
                                ProbeSampler.signs(seed, pair, 0, surface.parameters()), surface.theta()))
                : 0;
        return (pair, batch, from, to, samples) -> {
            try (Midpoint middle = surface.midpoint(batch)) {
                for (int probe = from; probe < to; probe++) {
                    Direction signs = ProbeSampler.signs(seed, pair, probe, surface.parameters());
                    if (plain) {
                        ForwardForms.Forms forms = ForwardForms.of(middle, batch.size(), signs, plainStep);
                        double gap = forms.hessian() - forms.fisher();
                        double fisher = split
                                ? StatUtils.mean(
                                        surface.gradientNorms(batch, ProbeSampler.outputSigns(seed, pair, probe)))
                                : forms.fisher();
                        samples.put(Quantity.FISHER_TRACE, pair, fisher);
                        samples.put(Quantity.HESSIAN_TRACE, pair, split ? fisher + gap : forms.hessian());
                        samples.put(Quantity.HESSIAN_FISHER_GAP, pair, gap);
                    }
                    if (adaptive) {
                        Direction scaled = Directions.scaled(signs, surface.theta());
                        ForwardForms.Forms forms = ForwardForms.of(middle, batch.size(), scaled, adaptiveStep);
                        samples.put(Quantity.ADAPTIVE_TRACE, pair, forms.hessian());
                    }
                }
            }
        };
    }
}
