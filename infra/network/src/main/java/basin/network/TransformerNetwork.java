package basin.network;

import ai.djl.ndarray.NDArray;

/** A network of equal layers of attention and a feed-forward block, with a table of the vocabulary at both ends, which may be one. */
abstract class TransformerNetwork extends Network {
    private final TransformerShape shape;
    private final String layers;

    /**
     * A transformer whose tensors its constructor lays out.
     *
     * @param layers what the names of a layer's tensors begin with, before the layer's number
     */
    TransformerNetwork(String type, boolean causal, TransformerShape shape, String layers) {
        super(type, causal, shape.vocabulary(), shape.maxLength());
        this.shape = shape;
        this.layers = layers;
    }

    final TransformerShape shape() {
        return shape;
    }

    /** Whether it is of the same type and shape as another network. */
    final boolean isMadeLike(Network other) {
        return other instanceof TransformerNetwork own && type().equals(own.type()) && shape.equals(own.shape);
    }

    /** What the names of a layer's tensors begin with. */
    final String at(int layer) {
        return layers + layer + ".";
    }

    /** Applies all layers in turn; {@code layer} maps the beginning of its tensors' names and its input to its output. */
    final NDArray layers(ForwardPass pass, NDArray x, Layer layer) {
        NDArray states = x;
        for (int i = 0; i < shape.layers(); i++) {
            String at = at(i);
            states = pass.layer(states, input -> layer.of(at, input));
        }
        return states;
    }

    /** One layer. */
    @FunctionalInterface
    interface Layer {
        NDArray of(String at, NDArray x);
    }

    final NDArray norm(ForwardPass pass, String name, NDArray x) {
        return pass.norm(name, x, shape.epsilon());
    }

    /** A feed-forward block behind its LayerNorm: x + W₂·activation(W₁·norm(x)). */
    final NDArray feedForward(ForwardPass pass, String norm, String in, String out, NDArray x) {
        NDArray hidden = shape.activation().of(pass.linear(in, norm(pass, norm, x)));
        return pass.linear(out, hidden).add(x);
    }

    /** The tensor that the head uses: that of the embeddings where they are tied, else its own. */
    final String tied(String embedding, String own) {
        return shape.tied() ? embedding : own;
    }
}
