package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.CrossEntropy;
import basin.network.Network;
import basin.network.Parameter;
import basin.network.ParameterSource;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.network.engine.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * The loss surface of a network around its weights. The weights are on the device from the first
 * use until the surface is closed; everything else is freed after each call. Norms of per-sample
 * gradients come from one backward pass over a part of a batch. Parts are shared between the
 * workers and added up in order. Not thread-safe.
 */
public final class NetworkSurface implements LossSurface, AutoCloseable {
    private final Network network;
    private final ResidentWeights weights;
    private final long maxScores;

    private NetworkSurface(Network network, ResidentWeights weights, long maxScores) {
        this.network = network;
        this.weights = weights;
        this.maxScores = maxScores;
    }

    /**
     * Returns the surface in arithmetic of the given dtype.
     *
     * @param theta flat parameters, read once and rounded to the dtype
     * @param dtype float32 or float64
     */
    public static NetworkSurface of(Network network, ParameterSource theta, DataType dtype, Workers workers) {
        return new NetworkSurface(network, new ResidentWeights(theta, dtype, workers), BatchPart.MAX_SCORES);
    }

    /**
     * Returns the same surface with batches split into parts of about the given number of scores,
     * but at least one sample, to save memory. Closing either closes both.
     */
    NetworkSurface inPartsOf(long scores) {
        return new NetworkSurface(network, weights, scores);
    }

    @Override
    public int parameters() {
        return weights.size();
    }

    @Override
    public Direction theta() {
        return weights;
    }

    /** Returns the bytes that the weights take on the device now. */
    public long residentBytes() {
        return weights.residentBytes();
    }

