package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.lm.engine.Torch;
import basin.lm.model.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of a network around its weights: of each sequence the mean cross-entropy over its predictions, in nats a predicted
 * token, against the tokens seen or distributions. Gradients of examples are taken one after the other. Holds no native memory between calls; one thread at
 * a time.
 */
public final class NetworkSurface implements LossSurface<TokenSequences> {
    /** Scores that are held at once, all predictions of a part of a batch: with their gradients some hundred megabytes. */
    private static final long MOST_SCORES = 8_000_000;

    private final Network network;
    private final double[] theta;
    private final DataType dtype;
    private final long mostScores;

    private NetworkSurface(Network network, double[] theta, DataType dtype, long mostScores) {
        this.network = network;
        this.theta = theta.clone();
        this.dtype = dtype;
        this.mostScores = mostScores;
    }

    /** Single precision. */
    public static NetworkSurface single(Network network, double[] theta) {
        return new NetworkSurface(network, theta, DataType.FLOAT32, MOST_SCORES);
    }

    /** Double precision. */
    public static NetworkSurface precise(Network network, double[] theta) {
        return new NetworkSurface(network, theta, DataType.FLOAT64, MOST_SCORES);
    }

    /** The same, batches cut into parts of at most so many scores, but at least one example, to save memory. */
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

    /** Examples from one number to another. */
    private record Part(int from, int to) {}

