package basin.flatness.estimator;

import basin.flatness.measurement.Measurement;
import basin.flatness.measurement.ProgressListener;
import basin.network.FunctionPreservingExpansion;
import basin.record.LayerTraces;
import basin.study.Estimator;
import basin.study.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;

/**
 * Traces of every named tensor, from the draws of the paired estimator: a tensor's share of tr H is v_l'(Hv)_l of an exact product with
 * independent signs v, for E v_i v_j is 1 at i = j and else 0, so that only its own diagonal is left; its share of tr F is the mean squared
 * norm of its part of every example's gradient, labels drawn from the model. A table that is used twice is one tensor, its gradients added
 * up before the norm is taken. All shares of a pair add up to that pair's trace.
 *
 * <p>Σ_l ‖w_l‖² tr_l H is formed pair by pair: shares of one pair depend on each other, and errors added up tensor by tensor would be wrong.
 */
final class LayersEstimator extends PairwiseEstimator {
    private static final List<Quantity> SHARED =
            List.of(Quantity.FISHER_TRACE, Quantity.HESSIAN_TRACE, Quantity.ADAPTIVE_TRACE);

    /** @param quantities of the whole network, from those that {@link #work} puts */
    LayersEstimator(List<Quantity> quantities) {
        super(Estimator.LAYERS_EXACT, quantities, Estimator.LAYERS_EXACT.cost());
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return work(surface, settings, shares(surface));
    }

    @Override
    public Findings find(
            LossSurface surface, BatchSource batches, MeasurementSettings settings, ProgressListener listener) {
        List<PairSamples> shares = shares(surface);
        List<Measurement> measurements = measure(surface, batches, settings, listener, work(surface, settings, shares));
        int probes = measurements.getFirst().probes();
        double[] theta = surface.theta();
        List<LayerTraces> layers = new ArrayList<>();
        for (int block = 0; block < shares.size(); block++) {
            Block named = surface.blocks().get(block);
            PairSamples own = shares.get(block);
            layers.add(new LayerTraces(
                    named.name(),
                    named.size(),
                    named.squaredNorm(theta),
                    PairStatistics.mean(own.means(Quantity.FISHER_TRACE, probes)),
                    PairStatistics.mean(own.means(Quantity.HESSIAN_TRACE, probes)),
                    PairStatistics.mean(own.means(Quantity.ADAPTIVE_TRACE, probes))));
        }
        return new Findings(measurements, Optional.of(layers), Optional.empty());
    }

    /** Of each block its shares of the three traces. */
    private static List<PairSamples> shares(LossSurface surface) {
        return surface.blocks().stream().map(block -> new PairSamples(SHARED)).toList();
    }

    private static PairWork work(LossSurface surface, MeasurementSettings settings, List<PairSamples> shares) {
        List<Block> blocks = surface.blocks();
        double[] theta = surface.theta();
        double[] scale = Directions.magnitudes(theta);
        double[] squaredNorms =
                blocks.stream().mapToDouble(block -> block.squaredNorm(theta)).toArray();
        double[] all = blocks.stream().mapToDouble(block -> 1).toArray();
        double[] inner = blocks.stream()
                .mapToDouble(block -> FunctionPreservingExpansion.isTable(block.name()) ? 0 : 1)
                .toArray();
        long seed = settings.seed();
        return (pair, batch, from, to, samples) -> {
            for (int probe = from; probe < to; probe++) {
                double[] uniforms = ProbeSampler.uniforms(seed, pair, probe, batch.size());
                double[][] norms =
                        surface.gradientNormsOfBlocks(batch, ProbeSampler.labels(uniforms, seed, pair, probe));
                double[] signs = ProbeSampler.signs(seed, pair, probe, surface.parameters());
                List<CurvatureProduct> products =
                        surface.products(batch, List.of(signs, Directions.scaled(signs, scale)));
                CurvatureProduct plain = products.getFirst();
                CurvatureProduct adaptive = products.getLast();
                double[] fisher = new double[blocks.size()];
                double[] hessian = new double[blocks.size()];
                double[] scaled = new double[blocks.size()];
                for (int block = 0; block < fisher.length; block++) {
                    fisher[block] = StatUtils.mean(norms[block]);
                    hessian[block] = plain.hessianForm(blocks.get(block));
                    scaled[block] = adaptive.hessianForm(blocks.get(block));
                    shares.get(block).put(Quantity.FISHER_TRACE, pair, fisher[block]);
                    shares.get(block).put(Quantity.HESSIAN_TRACE, pair, hessian[block]);
                    shares.get(block).put(Quantity.ADAPTIVE_TRACE, pair, scaled[block]);
                }
                double trace = Orthonormal.dot(all, hessian);
                samples.put(Quantity.FISHER_TRACE, pair, Orthonormal.dot(all, fisher));
                samples.put(Quantity.HESSIAN_TRACE, pair, trace, plain.squaredNorm());
                samples.put(Quantity.ADAPTIVE_TRACE, pair, Orthonormal.dot(all, scaled), adaptive.squaredNorm(scale));
                samples.put(Quantity.HESSIAN_TRACE_PER_PARAMETER, pair, trace / surface.parameters());
                samples.put(Quantity.WEIGHTED_TRACE, pair, Orthonormal.dot(squaredNorms, hessian));
                samples.put(Quantity.FISHER_TRACE_WITHOUT_TABLES, pair, Orthonormal.dot(inner, fisher));
                samples.put(Quantity.HESSIAN_TRACE_WITHOUT_TABLES, pair, Orthonormal.dot(inner, hessian));
            }
        };
    }
}
