package basin.network;

import ai.djl.ndarray.NDManager;
import basin.network.engine.Torch;
import basin.study.ExpansionRecipe;
import basin.study.Refusal;
import java.util.List;

/**
 * A function-preserving embedding of a network's weights in a larger architecture, which makes
 * networks of different sizes comparable in one parameterisation. The larger width is k times the
 * smaller, the feed-forward blocks have m times as many units, with k and m whole numbers, the
 * heads keep their size, and layers may be added.
 *
 * <p>The residual stream, the heads and the hidden units contain k (or m) equal copies of those of
 * the small network. Embeddings, LayerNorm's gains and biases, and the biases of layers are copied.
 * A stream of copies has the mean and the variance of one copy, so every LayerNorm again yields
 * copies. A matrix that reads k copies weights them by shares that add up to one. The tied table of
 * the head must do the same, but its weights cannot be divided without changing the embedding.
 * Therefore the last LayerNorm's gain and bias carry the shares. {@link ExpansionRecipe#TILED}
 * gives each copy 1/k. {@link ExpansionRecipe#LEADING} gives the first copy 1 and the others 0.
 * Added layers are copies of the last one with zero output projections, so that they leave the
 * stream unchanged.
 *
 * <p>The functions are equal, but the curvature differs. The gradient with respect to a block of a
 * matrix is the back-propagated signal of the copy that is written times the state of the copy that
 * is read. The states of all copies are those of the small network, and the signals of the copies
 * add up to its signal. Under the tiled recipe, each copy has 1/k of the signal. With m = k, the
 * Fisher trace of a hidden matrix is unchanged, and that of embeddings and hidden biases is divided
 * by k. By the Cauchy-Schwarz inequality, no other way of reading the copies gives hidden matrices
 * a smaller share. Under the leading recipe, the signal stays in the first copy, except for what
 * LayerNorm's statistics spread, and the shares grow. Immutable; thread-safe.
 *
 * @param small shape of the embedded network
 * @param large shape of the larger architecture, which may be the same
 * @param recipe weighting of copies in the matrices that read them
 */
public record FunctionPreservingExpansion(EncoderShape small, EncoderShape large, ExpansionRecipe recipe) {
    private static final double EQUAL = 1e-10;

    /**
     * Creates an expansion from one shape to another.
     *
     * @throws Refusal if the first shape does not fit into the second
     */
    public FunctionPreservingExpansion {
        if (small.vocabularySize() != large.vocabularySize() || small.maxLength() != large.maxLength()) {
            throw new Refusal("the language of the larger network has " + large.vocabularySize() + " words in"
                    + " sentences of at most " + large.maxLength() + ": give one of " + small.vocabularySize() + " and "
                    + small.maxLength() + ".");
        }
        whole("width", small.width(), large.width());
        whole("intermediate", small.intermediate(), large.intermediate());
        if (large.layers() < small.layers()) {
            throw new Refusal("layers is " + large.layers() + ": give at least " + small.layers()
                    + ", those of the network that is embedded.");
        }
        if ((long) large.heads() * small.width() != (long) small.heads() * large.width()) {
            throw new Refusal("heads is " + large.heads() + ": give "
                    + (long) small.heads() * large.width() / small.width() + ", so that a head keeps its "
                    + small.width() / small.heads() + " units.");
        }
    }

    private static void whole(String field, int small, int large) {
        if (large % small != 0) {
            throw new Refusal(field + " is " + large + ": give a whole multiple of " + small
                    + ", that of the network that is embedded.");
        }
    }

