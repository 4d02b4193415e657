package basin.network;

import ai.djl.ndarray.NDArray;
import basin.network.engine.Torch;

/**
 * {@code GPTNeoXForCausalLM}: a causal pre-LN decoder with rotary positions. Queries, keys and
 * values are stored head by head.
 */
public final class GptNeoxNetwork extends TransformerNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "gpt_neox";

    private static final String BODY = "gpt_neox.";
    private static final String WORDS = BODY + "embed_in.weight";
    private static final String LAST_NORM = BODY + "final_layer_norm";
    private static final String DECODER = "embed_out.weight";

    private final boolean parallel;

    /**
     * Creates a network of a shape.
     *
     * @param parallel whether attention and feed-forward block read the same states, and the sum of
     *     both is added to them
     * @param biased whether the maps of the attention have biases
     */
    public GptNeoxNetwork(TransformerShape shape, boolean parallel, boolean biased) {
        super(TYPE, true, shape, BODY + "layers.");
        this.parallel = parallel;
        int width = shape.width();
        Layout layout = layout();
        layout.words(WORDS, shape.vocabulary(), width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String at = at(layer);
            normLayout(at + "input_layernorm");
            normLayout(at + "post_attention_layernorm");
            layout.linear(at + "attention.query_key_value", 3 * width, width, biased);
            layout.linear(at + "attention.dense", width, width, biased);
            layout.linear(at + "mlp.dense_h_to_4h", shape.intermediate(), width);
            layout.linear(at + "mlp.dense_4h_to_h", width, shape.intermediate());
        }
        normLayout(LAST_NORM);
        layout.head(shape, WORDS, DECODER);
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = pass.embedding(pass.words(WORDS));
        return norm(pass, LAST_NORM, layers(pass, x, (layer, input) -> layer(pass, layer, input)));
    }

    private NDArray layer(ForwardPass pass, int layer, NDArray x) {
        String at = at(layer);
        NDArray context = context(pass, layer, norm(pass, at + "input_layernorm", x));
        NDArray attended = pass.linear(at + "attention.dense", context);
        NDArray read = parallel ? x : attended.add(x);
        NDArray fed = feedForward(
                pass,
                at + "mlp.dense_h_to_4h",
                at + "mlp.dense_4h_to_h",
                norm(pass, at + "post_attention_layernorm", read));
        return parallel ? fed.add(attended).add(x) : fed.add(read);
    }

    /** Returns a layer's attention; its map gives query, key and value of each head in turn. */
    private NDArray context(ForwardPass pass, int layer, NDArray x) {
        long heads = shape().heads();
        long each = shape().width() / heads;
        NDArray all = pass.linear(at(layer) + "attention.query_key_value", x);
        NDArray split = Torch.view(all, x.getShape().get(0), x.getShape().get(1), heads, 3 * each);
        return attended(
                pass,
                layer,
                split.get("..., 0:" + each),
                split.get("..., " + each + ":" + 2 * each),
                split.get("..., " + 2 * each + ":"));
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        return pass.decoder(states, table(WORDS, DECODER));
    }
}
