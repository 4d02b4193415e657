package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.CrossEntropy;
import basin.network.Network;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * The loss surface of a network around its weights. Norms of per-sample gradients come from one
 * backward pass over a part of a batch. Holds no native memory between calls. Not thread-safe.
 */
public final class NetworkSurface implements LossSurface {
    /**
     * Scores held at once, over all predictions of a part of a batch; with their gradients, some
     * hundred megabytes.
     */
    private static final long MAX_SCORES = 8_000_000;
    /** Numbers that per-sample norms keep of all layers at once; half a gigabyte in float32. */
    private static final long MAX_KEPT = 1L << 27;
    /** Samples up to which a batch is not halved for its norms, because it costs less whole. */
    private static final int MAX_UNHALVED = 32;

    private final Network network;
    private final double[] theta;
    private final DataType dtype;
    private final long maxScores;
    private final long keptPerToken;

    private NetworkSurface(Network network, double[] theta, DataType dtype, long maxScores) {
        this.network = network;
        this.theta = theta;
        this.dtype = dtype;
        this.maxScores = maxScores;
        // For each linear map and each norm, its output and twice as much again.
        this.keptPerToken = 3 * network.layout().outputs();
    }

    /**
     * Returns the surface in arithmetic of the given dtype.
     *
     * @param theta flat parameters; rounded to the dtype
     * @param dtype float32 or float64
     */
    public static NetworkSurface of(Network network, double[] theta, DataType dtype) {
        double[] own = theta.clone();
        if (dtype == DataType.FLOAT32) {
            for (int i = 0; i < own.length; i++) {
                own[i] = (float) own[i];
            }
        }
        return new NetworkSurface(network, own, dtype, MAX_SCORES);
    }

    /**
     * Returns the same surface with batches split into parts of at most the given number of scores,
     * but at least one sample, to save memory.
     */
    NetworkSurface inPartsOf(long scores) {
        return new NetworkSurface(network, theta, dtype, scores);
    }

    @Override
    public int parameters() {
        return theta.length;
    }

    @Override
    public double[] theta() {
        return theta.clone();
    }

