package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.lm.engine.Torch;
import basin.lm.network.Encoder;
import basin.lm.network.EncoderShape;
import basin.lm.network.PerExampleGradients;
import basin.lm.network.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The masked loss of an encoder around its weights. Holds no native memory between calls; one thread at a time. */
public final class EncoderSurface implements LossSurface {
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

    /** Single precision, as the network was trained. */
    public static EncoderSurface single(Encoder encoder, float[] theta) {
        double[] wide = new double[theta.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = theta[i];
        }
        return new EncoderSurface(encoder, wide, DataType.FLOAT32, Integer.MAX_VALUE);
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
    public double[] sampledGradientNorms(MaskedBatch batch, double[] uniforms) {
        return norms(batch, sampled(uniforms));
    }

    private static RowFiller sampled(double[] uniforms) {
        return (example, prediction, row) -> row[Draws.label(prediction, uniforms[example])] = 1;
    }

    @Override
    public List<Block> blocks() {
        return encoder.shape().parameters().stream()
                .map(tensor -> new Block(tensor.name(), tensor.offset(), tensor.offset() + tensor.size()))
                .toList();
    }

    @Override
    public double[][] sampledGradientNormsOfBlocks(MaskedBatch batch, double[] uniforms) {
        double[][] norms = new double[encoder.shape().parameters().size()][batch.size()];
        for (int from = 0; from < batch.size(); from += step(batch)) {
            int first = from;
            MaskedBatch some = batch.part(from, Math.min(batch.size(), from + step(batch)));
            try (NDManager scope = Torch.scope()) {
                double[][] own = PerExampleGradients.squaredNormsOfTensors(
                        encoder,
                        array(scope, theta, theta.length),
                        tokens(some),
                        logits -> rows(scope, logits, first, sampled(uniforms)));
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
                    NDArray scores = encoder.maskedLogits(leaf, tokens(some));
                    return doubles(Torch.gradient(Encoder.crossEntropy(scores, targets(scope, some)), leaf));
                }
            });
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i] * some.size() / batch.size();
            }
        }
        return sum;
    }

    @Override
    public double[] probedGradientNorms(MaskedBatch batch, OutputSigns signs) {
        // The cross-entropy to rows of √p∘u has the gradient J'(p·Σ√p∘u − √p∘u).
        return norms(batch, (example, prediction, row) -> {
            double[] own = signs.of(example, prediction.length);
            for (int score = 0; score < row.length; score++) {
                row[score] = own[score] * Math.sqrt(prediction[score]);
            }
        });
    }

    /** Fills a row of zeros with what stands in a target's place, in the light of the prediction. */
    @FunctionalInterface
    private interface RowFiller {
        void fill(int example, double[] prediction, double[] row);
    }

    /** Squared norms of the gradients of −Σ row·log p, one an example, from one backward pass a part. */
    private double[] norms(MaskedBatch batch, RowFiller filler) {
        double[] norms = new double[batch.size()];
        for (int from = 0; from < batch.size(); from += step(batch)) {
            int to = Math.min(batch.size(), from + step(batch));
            int first = from;
            MaskedBatch some = batch.part(from, to);
            try (NDManager scope = Torch.scope()) {
                double[] own = PerExampleGradients.squaredNorms(
                        encoder,
                        array(scope, theta, theta.length),
                        tokens(some),
                        logits -> rows(scope, logits, first, filler));
                System.arraycopy(own, 0, norms, from, own.length);
            }
        }
        return norms;
    }

    private NDArray rows(NDManager scope, NDArray logits, int first, RowFiller filler) {
        int size = Math.toIntExact(logits.getShape().get(0));
        int vocabulary = Math.toIntExact(logits.getShape().get(1));
        double[] probabilities = doubles(logits.softmax(-1));
        double[] rows = new double[size * vocabulary];
        double[] prediction = new double[vocabulary];
        double[] row = new double[vocabulary];
        for (int i = 0; i < size; i++) {
            System.arraycopy(probabilities, i * vocabulary, prediction, 0, vocabulary);
            Arrays.fill(row, 0);
            filler.fill(first + i, prediction, row);
            System.arraycopy(row, 0, rows, i * vocabulary, vocabulary);
        }
        return array(scope, rows, size, vocabulary);
    }

    @Override
    public Outlook look(MaskedBatch batch, double[] direction, double step) {
        double[] displaced = theta.clone();
        for (int i = 0; i < displaced.length; i++) {
            displaced[i] += step * direction[i];
        }
        double[] losses = new double[batch.size()];
        double[][] scores = new double[batch.size()][];
        for (int from = 0; from < batch.size(); from += step(batch)) {
            MaskedBatch some = batch.part(from, Math.min(batch.size(), from + step(batch)));
            double[] flat = Torch.unrecorded(() -> {
                try (NDManager scope = Torch.scope()) {
                    return doubles(encoder.maskedLogits(array(scope, displaced, displaced.length), tokens(some)));
                }
            });
            int vocabulary = flat.length / some.size();
            for (int i = 0; i < some.size(); i++) {
                scores[from + i] = Arrays.copyOfRange(flat, i * vocabulary, (i + 1) * vocabulary);
                losses[from + i] = loss(scores[from + i], some.target(i));
            }
        }
        return new Outlook(losses, scores);
    }

    /** −Σ target·log p, words' targets at their tokens. */
    private static double loss(double[] scores, double[] target) {
        double normalizer = ForwardForms.logSumExp(scores);
        double loss = 0;
        for (int word = 0; word < target.length; word++) {
            loss -= target[word] * (scores[EncoderShape.FIRST_WORD + word] - normalizer);
        }
        return loss;
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
                NDArray scores = encoder.maskedLogits(leaf, tokens(batch));
                NDArray tap = Torch.leaf(scope.zeros(scores.getShape(), dtype));
                NDArray tapped = scores.add(tap);
                double[] probabilities = Torch.unrecorded(() -> doubles(scores.softmax(-1)));
                NDArray loss = Encoder.crossEntropy(tapped, targets(scope, batch));
                NDArray gradient = Torch.gradientWithGraph(loss, leaf);
                for (int i = 0; i < sums.length; i++) {
                    NDArray direction = array(scope, directions.get(i), theta.length);
                    NDList products = Torch.products(gradient, List.of(leaf, tap), direction);
                    double[] product = doubles(products.get(0));
                    for (int k = 0; k < product.length; k++) {
                        sums[i][k] += share * product[k];
                    }
                    forms[i] += share * fisherForm(doubles(products.get(1)), probabilities, batch.size());
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

    private static TokenBatch tokens(MaskedBatch batch) {
        int[][] sentences = new int[batch.size()][];
        int[] positions = new int[batch.size()];
        for (int i = 0; i < positions.length; i++) {
            sentences[i] = batch.sentence(i);
            positions[i] = batch.position(i);
        }
        return TokenBatch.masked(sentences, positions);
    }

    private NDArray targets(NDManager scope, MaskedBatch batch) {
        double[][] rows = new double[batch.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = batch.target(i);
        }
        return encoder.targets(scope, rows, dtype);
    }

    private NDArray array(NDManager scope, double[] values, long... sizes) {
        if (dtype == DataType.FLOAT64) {
            return scope.create(values, new Shape(sizes));
        }
        float[] single = new float[values.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = (float) values[i];
        }
        return scope.create(single, new Shape(sizes));
    }

    private static double[] doubles(NDArray array) {
        return array.getDataType() == DataType.FLOAT64
                ? array.toDoubleArray()
                : array.toType(DataType.FLOAT64, false).toDoubleArray();
    }
}
