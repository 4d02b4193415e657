package basin.flatness.estimator;

import basin.events.LayerTraces;
import basin.events.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Traces of every named tensor, from the draws of the paired estimator: a tensor's share of tr H is v_l'(Hv)_l of an exact product with
 * independent signs v, for E v_i v_j is 1 at i = j and else 0, so that only its own diagonal is left; its share of tr F is the mean squared
 * norm of its part of every example's gradient, labels drawn from the model. A table that is used twice is one tensor, its gradients added
 * up before the norm is taken. All shares of a pair add up to that pair's trace.
 *
 * <p>Σ_l ‖w_l‖² tr_l H is formed pair by pair: shares of one pair depend on each other, and errors added up tensor by tensor would be wrong.
 */
final class LayersEstimator extends PairwiseEstimator {
    LayersEstimator(String name) {
        super(
                name,
                List.of(
                        Quantity.FISHER_TRACE,
                        Quantity.HESSIAN_TRACE,
                        Quantity.ADAPTIVE_TRACE,
                        Quantity.HESSIAN_TRACE_PER_PARAMETER,
                        Quantity.WEIGHTED_TRACE));
    }

    /** The traces' shares, tensor × pair. */
    private static final class Shares {
        private final double[][] fisher;
        private final double[][] hessian;
        private final double[][] adaptive;

        Shares(int blocks, int pairs) {
            this.fisher = new double[blocks][pairs];
            this.hessian = new double[blocks][pairs];
            this.adaptive = new double[blocks][pairs];
        }
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return begin(surface, settings, new Shares(surface.blocks().size(), settings.pairs()));
    }

    @Override
    public Findings find(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        check(batches, settings);
        Shares shares = new Shares(surface.blocks().size(), settings.pairs());
        List<Measurement> measurements = measure(surface, batches, settings, begin(surface, settings, shares));
        double[] theta = surface.theta();
        List<LayerTraces> layers = new ArrayList<>();
        for (int block = 0; block < surface.blocks().size(); block++) {
            Block named = surface.blocks().get(block);
            layers.add(new LayerTraces(
                    named.name(),
                    named.size(),
                    named.squaredNorm(theta),
                    PairStatistics.mean(shares.fisher[block]),
                    PairStatistics.mean(shares.hessian[block]),
                    PairStatistics.mean(shares.adaptive[block])));
        }
        return new Findings(measurements, Optional.of(layers));
    }

    private static PairWork begin(LossSurface surface, MeasurementSettings settings, Shares shares) {
        List<Block> blocks = surface.blocks();
        double[] theta = surface.theta();
        double[] scale = Directions.magnitudes(theta);
        double[] squaredNorms =
                blocks.stream().mapToDouble(block -> block.squaredNorm(theta)).toArray();
        return (pair, batch, samples) -> {
            double[][] norms =
                    surface.sampledGradientNormsOfBlocks(batch, Draws.uniforms(settings.seed(), pair, batch.size()));
            double[] signs = Draws.signs(settings.seed(), pair, surface.parameters());
            List<CurvatureProduct> products = surface.products(batch, List.of(signs, Directions.scaled(signs, scale)));
            CurvatureProduct plain = products.getFirst();
            CurvatureProduct adaptive = products.getLast();
            double fisherTrace = 0;
            double hessianTrace = 0;
            double adaptiveTrace = 0;
            double weightedTrace = 0;
            for (int block = 0; block < squaredNorms.length; block++) {
                double fisher = 0;
                for (double norm : norms[block]) {
                    fisher += norm / batch.size();
                }
                double hessian = plain.hessianForm(blocks.get(block));
                double scaled = adaptive.hessianForm(blocks.get(block));
                shares.fisher[block][pair] = fisher;
                shares.hessian[block][pair] = hessian;
                shares.adaptive[block][pair] = scaled;
                fisherTrace += fisher;
                hessianTrace += hessian;
                adaptiveTrace += scaled;
                weightedTrace += squaredNorms[block] * hessian;
            }
            samples.put(Quantity.FISHER_TRACE, pair, fisherTrace);
            samples.put(Quantity.HESSIAN_TRACE, pair, hessianTrace, plain.squaredNorm());
            samples.put(Quantity.ADAPTIVE_TRACE, pair, adaptiveTrace, adaptive.squaredNorm(scale));
            samples.put(Quantity.HESSIAN_TRACE_PER_PARAMETER, pair, hessianTrace / surface.parameters());
            samples.put(Quantity.WEIGHTED_TRACE, pair, weightedTrace);
        };
    }
}