    private List<Part> parts(TokenSequences batch) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        long scores = 0;
        for (int i = 0; i < batch.size(); i++) {
            long own = (long) batch.example(i).places().length * network.vocabulary();
            if (i > from && scores + own > mostScores) {
                parts.add(new Part(from, i));
                from = i;
                scores = 0;
            }
            scores += own;
        }
        parts.add(new Part(from, batch.size()));
        return parts;
    }

    @Override
    public double[] gradientNorms(TokenSequences batch, OutputProbe probe) {
        double[] norms = new double[batch.size()];
        for (int i = 0; i < norms.length; i++) {
            norms[i] = Directions.squaredNorm(gradient(batch, new Part(i, i + 1), probe));
        }
        return norms;
    }

    @Override
    public List<Block> blocks() {
        return network.parameters().stream()
                .map(tensor -> new Block(tensor.name(), tensor.offset(), tensor.offset() + tensor.size()))
                .toList();
    }

    @Override
    public double[][] gradientNormsOfBlocks(TokenSequences batch, OutputProbe probe) {
        List<Block> blocks = blocks();
        double[][] norms = new double[blocks.size()][batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            double[] own = gradient(batch, new Part(i, i + 1), probe);
            for (int block = 0; block < norms.length; block++) {
                norms[block][i] = blocks.get(block).squaredNorm(own);
            }
        }
        return norms;
    }

    @Override
    public double[] gradient(TokenSequences batch) {
        double[] sum = new double[theta.length];
        for (Part part : parts(batch)) {
            TokenSequences some = batch.part(part.from(), part.to());
            double[] own = Torch.recording(() -> {
                try (NDManager scope = Torch.scope()) {
                    NDArray leaf = Torch.leaf(array(scope, theta, theta.length));
                    NDArray loss = network.logits(leaf, some.placed(0))
                            .logSoftmax(-1)
                            .mul(targets(scope, some, weights(some, batch.size())))
                            .sum()
                            .neg();
                    return Torch.doubles(Torch.gradient(loss, leaf));
                }
            });
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i];
            }
        }
        return sum;
    }

    @Override
    public double joinedGradientNorm(TokenSequences batch, OutputProbe probe) {
        double[] sum = new double[theta.length];
        for (Part part : parts(batch)) {
            double[] own = gradient(batch, part, probe);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i];
            }
        }
        return Directions.squaredNorm(sum);
    }

    /** Σ over examples of the gradient of −Σ row·log p over their predictions, divided by the root of their number. */
    private double[] gradient(TokenSequences batch, Part part, OutputProbe probe) {
        TokenSequences some = batch.part(part.from(), part.to());
        return Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(array(scope, theta, theta.length));
                NDArray logits = network.logits(leaf, some.placed(0));
                NDArray rows = Torch.unrecorded(() -> rows(scope, logits, some, part.from(), probe));
                return Torch.doubles(
                        Torch.gradient(logits.logSoftmax(-1).mul(rows).sum(), leaf));
            }
        });
    }

    private NDArray rows(NDManager scope, NDArray logits, TokenSequences some, int first, OutputProbe probe) {
        int vocabulary = network.vocabulary();
        double[] probabilities = Torch.doubles(logits.softmax(-1));
        double[] rows = new double[probabilities.length];
        double[] row = new double[vocabulary];
        double[] target = new double[vocabulary];
        int at = 0;
        for (int i = 0; i < some.size(); i++) {
            TokenSequences.Example example = some.example(i);
            double share = 1 / Math.sqrt((double) example.firsts().length);
            for (int place = 0; place < example.firsts().length; place++) {
                Arrays.fill(row, 0);
                double[] words = example.targets()[place];
                int from = example.firsts()[place];
                System.arraycopy(words, 0, target, from, words.length);
                probe.fill(first + i, place, Arrays.copyOfRange(probabilities, at, at + vocabulary), target, row);
                Arrays.fill(target, from, from + words.length, 0);
                for (int y = 0; y < vocabulary; y++) {
                    rows[at + y] = share * row[y];
                }
                at += vocabulary;
            }
        }
        return array(scope, rows, some.predictions(), vocabulary);
    }

    @Override
    public Outlook look(TokenSequences batch, double[] direction, double step) {
        double[] displaced = new double[theta.length];
        for (int i = 0; i < displaced.length; i++) {
            displaced[i] = theta[i] + step * direction[i];
        }
        List<double[]> scores = new ArrayList<>();
        for (Part part : parts(batch)) {
            double[] flat = Torch.unrecorded(() -> {
                try (NDManager scope = Torch.scope()) {
                    return Torch.doubles(network.logits(
                            array(scope, displaced, displaced.length),
                            batch.part(part.from(), part.to()).placed(0)));
                }
            });
            for (int from = 0; from < flat.length; from += network.vocabulary()) {
                scores.add(Arrays.copyOfRange(flat, from, from + network.vocabulary()));
            }
        }
        return SequencesOutlook.of(batch, scores);
    }

    @Override
    public List<CurvatureProduct> products(TokenSequences batch, List<double[]> directions) {
        double[][] sums = new double[directions.size()][theta.length];
        double[] forms = new double[directions.size()];
        for (Part part : parts(batch)) {
            add(batch.part(part.from(), part.to()), batch.size(), directions, sums, forms);
        }
        List<CurvatureProduct> products = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            products.add(new CurvatureProduct(directions.get(i), sums[i], forms[i]));
        }
        return products;
    }

    /**
     * The products of a part of a batch of {@code size} examples. A leaf of zeros added to the scores gives v'Fv in the same backward pass:
     * the derivative of ⟨∇L, v⟩ with respect to it is w = c·(diag p − pp')Jv at a prediction of weight c in the loss, and
     * c·Var_p(Jv) = Σ_y w_y²/(c·p_y).
     */
    private void add(TokenSequences some, int size, List<double[]> directions, double[][] sums, double[] forms) {
        Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(array(scope, theta, theta.length));
                NDArray scores = network.logits(leaf, some.placed(0));
                NDArray tap = Torch.leaf(scope.zeros(scores.getShape(), dtype));
                double[] probabilities = Torch.unrecorded(() -> Torch.doubles(scores.softmax(-1)));
                double[] weights = weights(some, size);
                NDArray loss = scores.add(tap)
                        .logSoftmax(-1)
                        .mul(targets(scope, some, weights))
                        .sum()
                        .neg();
                NDArray gradient = Torch.gradientWithGraph(loss, leaf);
                for (int i = 0; i < sums.length; i++) {
                    NDArray direction = array(scope, directions.get(i), theta.length);
                    NDList products = Torch.products(gradient, List.of(leaf, tap), direction);
                    double[] product = Torch.doubles(products.get(0));
                    for (int k = 0; k < product.length; k++) {
                        sums[i][k] += product[k];
                    }
                    forms[i] += fisherForm(Torch.doubles(products.get(1)), probabilities, weights);
                }
                return sums;
            }
        });
    }

    private double fisherForm(double[] weighted, double[] probabilities, double[] weights) {
        double sum = 0;
        for (int prediction = 0; prediction < weights.length; prediction++) {
            double own = 0;
            int from = prediction * network.vocabulary();
            for (int at = from; at < from + network.vocabulary(); at++) {
                if (probabilities[at] > 0) {
                    own += weighted[at] * weighted[at] / probabilities[at];
                }
            }
            sum += own / weights[prediction];
        }
        return sum;
    }

    /** What each prediction weighs in the loss of a batch of so many examples. */
    private static double[] weights(TokenSequences some, int size) {
        double[] weights = new double[some.predictions()];
        int at = 0;
        for (int i = 0; i < some.size(); i++) {
            int own = some.example(i).places().length;
            Arrays.fill(weights, at, at + own, 1.0 / ((double) size * own));
            at += own;
        }
        return weights;
    }

    private NDArray targets(NDManager scope, TokenSequences some, double[] weights) {
        double[] rows = new double[weights.length * network.vocabulary()];
        int at = 0;
        for (int i = 0; i < some.size(); i++) {
            TokenSequences.Example example = some.example(i);
            for (int place = 0; place < example.firsts().length; place++) {
                double[] words = example.targets()[place];
                int from = at * network.vocabulary() + example.firsts()[place];
                for (int word = 0; word < words.length; word++) {
                    rows[from + word] = weights[at] * words[word];
                }
                at++;
            }
        }
        return array(scope, rows, weights.length, network.vocabulary());
    }

    private NDArray array(NDManager scope, double[] values, long... sizes) {
        return Torch.array(scope, values, dtype, sizes);
    }
}