    /**
     * Returns the weights in the larger architecture.
     *
     * @throws IllegalArgumentException if {@code theta} does not have the small network's length
     */
    public double[] apply(double[] theta) {
        if (theta.length != small.parameterCount()) {
            throw new IllegalArgumentException("there are " + theta.length + " weights: give those of the smaller"
                    + " network, " + small.parameterCount() + ".");
        }
        Layout known = small.network().layout();
        double[] enlarged = new double[large.parameterCount()];
        for (Parameter tensor : large.parameters()) {
            if (layer(tensor) >= small.layers() && writesToTheStream(tensor)) {
                continue;
            }
            put(tensor, known.parameter(sourceName(tensor)), theta, enlarged);
        }
        return enlarged;
    }

    private void put(Parameter tensor, Parameter source, double[] theta, double[] enlarged) {
        int columns = columns(tensor);
        int sourceColumns = columns(source);
        int sourceRows = source.size() / sourceColumns;
        int copies = columns / sourceColumns;
        // The embedding tables are copied without shares, because they are looked up and not read
        // across columns. Of all vectors, only the last LayerNorm carries shares.
        boolean shared = (tensor.shape().length > 1 && !isTable(tensor.name()))
                || tensor.name().startsWith("lm_head.layer_norm");
        for (int i = 0; i < tensor.size(); i++) {
            int row = i / columns;
            int column = i % columns;
            double weight = theta[source.offset() + row % sourceRows * sourceColumns + column % sourceColumns];
            enlarged[tensor.offset() + i] = shared ? weight * share(column / sourceColumns, copies) : weight;
        }
    }

    private double share(int copy, int copies) {
        return switch (recipe) {
            case TILED -> 1.0 / copies;
            case LEADING -> copy == 0 ? 1 : 0;
        };
    }

    /**
     * Returns whether a tensor is one of the three embedding tables. The word table is also that of
     * the head.
     *
     * @param name name in Hugging Face's state dict of the same layout
     */
    public static boolean isTable(String name) {
        return name.endsWith("_embeddings.weight");
    }

    /** Returns the layer that a tensor belongs to; −1 if it belongs to none. */
    private static int layer(Parameter tensor) {
        int at = tensor.name().indexOf(".layer.");
        return at < 0
                ? -1
                : Integer.parseInt(tensor.name().substring(at + 7, tensor.name().indexOf('.', at + 7)));
    }

    private static boolean writesToTheStream(Parameter tensor) {
        return tensor.name().contains(".output.dense.");
    }

    /** Returns the name of the source tensor. An added layer is a copy of the last one. */
    private String sourceName(Parameter tensor) {
        int layer = layer(tensor);
        return layer < small.layers()
                ? tensor.name()
                : tensor.name().replace(".layer." + layer + ".", ".layer." + (small.layers() - 1) + ".");
    }

    private static int columns(Parameter tensor) {
        return Math.toIntExact(tensor.shape()[tensor.shape().length - 1]);
    }

    /**
     * Compares the logits of the two networks in float64.
     *
     * @param theta weights of the smaller network
     * @return largest absolute difference of a logit at a masked place, relative to the largest
     *     absolute logit, or to one if that is smaller
     */
    public double difference(double[] theta, TokenBatch batch) {
        List<double[]> scores = List.of(scores(small, theta, batch), scores(large, apply(theta), batch));
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < scores.getFirst().length; i++) {
            largest = Math.max(largest, Math.abs(scores.getFirst()[i]));
            difference = Math.max(difference, Math.abs(scores.getFirst()[i] - scores.getLast()[i]));
        }
        return difference / largest;
    }

    /**
     * Checks that the two networks compute the same function.
     *
     * @throws Refusal if their logits differ by more than rounding in float64 explains
     */
    public void check(float[] theta, TokenBatch batch) {
        double difference = difference(Weights.widened(theta), batch);
        if (!(difference <= EQUAL)) {
            throw new Refusal("The scores of the embedded network differ from its own by " + difference
                    + " of the largest, more than " + EQUAL + ": its weights are too small or too large for float64.");
        }
    }

    private static double[] scores(EncoderShape shape, double[] theta, TokenBatch batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return shape.network().logits(scope.create(theta), batch).toDoubleArray();
            }
        });
    }
}
