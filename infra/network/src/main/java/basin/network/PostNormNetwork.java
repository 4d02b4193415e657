package basin.network;

import ai.djl.ndarray.NDArray;

/**
 * A masked language model of post-LN layers: a normalisation follows each residual. Its tensors are
 * named by the subclass.
 */
abstract class PostNormNetwork extends TransformerNetwork {
    private final Names names;

    /**
     * The names of a layer's tensors, after the layer's prefix.
     *
     * @param out map of the attention's result
     * @param attentionNorm normalisation after the attention
     * @param up first map of the feed-forward block
     * @param down second map of the feed-forward block
     * @param lastNorm normalisation after the feed-forward block
     */
    record Names(
            String query,
            String key,
            String value,
            String out,
            String attentionNorm,
            String up,
            String down,
            String lastNorm) {
        /** The names of BERT and RoBERTa. */
        static final Names BERT = new Names(
                "attention.self.query",
                "attention.self.key",
                "attention.self.value",
                "attention.output.dense",
                "attention.output.LayerNorm",
                "intermediate.dense",
                "output.dense",
                "output.LayerNorm");
    }

    /**
     * Creates a network whose constructor lays out its tensors.
     *
     * @param layers prefix of the names of a layer's tensors, before the layer's number
     */
    PostNormNetwork(String type, TransformerShape shape, String layers, Names names) {
        super(type, false, shape, layers);
        this.names = names;
    }

    /** Lays out all layers. */
    final void layersLayout() {
        int width = shape().width();
        for (int layer = 0; layer < shape().layers(); layer++) {
            String at = at(layer);
            layout().linear(at + names.query(), width, width);
            layout().linear(at + names.key(), width, width);
            layout().linear(at + names.value(), width, width);
            layout().linear(at + names.out(), width, width);
            normLayout(at + names.attentionNorm());
            layout().linear(at + names.up(), shape().intermediate(), width);
            layout().linear(at + names.down(), width, shape().intermediate());
            normLayout(at + names.lastNorm());
        }
    }

    /** Applies all layers. */
    final NDArray layers(ForwardPass pass, NDArray x) {
        return layers(pass, x, (layer, input) -> layer(pass, layer, input));
    }

    private NDArray layer(ForwardPass pass, int layer, NDArray x) {
        String at = at(layer);
        NDArray context = attended(
                pass,
                layer,
                pass.linear(at + names.query(), x),
                pass.linear(at + names.key(), x),
                pass.linear(at + names.value(), x));
        NDArray attended = norm(
                pass,
                at + names.attentionNorm(),
                pass.linear(at + names.out(), context).add(x));
        NDArray fed = feedForward(pass, at + names.up(), at + names.down(), attended);
        return norm(pass, at + names.lastNorm(), fed.add(attended));
    }
}
