package basin.network;

import ai.djl.ndarray.NDManager;
import basin.network.engine.Torch;
import basin.study.ExpansionRecipe;
import basin.study.Refusal;
import java.util.List;

/**
 * Puts the weights of a network into a larger architecture without changing its function, so that networks of different sizes can be
 * compared in one parameterisation. Widths stand in a whole-number ratio k, heads keep their size, the units of the feed-forward blocks
 * stand in a whole-number ratio m, and layers may be added.
 *
 * <p>The stream, the heads and the hidden units hold k (or m) equal copies of the small network's: embeddings, LayerNorm's gains and
 * biases and the biases of layers are copied, and since a stream of copies has the mean and the variance of one of them, every LayerNorm
 * yields copies again. A matrix that reads k copies weighs them by shares that add up to one, and so does the tied table of the head, whose
 * weights cannot be divided without changing the embedding: there the last LayerNorm's gain and bias carry the shares. {@link
 * EmbeddingRecipe#TILED} gives each copy 1/k, {@link EmbeddingRecipe#LEADING} gives the first copy 1 and the others 0. Added layers are
 * copies of the last one whose two output projections are zero, so that they hand the stream on as it is.
 *
 * <p>Equal functions, other curvature. The gradient with respect to a block of a matrix is the back-propagated signal of the copy that is
 * written times the state of the copy that is read; the states are the small network's in all copies, and the signals of the copies add up
 * to its signal. Under the tiled recipe each copy of the signal is 1/k of it: with m = k the Fisher's share of a hidden matrix stays, that of
 * embeddings and hidden biases is divided by k. By the Cauchy-Schwarz inequality no other way of reading the copies has smaller shares of
 * hidden matrices. Under the leading recipe the signal stays in the first copy but for what LayerNorm's statistics spread, and the shares grow.
 * Immutable; thread-safe.
 *
 * @param small the shape of the network that is embedded
 * @param large the shape that it is embedded in, which may be the same
 * @param recipe how a matrix that reads copies weighs them
 */
public record FunctionPreservingExpansion(EncoderShape small, EncoderShape large, ExpansionRecipe recipe) {
    private static final double EQUAL = 1e-10;

    /**
     * From one shape to another.
     *
     * @throws Refusal in one sentence, where the first does not fit into the second
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

    /** The weights in the larger architecture. */
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
        // Tables are not read over their columns but looked up, and so are copied; so is all that is no matrix but the
        // last LayerNorm.
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
     * Whether a tensor is one of the three tables that the stream begins with; that of words is the head's too.
     *
     * @param name as in Hugging Face's state dict of the same layout
     */
    public static boolean isTable(String name) {
        return name.endsWith("_embeddings.weight");
    }

    /** The layer that a tensor belongs to; −1 outside of all. */
    private static int layer(Parameter tensor) {
        int at = tensor.name().indexOf(".layer.");
        return at < 0
                ? -1
                : Integer.parseInt(tensor.name().substring(at + 7, tensor.name().indexOf('.', at + 7)));
    }

    private static boolean writesToTheStream(Parameter tensor) {
        return tensor.name().contains(".output.dense.");
    }

    /** An added layer is a copy of the last one. */
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
     * Compares the two networks' scores in float64.
     *
     * @param theta of the smaller network
     * @return the largest difference of a score at a masked place, in units of the largest score or of one where that is less
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
     * Holds the two networks against each other.
     *
     * @throws Refusal in one sentence, where their scores differ by more than rounding in float64 explains
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
