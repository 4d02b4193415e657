package basin.lm.model;

import ai.djl.ndarray.NDArray;
import basin.lm.network.EncoderShape;
import basin.lm.network.Parameter;
import java.util.List;
import java.util.Optional;

/** {@code GPT2LMHeadModel}: each token sees those before it, weights of its layers stored as [in, out]. */
final class Gpt2Network extends Network {
    static final String TYPE = "gpt2";

    private static final String BODY = "transformer.";
    private static final String WORDS = BODY + "wte.weight";
    private static final String DECODER = "lm_head.weight";

    private final int width;
    private final int layers;
    private final int heads;
    private final int intermediate;
    private final double epsilon;
    private final Activation activation;
    private final boolean tied;

    Gpt2Network(ConfigFile config) {
        super(config.number("vocab_size", 1, MOST_VOCABULARY), config.number("n_positions", 2, MOST_VOCABULARY, 1024));
        width = config.number("n_embd", 1, MOST_WIDTH);
        layers = config.number("n_layer", 1, MOST_LAYERS);
        heads = Heads.of(config, "n_head", width);
        epsilon = config.positive("layer_norm_epsilon", 1e-5);
        activation = Activation.named(config, "activation_function", "gelu_new");
        tied = config.flag("tie_word_embeddings", true);
        config.mustBe("scale_attn_weights", true);
        config.mustBe("scale_attn_by_inverse_layer_idx", false);
        config.mustBe("add_cross_attention", false);
        intermediate = config.number("n_inner", 1, MOST_WIDTH, Math.multiplyExact(4, width));
        layOut();
    }

    /** One of our own. */
    Gpt2Network(DecoderShape shape) {
        super(shape.vocabulary(), shape.longestSequence());
        width = shape.width();
        layers = shape.layers();
        heads = shape.heads();
        epsilon = DecoderShape.LAYER_NORM_EPSILON;
        activation = Activation.GELU;
        tied = true;
        intermediate = shape.intermediate();
        layOut();
    }

    /** The shape of our own network that this is the same as, where it is made like one that reads so many words. */
    Optional<DecoderShape> asDecoder(int words) {
        int lengths = vocabulary() - EncoderShape.FIRST_WORD - words;
        boolean alike = longest() > 1
                && (lengths == 0 || lengths == longest() - 1)
                && epsilon == DecoderShape.LAYER_NORM_EPSILON
                && activation == Activation.GELU
                && tied;
        return alike
                ? Optional.of(new DecoderShape(words, longest() - 1, width, layers, heads, intermediate, lengths > 0))
                : Optional.empty();
    }

    private void layOut() {
        Layout layout = layout();
        layout.words(WORDS, vocabulary(), width);
        layout.table(BODY + "wpe.weight", longest(), width);
        for (int layer = 0; layer < layers; layer++) {
            String at = at(layer);
            layout.norm(at + "ln_1", width);
            layout.transposed(at + "attn.c_attn", width, 3 * width);
            layout.transposed(at + "attn.c_proj", width, width);
            layout.norm(at + "ln_2", width);
            layout.transposed(at + "mlp.c_fc", width, intermediate);
            layout.transposed(at + "mlp.c_proj", intermediate, width);
        }
        layout.norm(BODY + "ln_f", width);
        // Files of the body alone, as the first ones are, leave its name out.
        for (Parameter parameter : List.copyOf(layout.parameters())) {
            layout.spelledToo(parameter.name(), parameter.name().substring(BODY.length()));
        }
        if (tied) {
            layout.copied(WORDS, DECODER);
        } else {
            layout.words(DECODER, vocabulary(), width);
        }
    }

    private static String at(int layer) {
        return BODY + "h." + layer + ".";
    }

    @Override
    public boolean causal() {
        return true;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    NDArray states(Pass pass) {
        NDArray x = pass.words(WORDS).add(pass.places(BODY + "wpe.weight", 0));
        for (int layer = 0; layer < layers; layer++) {
            String at = at(layer);
            NDArray all = pass.transposed(at + "attn.c_attn", pass.norm(at + "ln_1", x, epsilon));
            NDArray context = pass.attended(
                    all.get(":, :, 0:" + width),
                    all.get(":, :, " + width + ":" + 2 * width),
                    all.get(":, :, " + 2 * width + ":"),
                    heads);
            x = pass.transposed(at + "attn.c_proj", context).add(x);
            NDArray hidden = activation.of(pass.transposed(at + "mlp.c_fc", pass.norm(at + "ln_2", x, epsilon)));
            x = pass.transposed(at + "mlp.c_proj", hidden).add(x);
        }
        return pass.norm(BODY + "ln_f", x, epsilon);
    }

    @Override
    NDArray head(Pass pass, NDArray states) {
        return pass.scores(states, tied ? WORDS : DECODER);
    }
}
