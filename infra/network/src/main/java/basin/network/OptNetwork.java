package basin.network;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * {@code OPTForCausalLM} with pre-LN layers: a causal decoder whose position table begins with two
 * unused rows.
 */
public final class OptNetwork extends TransformerNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "opt";

    private static final String BODY = "model.decoder.";
    private static final String WORDS = BODY + "embed_tokens.weight";
    private static final String POSITIONS = BODY + "embed_positions.weight";
    private static final String LAST_NORM = BODY + "final_layer_norm";
    private static final String DECODER = "lm_head.weight";
    /** The number of unused rows of the position table. */
    private static final int FIRST_POSITION = 2;

    /** Creates a network of a shape. */
    public OptNetwork(TransformerShape shape) {
        super(TYPE, true, shape, BODY + "layers.");
        int width = shape.width();
        Layout layout = layout();
        layout.words(WORDS, shape.vocabulary(), width);
        layout.table(POSITIONS, Math.addExact(shape.maxLength(), FIRST_POSITION), width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String at = at(layer);
            for (String part : List.of("k_proj", "v_proj", "q_proj", "out_proj")) {
                layout.linear(at + "self_attn." + part, width, width);
            }
            normLayout(at + "self_attn_layer_norm");
            layout.linear(at + "fc1", shape.intermediate(), width);
            layout.linear(at + "fc2", width, shape.intermediate());
            normLayout(at + "final_layer_norm");
        }
        normLayout(LAST_NORM);
        // Files of only the body omit the outer prefix.
        layout.spelledOtherwise("model.", "");
        layout.head(shape, WORDS, DECODER);
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = pass.embedding(pass.words(WORDS), pass.positions(POSITIONS, FIRST_POSITION));
        return norm(pass, LAST_NORM, layers(pass, x, (layer, input) -> layer(pass, layer, input)));
    }

    private NDArray layer(ForwardPass pass, int layer, NDArray x) {
        String at = at(layer);
        NDArray normed = norm(pass, at + "self_attn_layer_norm", x);
        NDArray context = attended(
                pass,
                layer,
                pass.linear(at + "self_attn.q_proj", normed),
                pass.linear(at + "self_attn.k_proj", normed),
                pass.linear(at + "self_attn.v_proj", normed));
        NDArray attended = pass.linear(at + "self_attn.out_proj", context).add(x);
        return feedForward(pass, at + "fc1", at + "fc2", norm(pass, at + "final_layer_norm", attended))
                .add(attended);
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        return pass.decoder(states, table(WORDS, DECODER));
    }
}
