package basin.evaluator.protocol;

import basin.network.AdamW;
import basin.study.Seeds;
import java.util.Arrays;

/**
 * A linear classifier p(class | x) ∝ exp(w·x + b), trained by AdamW on the mean cross-entropy of
 * shuffled batches. It starts from zero weights and needs no seed for them, because the loss is
 * convex.
 *
 * <p>Plain Java in a fixed order of operations, so results are bit-identical on every machine.
 * AdamW uses PyTorch's default constants, β = (.9, .999) and ε = 1e-8, with weight decay .01 on all
 * but the biases. Thread-safe for reading.
 *
 * @param theta weights, [classes, columns] row-major, then biases; not to be modified
 */
@SuppressWarnings("ArrayRecordComponent") // Made once per repetition and read only.
record SoftmaxRegression(int classes, int columns, float[] theta) {
    static final AdamW OPTIMISER = new AdamW(0.9, 0.999, 1e-8, 0.01);

    /**
     * The settings of a classifier's training.
     *
     * @param epochs passes over the examples, each in its own order
     * @param batch examples per step; the last batch of a pass may be smaller
     * @param learningRate constant learning rate
     */
    record Training(int epochs, int batch, double learningRate) {}

    /**
     * Trains a classifier.
     *
     * @param labels class of each row, from 0 to {@code classes} − 1
     * @param seed seed of the order of examples
     * @param repetition distinguishes the orders of one seed
     */
    static SoftmaxRegression train(
            Features features, int[] labels, int classes, Training training, long seed, int repetition) {
        int columns = features.columns();
        float[] theta = new float[classes * (columns + 1)];
        float[] gradient = new float[theta.length];
        float[] first = new float[theta.length];
        float[] second = new float[theta.length];
        float[] decays = new float[theta.length];
        Arrays.fill(decays, 0, classes * columns, 1);
        int step = 0;
        for (int epoch = 0; epoch < training.epochs(); epoch++) {
            int[] order = Seeds.permutation(Seeds.generator(seed, "probe/order", repetition, epoch), features.rows());
            for (int from = 0; from < order.length; from += training.batch()) {
                int to = Math.min(order.length, from + training.batch());
                lossAndGradient(features, labels, classes, Arrays.copyOfRange(order, from, to), theta, gradient);
                OPTIMISER.step(++step, training.learningRate(), theta, gradient, first, second, decays);
            }
        }
        return new SoftmaxRegression(classes, columns, theta);
    }

    /**
     * Returns the share of rows whose most likely class is their label; ties count as the first
     * class.
     *
     * @throws IllegalArgumentException if the features do not match the classifier or the labels
     */
    double accuracy(Features features, int[] labels) {
        if (features.columns() != columns || features.rows() != labels.length) {
            throw new IllegalArgumentException("the features are " + features.rows() + " × " + features.columns()
                    + ": give " + labels.length + " rows of " + columns + " numbers.");
        }
        int[] row = new int[1];
        float[] scores = new float[classes];
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            row[0] = i;
            scores(features, row, classes, theta, scores);
            right += first(scores, 0, classes) == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    /**
     * Returns the class with the highest of the scores that begin at {@code at}, the first of
     * equals.
     */
    static int first(float[] scores, int at, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = scores[at + c] > scores[at + best] ? c : best;
        }
        return best;
    }

    /**
     * Computes the mean cross-entropy of some rows, in nats, and its gradient.
     *
     * @param rows indices of the rows
     * @param theta weights, [classes, columns], then biases
     * @param gradient filled, as long as theta
     */
    static double lossAndGradient(
            Features features, int[] labels, int classes, int[] rows, float[] theta, float[] gradient) {
        float[] errors = new float[rows.length * classes];
        scores(features, rows, classes, theta, errors);
        double loss = 0;
        for (int i = 0; i < rows.length; i++) {
            loss += softmaxErrors(errors, i * classes, classes, labels[rows[i]], rows.length);
        }
        Arrays.fill(gradient, 0);
        int columns = features.columns();
        for (int c = 0; c < classes; c++) {
            Products.addCombination(features, rows, errors, c, classes, gradient, c * columns);
            float bias = 0;
            for (int k = c; k < errors.length; k += classes) {
                bias += errors[k];
            }
            gradient[classes * columns + c] = bias;
        }
        return loss / rows.length;
    }

    /**
     * Replaces one row of scores by (p − 1[label]) / examples and returns the row's cross-entropy,
     * in nats.
     */
    private static double softmaxErrors(float[] scores, int at, int classes, int label, int examples) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            highest = Math.max(highest, scores[at + c]);
        }
        double sum = 0;
        double own = scores[at + label] - highest;
        for (int c = 0; c < classes; c++) {
            double weight = StrictMath.exp(scores[at + c] - highest);
            scores[at + c] = (float) weight;
            sum += weight;
        }
        for (int c = 0; c < classes; c++) {
            scores[at + c] = (float) ((scores[at + c] / sum - (c == label ? 1 : 0)) / examples);
        }
        return StrictMath.log(sum) - own;
    }

    /**
     * Computes w·x + b of some rows, [rows, classes], two rows and two classes at a time. An odd
     * last one is paired with itself.
     */
    private static void scores(Features features, int[] rows, int classes, float[] theta, float[] scores) {
        int columns = features.columns();
        int biases = classes * columns;
        float[] products = new float[4];
        for (int i = 0; i < rows.length; i += 2) {
            int j = Math.min(i + 1, rows.length - 1);
            int xi = features.offset(rows[i]);
            int xj = features.offset(rows[j]);
            for (int c = 0; c < classes; c += 2) {
                int d = Math.min(c + 1, classes - 1);
                Products.twoByTwo(features.values(), xi, xj, theta, c * columns, d * columns, columns, products);
                scores[i * classes + c] = products[0] + theta[biases + c];
                scores[i * classes + d] = products[1] + theta[biases + d];
                scores[j * classes + c] = products[2] + theta[biases + c];
                scores[j * classes + d] = products[3] + theta[biases + d];
            }
        }
    }
}
