package basin.network;

import ai.djl.ndarray.NDArray;

/**
 * A transformer: equal layers of attention and a feed-forward block, with a table of the vocabulary
 * at both ends, which may be tied.
 */
abstract class TransformerNetwork extends Network {
    private final TransformerShape shape;
    private final String layers;

    /**
     * Creates a transformer whose constructor lays out its tensors.
     *
     * @param layers prefix of the names of a layer's tensors, before the layer's number
     */
    TransformerNetwork(String type, boolean causal, TransformerShape shape, String layers) {
        super(type, causal, shape.vocabulary(), shape.maxLength());
        this.shape = shape;
        this.layers = layers;
    }

    final TransformerShape shape() {
        return shape;
    }

    /** Returns whether another network has the same type and shape. */
    final boolean isMadeLike(Network other) {
        return other instanceof TransformerNetwork own && type().equals(own.type()) && shape.equals(own.shape);
    }

    /** Returns the prefix of the names of a layer's tensors. */
    final String at(int layer) {
        return layers + layer + ".";
    }

    /**
     * Applies all layers in turn. {@code layer} maps the prefix of its tensors' names and its input
     * to its output.
     */
    final NDArray layers(ForwardPass pass, NDArray x, Layer layer) {
        NDArray states = x;
        for (int i = 0; i < shape.layers(); i++) {
            String at = at(i);
            states = pass.layer(states, input -> layer.of(at, input));
        }
        return states;
    }

    /** A function that applies one layer. */
    @FunctionalInterface
    interface Layer {
        NDArray of(String at, NDArray x);
    }

    final NDArray norm(ForwardPass pass, String name, NDArray x) {
        return pass.norm(name, x, shape.epsilon());
    }

    /** Returns a pre-LN feed-forward block with its residual: x + W₂·activation(W₁·norm(x)). */
    final NDArray feedForward(ForwardPass pass, String norm, String in, String out, NDArray x) {
        NDArray hidden = shape.activation().of(pass.linear(in, norm(pass, norm, x)));
        return pass.linear(out, hidden).add(x);
    }

    /**
     * Returns the tensor that the head uses: that of the embeddings if they are tied, otherwise its
     * own.
     */
    final String tied(String embedding, String own) {
        return shape.tied() ? embedding : own;
    }
}
