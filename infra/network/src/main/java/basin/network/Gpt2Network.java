package basin.network;

import ai.djl.ndarray.NDArray;

/** {@code GPT2LMHeadModel}: a causal pre-LN decoder whose layers store weights as [in, out]. */
public final class Gpt2Network extends TransformerNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "gpt2";

    private static final String BODY = "transformer.";
    private static final String WORDS = BODY + "wte.weight";
    private static final String POSITIONS = BODY + "wpe.weight";
    private static final String DECODER = "lm_head.weight";

    /** Creates a network of a shape. */
    public Gpt2Network(TransformerShape shape) {
        super(TYPE, true, shape, BODY + "h.");
        int width = shape.width();
        Layout layout = layout();
        layout.words(WORDS, shape.vocabulary(), width);
        layout.table(POSITIONS, shape.maxLength(), width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String at = at(layer);
            normLayout(at + "ln_1");
            layout.transposed(at + "attn.c_attn", width, 3 * width);
            layout.transposed(at + "attn.c_proj", width, width);
            normLayout(at + "ln_2");
            layout.transposed(at + "mlp.c_fc", width, shape.intermediate());
            layout.transposed(at + "mlp.c_proj", shape.intermediate(), width);
        }
        normLayout(BODY + "ln_f");
        // Files of only the body, such as the first published ones, omit the prefix.
        layout.spelledOtherwise(BODY, "");
        layout.head(shape, WORDS, DECODER);
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = pass.embedding(pass.words(WORDS), pass.positions(POSITIONS, 0));
        return norm(pass, BODY + "ln_f", layers(pass, x, (layer, input) -> layer(pass, layer, input)));
    }

    private NDArray layer(ForwardPass pass, int layer, NDArray x) {
        String at = at(layer);
        NDArray context = attended(pass, layer, pass.linear(at + "attn.c_attn", norm(pass, at + "ln_1", x)));
        NDArray attended = pass.linear(at + "attn.c_proj", context).add(x);
        return feedForward(pass, at + "mlp.c_fc", at + "mlp.c_proj", norm(pass, at + "ln_2", attended))
                .add(attended);
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        return pass.decoder(states, table(WORDS, DECODER));
    }
}
