package basin.flatness.estimator;

import basin.study.Estimator;
import basin.study.Quantity;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.hipparchus.stat.StatUtils;

/**
 * Estimates several quantities from the same pairs of one fresh batch and one fresh probe, so that
 * they are compared on the same draws:
 *
 * <ul>
 * <li>tr F: mean ‖∇ log p(y)‖² over the batch's examples, with labels drawn from the model (sampled
 *     Fisher);
 * <li>tr H: v'Hv with independent signs v (Hutchinson 1990), an exact product with the batch's
 *     targets;
 * <li>tr(|θ| H |θ|): the same with v = |θ|∘u, where u are the signs of the previous product;
 * <li>tr H − tr F: v'Hv − v'Fv from one product. Near the optimum this has far less noise than the
 *     difference of the two traces above, because batch and probe are the same in both terms.
 * </ul>
 *
 * If only some quantities are requested, it does only their work and yields the same bits.
 */
final class PairedEstimator extends PairwiseEstimator {
    PairedEstimator(Estimator estimator) {
        // Probes are weighted as those of tr H alone, whatever the quantities; kept from the first
        // version.
        super(
                estimator,
                estimator.quantities(),
                estimator == Estimator.PAIRED ? Estimator.HESSIAN_HUTCHINSON.cost() : estimator.cost());
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        Direction theta = surface.theta();
        long seed = settings.seed();
        boolean fisher = quantities().contains(Quantity.FISHER_TRACE);
        boolean plain =
                quantities().contains(Quantity.HESSIAN_TRACE) || quantities().contains(Quantity.HESSIAN_FISHER_GAP);
        boolean adaptive = quantities().contains(Quantity.ADAPTIVE_TRACE);
        return (pair, batch, from, to, samples) -> {
            if (fisher) {
                for (int probe = from; probe < to; probe++) {
                    double[] norms = surface.gradientNorms(batch, ProbeSampler.labels(seed, pair, probe, batch.size()));
                    samples.put(Quantity.FISHER_TRACE, pair, StatUtils.mean(norms));
                }
            }
            if (!plain && !adaptive) {
                return;
            }
            List<Direction> directions = new ArrayList<>();
            for (int probe = from; probe < to; probe++) {
                Direction signs = ProbeSampler.signs(seed, pair, probe, surface.parameters());
                if (plain) {
                    directions.add(signs);
                }
                if (adaptive) {
                    directions.add(Directions.scaled(signs, theta));
                }
            }
            try (Arena memory = Arena.ofShared()) {
                Iterator<CurvatureProduct> products =
                        surface.products(batch, directions, memory).iterator();
                for (int probe = from; probe < to; probe++) {
                    if (plain) {
                        CurvatureProduct product = products.next();
                        double hessianForm = product.hessianForm();
                        samples.put(Quantity.HESSIAN_TRACE, pair, hessianForm, product.squaredNorm());
                        samples.put(Quantity.HESSIAN_FISHER_GAP, pair, hessianForm - product.fisherForm());
                    }
                    if (adaptive) {
                        CurvatureProduct product = products.next();
                        samples.put(
                                Quantity.ADAPTIVE_TRACE,
                                pair,
                                product.hessianForm(),
                                product.squaredNormScaledBy(theta));
                    }
                }
            }
        };
    }
}
