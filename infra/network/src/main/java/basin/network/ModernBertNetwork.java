package basin.network;

import ai.djl.ndarray.NDArray;

/**
 * {@code ModernBertForMaskedLM}: a pre-LN encoder with rotary positions, local and global attention
 * and gated feed-forward blocks. The first layer's attention reads the normalised embeddings.
 */
public final class ModernBertNetwork extends TransformerNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "modernbert";

    private static final String BODY = "model.";
    private static final String WORDS = BODY + "embeddings.tok_embeddings.weight";
    private static final String WORD_NORM = BODY + "embeddings.norm";
    private static final String LAST_NORM = BODY + "final_norm";
    private static final String DECODER = "decoder.weight";
    private static final String BIAS = "decoder.bias";

    private final Switches switches;

    /**
     * The switches by which these encoders differ.
     *
     * @param attentionBias whether the maps of the attention have biases
     * @param feedBias whether the maps of the feed-forward blocks have biases
     * @param headBias whether the head's map of the states has a bias
     * @param scoreBias whether the scores have a bias
     * @param head activation of the head
     */
    public record Switches(
            boolean attentionBias, boolean feedBias, boolean headBias, boolean scoreBias, Activation head) {}

    /** Creates a network of a shape. */
    public ModernBertNetwork(TransformerShape shape, Switches switches) {
        super(TYPE, false, shape, BODY + "layers.");
        this.switches = switches;
        int width = shape.width();
        Layout layout = layout();
        layout.words(WORDS, shape.vocabulary(), width);
        normLayout(WORD_NORM);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String at = at(layer);
            if (layer > 0) {
                normLayout(at + "attn_norm");
            }
            layout.linear(at + "attn.Wqkv", 3 * width, width, switches.attentionBias());
            layout.linear(at + "attn.Wo", width, width, switches.attentionBias());
            normLayout(at + "mlp_norm");
            layout.linear(at + "mlp.Wi", Math.multiplyExact(2, shape.intermediate()), width, switches.feedBias());
            layout.linear(at + "mlp.Wo", width, shape.intermediate(), switches.feedBias());
        }
        normLayout(LAST_NORM);
        layout.linear("head.dense", width, width, switches.headBias());
        normLayout("head.norm");
        layout.head(shape, WORDS, DECODER);
        if (switches.scoreBias()) {
            layout.scoreBias(BIAS, shape.vocabulary());
        }
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = norm(pass, WORD_NORM, pass.embedding(pass.words(WORDS)));
        return norm(pass, LAST_NORM, layers(pass, x, (layer, input) -> layer(pass, layer, input)));
    }

    private NDArray layer(ForwardPass pass, int layer, NDArray x) {
        String at = at(layer);
        NDArray read = layer == 0 ? x : norm(pass, at + "attn_norm", x);
        NDArray context = attended(pass, layer, pass.linear(at + "attn.Wqkv", read));
        NDArray attended = pass.linear(at + "attn.Wo", context).add(x);
        NDArray normed = norm(pass, at + "mlp_norm", attended);
        return gated(pass, at + "mlp.Wi", true, at + "mlp.Wo", normed).add(attended);
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        NDArray hidden = norm(pass, "head.norm", switches.head().of(pass.linear("head.dense", states)));
        String table = table(WORDS, DECODER);
        return switches.scoreBias() ? pass.decoder(hidden, table, BIAS) : pass.decoder(hidden, table);
    }
}
