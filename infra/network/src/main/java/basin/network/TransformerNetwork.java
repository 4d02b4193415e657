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
     * Applies all layers in turn. {@code layer} maps the number of a layer and its input to its
     * output.
     */
    final NDArray layers(ForwardPass pass, NDArray x, Layer layer) {
        NDArray states = x;
        for (int i = 0; i < shape.layers(); i++) {
            int number = i;
            states = pass.layer(states, input -> layer.of(number, input));
        }
        return states;
    }

    /** A function that applies one layer. */
    @FunctionalInterface
    interface Layer {
        NDArray of(int layer, NDArray x);
    }

    /** Lays out a normalisation of the states. */
    final void normLayout(String name) {
        layout().norm(name, shape.width(), shape.norm());
    }

    final NDArray norm(ForwardPass pass, String name, NDArray x) {
        return pass.norm(name, x, shape.norm());
    }

    /** Returns multi-head attention of a layer. */
    final NDArray attended(ForwardPass pass, int layer, NDArray queries, NDArray keys, NDArray values) {
        return pass.attended(queries, keys, values, shape.attention().get(layer));
    }

    /**
     * Returns multi-head attention of a layer.
     *
     * @param all queries, keys and values side by side
     */
    final NDArray attended(ForwardPass pass, int layer, NDArray all) {
        long width = shape.attention().get(layer).width();
        long keys = width + shape.attention().get(layer).keyWidth();
        return attended(
                pass,
                layer,
                all.get("..., 0:" + width),
                all.get("..., " + width + ":" + keys),
                all.get("..., " + keys + ":"));
    }

    /** Returns a feed-forward block: W₂·activation(W₁·x). */
    final NDArray feedForward(ForwardPass pass, String in, String out, NDArray x) {
        return pass.linear(out, shape.activation().of(pass.linear(in, x)));
    }

    /**
     * Returns a gated feed-forward block: W₂·(activation(gate) ∘ up).
     *
     * @param in map to gate and up, side by side
     * @param gateFirst whether the gate comes first
     */
    final NDArray gated(ForwardPass pass, String in, boolean gateFirst, String out, NDArray x) {
        NDArray both = pass.linear(in, x);
        NDArray first = both.get("..., 0:" + shape.intermediate());
        NDArray second = both.get("..., " + shape.intermediate() + ":");
        NDArray hidden = gateFirst
                ? shape.activation().of(first).mul(second)
                : shape.activation().of(second).mul(first);
        return pass.linear(out, hidden);
    }

    /** Returns the table that the head uses: that of the embeddings if it is tied. */
    final String table(String embedding, String own) {
        return shape.tie().table() ? embedding : own;
    }

    /** Returns the bias that the head uses: the only one if its two names are tied. */
    final String bias(String only, String own) {
        return shape.tie().bias() ? only : own;
    }
}
