package basin.flatness.estimator;

import basin.flatness.measurement.PairStatistics;
import basin.network.FunctionPreservingExpansion;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.record.LayerTraces;
import basin.study.Estimator;
import basin.study.Quantity;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;

/**
 * Estimates the traces of every named tensor, from the same draws as the paired estimator. A
 * tensor's share of tr H is v_l'(Hv)_l of an exact product with independent signs v. Because E v_i
 * v_j is 1 for i = j and 0 otherwise, only the tensor's own diagonal remains. Its share of tr F is
 * the mean squared norm of its part of every example's gradient, with labels drawn from the model.
 * A table that is used twice is one tensor; its gradients are added before the norm is taken. The
 * shares of a pair sum to that pair's trace.
 *
 * <p>Σ_l ‖w_l‖² tr_l H is computed pair by pair, because the shares of one pair are dependent and
 * combining the tensors' standard errors would be wrong.
 */
final class LayersEstimator extends PairwiseEstimator {
    private static final List<Quantity> SHARED =
            List.of(Quantity.FISHER_TRACE, Quantity.HESSIAN_TRACE, Quantity.ADAPTIVE_TRACE);

    /**
     * Creates the estimator.
     *
     * @param quantities quantities of the whole network to report, out of those that the estimator
     *     computes
     */
    LayersEstimator(List<Quantity> quantities) {
        super(Estimator.LAYERS_EXACT, quantities, Estimator.LAYERS_EXACT.cost());
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        List<Parameter> tensors = surface.tensors();
        Direction theta = surface.theta();
        double[] squaredNorms = Directions.squaredNorms(theta, tensors);
        double[] ones = tensors.stream().mapToDouble(tensor -> 1).toArray();
        double[] withoutTables = tensors.stream()
                .mapToDouble(tensor -> FunctionPreservingExpansion.isTable(tensor.name()) ? 0 : 1)
                .toArray();
        long seed = settings.seed();
        // Each tensor's shares of the three traces.
        List<PairSamples> shares =
                tensors.stream().map(tensor -> new PairSamples(SHARED)).toList();
        return new PairWork() {
            @Override
            public void measure(int pair, TokenBatch batch, int from, int to, PairSamples samples) {
                for (int probe = from; probe < to; probe++) {
                    double[][] norms =
                            surface.gradientNormsOfTensors(batch, ProbeSampler.labels(seed, pair, probe, batch.size()));
                    double[] fisher = new double[tensors.size()];
                    for (int i = 0; i < fisher.length; i++) {
                        fisher[i] = StatUtils.mean(norms[i]);
                    }
                    Direction signs = ProbeSampler.signs(seed, pair, probe, surface.parameters());
                    try (Arena memory = Arena.ofShared()) {
                        List<CurvatureProduct> products =
                                surface.products(batch, List.of(signs, Directions.scaled(signs, theta)), memory);
                        put(pair, fisher, products.getFirst(), products.getLast(), samples);
                    }
                }
            }

            private void put(
                    int pair, double[] fisher, CurvatureProduct plain, CurvatureProduct adaptive, PairSamples samples) {
                double[] hessian = plain.hessianForms(tensors);
                double[] scaled = adaptive.hessianForms(tensors);
                for (int i = 0; i < fisher.length; i++) {
                    shares.get(i).put(Quantity.FISHER_TRACE, pair, fisher[i]);
                    shares.get(i).put(Quantity.HESSIAN_TRACE, pair, hessian[i]);
                    shares.get(i).put(Quantity.ADAPTIVE_TRACE, pair, scaled[i]);
                }
                double trace = Orthonormal.dot(ones, hessian);
                samples.put(Quantity.FISHER_TRACE, pair, Orthonormal.dot(ones, fisher));
                samples.put(Quantity.HESSIAN_TRACE, pair, trace, plain.squaredNorm());
                samples.put(
                        Quantity.ADAPTIVE_TRACE,
                        pair,
                        Orthonormal.dot(ones, scaled),
                        adaptive.squaredNormScaledBy(theta));
                samples.put(Quantity.HESSIAN_TRACE_PER_PARAMETER, pair, trace / surface.parameters());
                samples.put(Quantity.WEIGHTED_TRACE, pair, Orthonormal.dot(squaredNorms, hessian));
                samples.put(Quantity.FISHER_TRACE_WITHOUT_TABLES, pair, Orthonormal.dot(withoutTables, fisher));
                samples.put(Quantity.HESSIAN_TRACE_WITHOUT_TABLES, pair, Orthonormal.dot(withoutTables, hessian));
            }

            @Override
            public Optional<List<LayerTraces>> layers(int probes) {
                List<LayerTraces> layers = new ArrayList<>();
                for (int i = 0; i < squaredNorms.length; i++) {
                    PairSamples own = shares.get(i);
                    layers.add(new LayerTraces(
                            tensors.get(i).name(),
                            tensors.get(i).size(),
                            squaredNorms[i],
                            PairStatistics.mean(own.means(Quantity.FISHER_TRACE, probes)),
                            PairStatistics.mean(own.means(Quantity.HESSIAN_TRACE, probes)),
                            PairStatistics.mean(own.means(Quantity.ADAPTIVE_TRACE, probes))));
                }
                return Optional.of(layers);
            }
        };
    }
}