    @Override
    public double precision() {
        return dtype == DataType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1.0f);
    }

    @Override
    public List<Parameter> tensors() {
        return network.parameters();
    }

    /**
     * A contiguous range of a batch's samples.
     *
     * @param from number of its first sample in the whole batch
     */
    record Part(TokenBatch batch, int from) {
        double share(TokenBatch whole) {
            return (double) batch.size() / whole.size();
        }
    }

    private List<Part> parts(TokenBatch batch) {
        return parts(batch, maxScores, i -> batch.predictionsOf(i) * network.vocabulary(), batch.size());
    }

    /**
     * Splits a batch for per-sample norms. What these keep of every layer doubles the memory of an
     * ordinary gradient. Processed in halves, a batch takes as long and no more memory than its
     * gradient.
     */
    private List<Part> partsForNorms(TokenBatch batch) {
        List<Part> parts = new ArrayList<>();
        for (Part part : parts(batch)) {
            int max = Math.max(MAX_UNHALVED, Math.ceilDiv(part.batch().size(), 2));
            for (Part some : parts(part.batch(), MAX_KEPT / Math.max(1, keptPerToken), part.batch()::lengthOf, max)) {
                parts.add(new Part(some.batch(), part.from() + some.from()));
            }
        }
        return parts;
    }

    private static List<Part> parts(TokenBatch batch, long max, IntUnaryOperator weight, int maxSamples) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        long weights = 0;
        for (int i = 0; i < batch.size(); i++) {
            int own = weight.applyAsInt(i);
            if (i > from && (weights + own > max || i - from == maxSamples)) {
                parts.add(new Part(batch.part(from, i), from));
                from = i;
                weights = 0;
            }
            weights += own;
        }
        parts.add(new Part(from == 0 ? batch : batch.part(from, batch.size()), from));
        return parts;
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
        for (Part part : partsForNorms(batch)) {
            try (Arena memory = Arena.ofConfined();
                    NDManager scope = Torch.scope()) {
                NDArray weights = Torch.vector(scope, memory, dtype, theta.length, i -> theta[i]);
                UnaryOperator<NDArray> rows = logits -> rows(logits, part, probe);
                double[][] own = split
                        ? network.squaredNormsOfTensors(weights, part.batch(), rows)
                        : new double[][] {network.squaredNorms(weights, part.batch(), rows)};
                for (int tensor = 0; tensor < norms.length; tensor++) {
                    System.arraycopy(own[tensor], 0, norms[tensor], part.from(), own[tensor].length);
                }
            }
        }
        return norms;
    }

    @Override
    public double[] gradient(TokenBatch batch) {
        return sum(
                batch,
                part -> part.share(batch),
                part -> gradient(part, logits -> CrossEntropy.of(logits, part.batch())));
    }

    @Override
    public double joinedGradientNorm(TokenBatch batch, OutputProbe probe) {
        return Directions.squaredNorm(sum(batch, part -> 1, part -> gradient(part, probe)));
    }

    private double[] sum(TokenBatch batch, ToDoubleFunction<Part> weight, Function<Part, double[]> gradient) {
        double[] sum = new double[theta.length];
        for (Part part : parts(batch)) {
            double[] own = gradient.apply(part);
            double factor = weight.applyAsDouble(part);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i] * factor;
            }
        }
        return sum;
    }

    /**
     * Returns the gradient of −Σ row·log p, summed over samples and their predictions. Each sample
     * is divided by the square root of its number of predictions.
     */
    double[] gradient(Part part, OutputProbe probe) {
        return gradient(part, logits -> {
            NDArray rows = Torch.unrecorded(() -> rows(logits, part, probe));
            return logits.logSoftmax(-1).mul(rows).sum();
        });
    }

    /**
     * Returns the gradient of a loss on a part of a batch.
     *
     * @param loss maps the part's scores to a scalar
     */
    private double[] gradient(Part part, UnaryOperator<NDArray> loss) {
        return Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(array(scope, theta, theta.length));
                return Torch.doubles(Torch.gradient(loss.apply(network.logits(leaf, part.batch())), leaf));
            }
        });
    }

    /**
     * Returns the probe's rows in place of labels, divided by the square root of the sample's
     * number of predictions: [predictions, vocabulary].
     */
    private NDArray rows(NDArray logits, Part part, OutputProbe probe) {
        TokenBatch batch = part.batch();
        int vocabulary = network.vocabulary();
        double[] probabilities = Torch.doubles(logits.softmax(-1));
        double[] rows = new double[probabilities.length];
        double[] row = new double[vocabulary];
        double[] target = new double[vocabulary];
        double[] prediction = new double[vocabulary];
        for (int k = 0; k < batch.predictions(); k++) {
            int i = batch.sequenceOf(k);
            double[] own = batch.targetOf(k);
            int first = batch.firstTargetOf(k);
            System.arraycopy(own, 0, target, first, own.length);
            System.arraycopy(probabilities, k * vocabulary, prediction, 0, vocabulary);
            Arrays.fill(row, 0);
            probe.fill(part.from() + i, k - batch.firstPredictionOf(i), prediction, target, row);
            Arrays.fill(target, first, first + own.length, 0);
            double share = 1 / Math.sqrt((double) batch.predictionsOf(i));
            for (int y = 0; y < vocabulary; y++) {
                rows[k * vocabulary + y] = share * row[y];
            }
        }
        return array(logits.getManager(), rows, batch.predictions(), vocabulary);
    }

    @Override
    public PerturbedForward forward(TokenBatch batch, double[] direction, double step) {
        int vocabulary = network.vocabulary();
        double[][] scores = new double[batch.predictions()][];
        int at = 0;
        for (Part part : parts(batch)) {
            double[] flat = Torch.unrecorded(() -> {
                try (Arena memory = Arena.ofConfined();
                        NDManager scope = Torch.scope()) {
                    NDArray displaced =
                            Torch.vector(scope, memory, dtype, theta.length, i -> theta[i] + step * direction[i]);
                    return Torch.doubles(network.logits(displaced, part.batch()));
                }
            });
            for (int from = 0; from < flat.length; from += vocabulary) {
                scores[at++] = Arrays.copyOfRange(flat, from, from + vocabulary);
            }
        }
        return ScoredForward.of(batch, scores);
    }

    @Override
    public List<CurvatureProduct> products(TokenBatch batch, List<double[]> directions) {
        double[][] sums = new double[directions.size()][theta.length];
        double[] forms = new double[directions.size()];
        for (Part part : parts(batch)) {
            add(part, part.share(batch), directions, sums, forms);
        }
        List<CurvatureProduct> products = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            products.add(new CurvatureProduct(directions.get(i), sums[i], forms[i]));
        }
        return products;
    }

    /**
     * Adds the products of a part of a batch. A leaf of zeros added to the scores yields v'Fv in
     * the same backward pass. The derivative of ⟨∇L, v⟩ with respect to it is w = c·(diag p −
     * pp')Jv at a prediction of weight c in the part's loss, and c·Var_p(Jv) = Σ_y w_y²/(c·p_y).
     */
    private void add(Part part, double share, List<double[]> directions, double[][] sums, double[] forms) {
        Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(array(scope, theta, theta.length));
                NDArray scores = network.logits(leaf, part.batch());
                NDArray added = Torch.leaf(scope.zeros(scores.getShape(), dtype));
                double[] probabilities = Torch.unrecorded(() -> Torch.doubles(scores.softmax(-1)));
                NDArray gradient = Torch.gradientWithGraph(CrossEntropy.of(scores.add(added), part.batch()), leaf);
                for (int i = 0; i < sums.length; i++) {
                    NDArray direction = array(scope, directions.get(i), theta.length);
                    NDList products = Torch.products(gradient, List.of(leaf, added), direction);
                    double[] product = Torch.doubles(products.get(0));
                    for (int k = 0; k < product.length; k++) {
                        sums[i][k] += share * product[k];
                    }
                    forms[i] += share * fisherForm(Torch.doubles(products.get(1)), probabilities, part.batch());
                }
                return sums;
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

    private NDArray array(NDManager scope, double[] values, long... sizes) {
        return Torch.array(scope, values, dtype, sizes);
    }
}
