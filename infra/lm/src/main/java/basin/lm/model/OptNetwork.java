package basin.lm.model;

import ai.djl.ndarray.NDArray;
import basin.lm.network.Parameter;
import java.util.List;

/** {@code OPTForCausalLM} with LayerNorm before: each token sees those before it, places counted from 2 on in their table. */
final class OptNetwork extends Network {
    static final String TYPE = "opt";

    private static final String BODY = "model.decoder.";
    private static final String WORDS = BODY + "embed_tokens.weight";
    private static final String PLACES = BODY + "embed_positions.weight";
    private static final String LAST_NORM = BODY + "final_layer_norm";
    private static final String DECODER = "lm_head.weight";
    /** Rows of the table of places that no token ever has. */
    private static final int FIRST_PLACE = 2;
    /** What the architecture says of LayerNorm, which no configuration can change. */
    private static final double EPSILON = 1e-5;

    private final int width;
    private final int layers;
    private final int heads;
    private final Activation activation;
    private final boolean tied;

    OptNetwork(ConfigFile config) {
        super(
                config.number("vocab_size", 1, MOST_VOCABULARY),
                config.number("max_position_embeddings", 2, MOST_VOCABULARY, 2048));
        width = config.number("hidden_size", 1, MOST_WIDTH);
        layers = config.number("num_hidden_layers", 1, MOST_LAYERS);
        heads = Heads.of(config, "num_attention_heads", width);
        activation = Activation.named(config, "activation_function", "relu");
        tied = config.flag("tie_word_embeddings", true);
        config.mustBe("do_layer_norm_before", true);
        config.mustBe("enable_bias", true);
        config.mustBe("layer_norm_elementwise_affine", true);
        config.mustBe("_remove_final_layer_norm", false);
        int embedded = config.number("word_embed_proj_dim", 1, MOST_WIDTH, width);
        if (embedded != width) {
            throw config.refused(
                    "word_embed_proj_dim",
                    String.valueOf(embedded),
                    "only models whose words are as wide as their states, " + width + ", are read");
        }
        layOut(config.number("ffn_dim", 1, MOST_WIDTH));
    }

    private void layOut(int intermediate) {
        Layout layout = layout();
        layout.words(WORDS, vocabulary(), width);
        layout.table(PLACES, Math.addExact(longest(), FIRST_PLACE), width);
        for (int layer = 0; layer < layers; layer++) {
            String at = at(layer);
            for (String part : List.of("k_proj", "v_proj", "q_proj", "out_proj")) {
                layout.linear(at + "self_attn." + part, width, width);
            }
            layout.norm(at + "self_attn_layer_norm", width);
            layout.linear(at + "fc1", intermediate, width);
            layout.linear(at + "fc2", width, intermediate);
            layout.norm(at + "final_layer_norm", width);
        }
        layout.norm(LAST_NORM, width);
        // Files of the body alone leave the outer name out.
        for (Parameter parameter : List.copyOf(layout.parameters())) {
            layout.spelledToo(parameter.name(), parameter.name().substring("model.".length()));
        }
        if (tied) {
            layout.copied(WORDS, DECODER);
        } else {
            layout.words(DECODER, vocabulary(), width);
        }
    }

    private static String at(int layer) {
        return BODY + "layers." + layer + ".";
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
        NDArray x = pass.words(WORDS).add(pass.places(PLACES, FIRST_PLACE));
        for (int layer = 0; layer < layers; layer++) {
            String at = at(layer);
            NDArray normed = pass.norm(at + "self_attn_layer_norm", x, EPSILON);
            NDArray context = pass.attended(
                    pass.linear(at + "self_attn.q_proj", normed),
                    pass.linear(at + "self_attn.k_proj", normed),
                    pass.linear(at + "self_attn.v_proj", normed),
                    heads);
            x = pass.linear(at + "self_attn.out_proj", context).add(x);
            NDArray hidden = activation.of(pass.linear(at + "fc1", pass.norm(at + "final_layer_norm", x, EPSILON)));
            x = pass.linear(at + "fc2", hidden).add(x);
        }
        return pass.norm(LAST_NORM, x, EPSILON);
    }

    @Override
    NDArray head(Pass pass, NDArray states) {
        return pass.scores(states, tied ? WORDS : DECODER);
    }
}
