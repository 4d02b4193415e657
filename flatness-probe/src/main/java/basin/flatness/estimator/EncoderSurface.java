package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.lm.engine.Torch;
import basin.lm.network.Encoder;
import basin.lm.network.EncoderShape;
import basin.lm.network.PerExampleGradients;
import basin.lm.network.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The masked loss of an encoder around its weights. Holds no native memory between calls; one thread at a time. */
public final class EncoderSurface implements LossSurface<MaskedBatch> {
    private static final int SMALL = 32;

    private final Encoder encoder;
    private final double[] theta;
    private final DataType dtype;
    private final int part;

    private EncoderSurface(Encoder encoder, double[] theta, DataType dtype, int part) {
        this.encoder = encoder;
        this.theta = theta.clone();
        this.dtype = dtype;
        this.part = part;
    }

    /** Single precision, the weights rounded to it. */
    public static EncoderSurface single(Encoder encoder, double[] theta) {
        double[] rounded = theta.clone();
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) rounded[i];
        }
        return new EncoderSurface(encoder, rounded, DataType.FLOAT32, Integer.MAX_VALUE);
    }

    /** Single precision, as the network was trained. */
    public static EncoderSurface single(Encoder encoder, float[] theta) {
        return new EncoderSurface(encoder, Weights.widened(theta), DataType.FLOAT32, Integer.MAX_VALUE);
    }

    /** Double precision. */
    public static EncoderSurface precise(Encoder encoder, double[] theta) {
        return new EncoderSurface(encoder, theta, DataType.FLOAT64, Integer.MAX_VALUE);
    }

    /** The same, batches cut into parts of at most so many sentences to save memory. */
    public EncoderSurface inPartsOf(int sentences) {
        return new EncoderSurface(encoder, theta, dtype, sentences);
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
    public List<Block> blocks() {
        return encoder.shape().parameters().stream()
                .map(tensor -> new Block(tensor.name(), tensor.offset(), tensor.offset() + tensor.size()))
                .toList();
    }

    @Override
    public double[][] gradientNormsOfBlocks(MaskedBatch batch, OutputProbe probe) {
        double[][] norms = new double[encoder.shape().parameters().size()][batch.size()];
        int step = normStep(batch);
        for (int from = 0; from < batch.size(); from += step) {
            int first = from;
            MaskedBatch some = batch.part(from, Math.min(batch.size(), from + step));
            try (Arena memory = Arena.ofConfined();
                    NDManager scope = Torch.scope()) {
                double[][] own = PerExampleGradients.squaredNormsOfTensors(
                        encoder,
                        Torch.vector(scope, memory, dtype, theta.length, i -> theta[i]),
                        some.tokens(),
                        logits -> rows(scope, logits, some, first, probe));
                for (int block = 0; block < norms.length; block++) {
                    System.arraycopy(own[block], 0, norms[block], from, own[block].length);
                }
            }
        }
        return norms;
    }

    @Override
    public double[] gradient(MaskedBatch batch) {
        double[] sum = new double[theta.length];
        for (int from = 0; from < batch.size(); from += step(batch)) {
            MaskedBatch some = batch.part(from, Math.min(batch.size(), from + step(batch)));
            double[] own = Torch.recording(() -> {
                try (NDManager scope = Torch.scope()) {
                    NDArray leaf = Torch.leaf(array(scope, theta, theta.length));
                    NDArray scores = encoder.maskedLogits(leaf, some.tokens());
                    return Torch.doubles(Torch.gradient(Encoder.crossEntropy(scores, targets(scope, some)), leaf));
                }
            });
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i] * some.size() / batch.size();
            }
        }
        return sum;
    }

    @Override
    public double[] gradientNorms(MaskedBatch batch, OutputProbe probe) {
        double[] norms = new double[batch.size()];
        int step = normStep(batch);
        for (int from = 0; from < batch.size(); from += step) {
            int to = Math.min(batch.size(), from + step);
            int first = from;
            MaskedBatch some = batch.part(from, to);
            try (Arena memory = Arena.ofConfined();
                    NDManager scope = Torch.scope()) {
                double[] own = PerExampleGradients.squaredNorms(
                        encoder,
                        Torch.vector(scope, memory, dtype, theta.length, i -> theta[i]),
                        some.tokens(),
                        logits -> rows(scope, logits, some, first, probe));
                System.arraycopy(own, 0, norms, from, own.length);
            }
        }
        return norms;
    }

    @Override
    public double joinedGradientNorm(MaskedBatch batch, OutputProbe probe) {
        double[] sum = new double[theta.length];
        for (int from = 0; from < batch.size(); from += step(batch)) {
            int first = from;
            MaskedBatch some = batch.part(from, Math.min(batch.size(), from + step(batch)));
            double[] own = Torch.recording(() -> {
                try (NDManager scope = Torch.scope()) {
                    NDArray leaf = Torch.leaf(array(scope, theta, theta.length));
                    NDArray logits = encoder.maskedLogits(leaf, some.tokens());
                    NDArray rows = Torch.unrecorded(() -> rows(scope, logits, some, first, probe));
                    return Torch.doubles(
                            Torch.gradient(logits.logSoftmax(-1).mul(rows).sum(), leaf));
                }
            });
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i];
            }
        }
        return Directions.squaredNorm(sum);
    }

    private NDArray rows(NDManager scope, NDArray logits, MaskedBatch batch, int first, OutputProbe probe) {
        int size = Math.toIntExact(logits.getShape().get(0));
        int vocabulary = Math.toIntExact(logits.getShape().get(1));
        double[] probabilities = Torch.doubles(logits.softmax(-1));
        double[] rows = new double[size * vocabulary];
        double[] prediction = new double[vocabulary];
        double[] row = new double[vocabulary];
        for (int i = 0; i < size; i++) {
            System.arraycopy(probabilities, i * vocabulary, prediction, 0, vocabulary);
            Arrays.fill(row, 0);
            probe.fill(first + i, 0, prediction, target(batch, i, vocabulary), row);
            System.arraycopy(row, 0, rows, i * vocabulary, vocabulary);
        }
        return array(scope, rows, size, vocabulary);
    }

    /** A target over words as one over tokens. */
    private static double[] target(MaskedBatch batch, int example, int vocabulary) {
        double[] words = batch.target(example);
        double[] tokens = new double[vocabulary];
        System.arraycopy(words, 0, tokens, EncoderShape.FIRST_WORD, words.length);
        return tokens;
    }

    @Override
    public Outlook look(MaskedBatch batch, double[] direction, double step) {
        double[][] scores = new double[batch.size()][];
        double[][] targets = new double[batch.size()][];
        for (int from = 0; from < batch.size(); from += step(batch)) {
            MaskedBatch some = batch.part(from, Math.min(batch.size(), from + step(batch)));
            double[] flat = Torch.unrecorded(() -> {
                try (Arena memory = Arena.ofConfined();
                        NDManager scope = Torch.scope()) {
                    NDArray displaced =
                            Torch.vector(scope, memory, dtype, theta.length, i -> theta[i] + step * direction[i]);
                    return Torch.doubles(encoder.maskedLogits(displaced, some.tokens()));
                }
            });
            int vocabulary = flat.length / some.size();
            for (int i = 0; i < some.size(); i++) {
                scores[from + i] = Arrays.copyOfRange(flat, i * vocabulary, (i + 1) * vocabulary);
                targets[from + i] = some.target(i);
            }
        }
        return new ScoredOutlook(scores, targets, EncoderShape.FIRST_WORD);
    }

    @Override
    public double precision() {
        return dtype == DataType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1.0f);
    }

    @Override
    public List<CurvatureProduct> products(MaskedBatch batch, List<double[]> directions) {
        double[][] sums = new double[directions.size()][theta.length];
        double[] forms = new double[directions.size()];
        for (int from = 0; from < batch.size(); from += step(batch)) {
            int to = Math.min(batch.size(), from + step(batch));
            add(batch.part(from, to), (double) (to - from) / batch.size(), directions, sums, forms);
        }
        List<CurvatureProduct> products = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            products.add(new CurvatureProduct(directions.get(i), sums[i], forms[i]));
        }
        return products;
    }

    /**
     * The products of a part of a batch. A leaf of zeros added to the scores gives v'Fv in the same backward pass: the derivative
     * of ⟨∇L, v⟩ with respect to it is w = (diag p − pp')Jv of every example, and Var_p(Jv) = Σ_y w_y²/p_y.
     */
    private void add(MaskedBatch batch, double share, List<double[]> directions, double[][] sums, double[] forms) {
        Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(array(scope, theta, theta.length));
                NDArray scores = encoder.maskedLogits(leaf, batch.tokens());
                NDArray tap = Torch.leaf(scope.zeros(scores.getShape(), dtype));
                NDArray tapped = scores.add(tap);
                double[] probabilities = Torch.unrecorded(() -> Torch.doubles(scores.softmax(-1)));
                NDArray loss = Encoder.crossEntropy(tapped, targets(scope, batch));
                NDArray gradient = Torch.gradientWithGraph(loss, leaf);
                for (int i = 0; i < sums.length; i++) {
                    NDArray direction = array(scope, directions.get(i), theta.length);
                    NDList products = Torch.products(gradient, List.of(leaf, tap), direction);
                    double[] product = Torch.doubles(products.get(0));
                    for (int k = 0; k < product.length; k++) {
                        sums[i][k] += share * product[k];
                    }
                    forms[i] += share * fisherForm(Torch.doubles(products.get(1)), probabilities, batch.size());
                }
                return sums;
            }
        });
    }

    /** Mean over examples of Σ_y w_y²/p_y; the engine's w carries the 1/size of the mean loss. */
    private static double fisherForm(double[] weighted, double[] probabilities, int size) {
        double sum = 0;
        for (int i = 0; i < weighted.length; i++) {
            if (probabilities[i] > 0) {
                sum += weighted[i] * weighted[i] / probabilities[i];
            }
        }
        return sum * size;
    }

    private int step(MaskedBatch batch) {
        return Math.min(part, batch.size());
    }

    /**
     * What per-example norms keep of every layer takes twice an ordinary gradient's memory: by halves a batch costs as much time, and no
     * more memory than its gradient. Small batches cost less whole.
     */
    private int normStep(MaskedBatch batch) {
        return Math.min(step(batch), Math.max(SMALL, Math.ceilDiv(batch.size(), 2)));
    }

    private NDArray targets(NDManager scope, MaskedBatch batch) {
        double[][] rows = new double[batch.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = batch.target(i);
        }
        return encoder.targets(scope, rows, dtype);
    }

    private NDArray array(NDManager scope, double[] values, long... sizes) {
        return Torch.array(scope, values, dtype, sizes);
    }
}