    @Override
    public double precision() {
        return weights.dtype() == DataType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1.0f);
    }

    @Override
    public List<Parameter> tensors() {
        return network.parameters();
    }

    private List<BatchPart> parts(TokenBatch batch) {
        return BatchPart.of(network, batch, maxScores);
    }

    @Override
    public double[] gradientNorms(TokenBatch batch, OutputProbe probe) {
        return norms(batch, probe, false)[0];
    }

    @Override
    public double[][] gradientNormsOfTensors(TokenBatch batch, OutputProbe probe) {
        return norms(batch, probe, true);
    }

    /** Returns squared norms, [tensors, samples], or [1, samples] for the whole gradient. */
    private double[][] norms(TokenBatch batch, OutputProbe probe, boolean split) {
        double[][] norms = new double[split ? network.parameters().size() : 1][batch.size()];
        NDArray theta = weights.theta();
        List<BatchPart> parts = BatchPart.forNorms(network, batch, maxScores);
        int[] at = new int[1];
        weights.workers()
                .run(
                        parts.size(),
                        parts::get,
                        part -> {
                            try (Arena memory = Arena.ofConfined();
                                    NDManager scope = Torch.scope()) {
                                NDArray own = Torch.alias(scope, theta);
                                UnaryOperator<NDArray> rows = scores -> ProbeRows.of(probe, part, scores, memory);
                                return split
                                        ? network.squaredNormsOfTensors(own, part.batch(), rows)
                                        : new double[][] {network.squaredNorms(own, part.batch(), rows)};
                            }
                        },
                        own -> {
                            for (int tensor = 0; tensor < norms.length; tensor++) {
                                System.arraycopy(own[tensor], 0, norms[tensor], at[0], own[tensor].length);
                            }
                            at[0] += own[0].length;
                        });
        weights.trim();
        return norms;
    }

    @Override
    public ParameterVector gradient(TokenBatch batch, Arena memory) {
        return sum(
                batch, memory, part -> part.share(batch), (part, scores, own) -> CrossEntropy.of(scores, part.batch()));
    }

    @Override
    public double joinedGradientNorm(TokenBatch batch, OutputProbe probe) {
        try (Arena memory = Arena.ofShared()) {
            return Directions.squaredNorm(sum(batch, memory, part -> 1, (part, scores, own) -> {
                NDArray rows = Torch.unrecorded(() -> ProbeRows.of(probe, part, scores, own));
                return scores.logSoftmax(-1).mul(rows).sum();
            }));
        }
    }

    /** A loss of a part of a batch. */
    @FunctionalInterface
    private interface PartLoss {
        /**
         * Returns the loss, a scalar.
         *
         * @param memory arena that is closed after the backward pass
         */
        NDArray of(BatchPart part, NDArray scores, Arena memory);
    }

    /** A gradient of a part, in a scope of its own. */
    private record PartGradient(NDManager scope, NDArray gradient, double factor) {}

    /**
     * Returns the sum of gradients over the parts of a batch.
     *
     * @param factor factor of a part
     * @param memory arena of the sum
     */
    private ParameterVector sum(TokenBatch batch, Arena memory, ToDoubleFunction<BatchPart> factor, PartLoss loss) {
        ParameterVector sum = ParameterVector.zeros(weights.size(), memory);
        NDArray theta = weights.theta();
        List<BatchPart> parts = parts(batch);
        weights.workers()
                .run(
                        parts.size(),
                        parts::get,
                        part -> Torch.recording(() -> {
                            NDManager kept = Torch.scope();
                            try (Arena own = Arena.ofConfined();
                                    NDManager scope = Torch.scope(kept)) {
                                NDArray leaf = Torch.leaf(Torch.alias(scope, theta));
                                NDArray value = loss.of(part, network.logits(leaf, part.batch()), own);
                                NDArray gradient = Torch.gradient(value, leaf);
                                gradient.attach(kept);
                                return new PartGradient(kept, gradient, factor.applyAsDouble(part));
                            }
                        }),
                        part -> {
                            add(part.gradient(), part.factor(), sum);
                            part.scope().close();
                        });
        return sum;
    }

    private static void add(NDArray vector, double factor, ParameterVector sum) {
        Direction.Reader reader = ResidentWeights.reader(vector);
        double[] numbers = new double[Math.min(Direction.PIECE, sum.size())];
        for (int from = 0; from < sum.size(); from += Direction.PIECE) {
            int count = Math.min(Direction.PIECE, sum.size() - from);
            reader.next(numbers, count);
            sum.add(from, numbers, count, factor);
        }
    }

    @Override
    public double[] losses(TokenBatch batch) {
        return losses(batch, weights.theta());
    }

    @Override
    public double[] losses(TokenBatch batch, Direction direction, double step) {
        try (NDManager scope = Torch.scope()) {
            return losses(batch, weights.displaced(scope, direction, step).getFirst());
        }
    }

    private double[] losses(TokenBatch batch, NDArray vector) {
        List<double[]> losses = new ArrayList<>();
        List<BatchPart> parts = parts(batch);
        weights.workers()
                .run(
                        parts.size(),
                        parts::get,
                        part -> Torch.unrecorded(() -> {
                            try (NDManager scope = Torch.scope()) {
                                NDArray scores = network.logits(Torch.alias(scope, vector), part.batch());
                                return Scores.means(part.batch(), Scores.losses(scores, part.batch()));
                            }
                        }),
                        losses::add);
        return losses.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    @Override
    public Midpoint midpoint(TokenBatch batch) {
        return NetworkMidpoint.of(network, weights, batch, parts(batch));
    }

    /**
     * Returns the scores of every prediction at θ, [predictions, vocabulary], in one list of rows.
     */
    public double[] scores(TokenBatch batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return Torch.doubles(network.logits(Torch.alias(scope, weights.theta()), batch));
            }
        });
    }

    @Override
    public List<CurvatureProduct> products(TokenBatch batch, List<? extends Direction> directions, Arena memory) {
        List<ParameterVector> sums = new ArrayList<>();
        double[] forms = new double[directions.size()];
        NDArray theta = weights.theta();
        List<BatchPart> parts = parts(batch);
        try (NDManager scope = Torch.scope()) {
            List<NDArray> vectors = new ArrayList<>();
            for (Direction direction : directions) {
                vectors.add(weights.vector(scope, direction));
                sums.add(ParameterVector.zeros(weights.size(), memory));
            }
            weights.workers().run(parts.size(), parts::get, part -> products(part, theta, vectors), part -> {
                double share = part.part().share(batch);
                for (int i = 0; i < forms.length; i++) {
                    add(part.products().get(i), share, sums.get(i));
                    forms[i] += share * part.forms()[i];
                }
                part.scope().close();
            });
        }
        List<CurvatureProduct> products = new ArrayList<>();
        for (int i = 0; i < forms.length; i++) {
            products.add(new CurvatureProduct(directions.get(i), sums.get(i), forms[i]));
        }
        return products;
    }

    /** The products of a part, in a scope of their own, and its v'Fv. */
    @SuppressWarnings("ArrayRecordComponent") // Handed from one thread to another.
    private record PartProducts(BatchPart part, NDManager scope, NDList products, double[] forms) {}

    /**
     * Returns the products of a part of a batch. A leaf of zeros added to the scores yields v'Fv in
     * the same backward pass. The derivative of ⟨∇L, v⟩ with respect to it is w = c·(diag p −
     * pp')Jv at a prediction of weight c in the part's loss, and c·Var_p(Jv) = Σ_y w_y²/(c·p_y).
     */
    private PartProducts products(BatchPart part, NDArray theta, List<NDArray> vectors) {
        return Torch.recording(() -> {
            NDManager kept = Torch.scope();
            try (NDManager scope = Torch.scope(kept)) {
                NDArray leaf = Torch.leaf(Torch.alias(scope, theta));
                NDArray scores = network.logits(leaf, part.batch());
                NDArray added = Torch.leaf(scope.zeros(scores.getShape(), weights.dtype()));
                double[] probabilities = Torch.unrecorded(() -> Torch.doubles(scores.softmax(-1)));
                NDArray gradient = Torch.gradientWithGraph(CrossEntropy.of(scores.add(added), part.batch()), leaf);
                NDList all = new NDList();
                double[] forms = new double[vectors.size()];
                for (int i = 0; i < forms.length; i++) {
                    NDList products =
                            Torch.products(gradient, List.of(leaf, added), Torch.alias(scope, vectors.get(i)));
                    products.get(0).attach(kept);
                    all.add(products.get(0));
                    forms[i] = fisherForm(Torch.doubles(products.get(1)), probabilities, part.batch());
                }
                return new PartProducts(part, kept, all, forms);
            }
        });
    }

    private double fisherForm(double[] weighted, double[] probabilities, TokenBatch batch) {
        int vocabulary = network.vocabulary();
        double sum = 0;
        for (int k = 0; k < batch.predictions(); k++) {
            int predictions = batch.predictionsOf(batch.sequenceOf(k));
            for (int at = k * vocabulary; at < (k + 1) * vocabulary; at++) {
                if (probabilities[at] > 0) {
                    sum += predictions * (weighted[at] * weighted[at] / probabilities[at]);
                }
            }
        }
        return sum * batch.size();
    }

    @Override
    public void close() {
        weights.close();
    }
}
