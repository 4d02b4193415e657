package basin.lm.model;

import ai.djl.ndarray.NDArray;
import basin.lm.network.EncoderShape;
import java.util.Optional;

/** {@code RobertaPreLayerNormForMaskedLM}: LayerNorm before each block, positions counted from behind the padding index. */
final class RobertaPreNormNetwork extends Network {
    static final String TYPE = "roberta-prelayernorm";

    private static final String BODY = "roberta_prelayernorm.";
    private static final String WORDS = BODY + "embeddings.word_embeddings.weight";
    private static final String DECODER = "lm_head.decoder.weight";
    private static final String BIAS = "lm_head.bias";

    private final int width;
    private final int layers;
    private final int heads;
    private final int intermediate;
    private final int positions;
    private final int types;
    private final int padding;
    private final double epsilon;
    private final Activation activation;
    private final boolean tied;

    RobertaPreNormNetwork(ConfigFile config) {
        super(
                config.number("vocab_size", 1, MOST_VOCABULARY),
                config.number("max_position_embeddings", 3, MOST_VOCABULARY, 512)
                        - config.number("pad_token_id", 0, MOST_VOCABULARY, 1)
                        - 1);
        width = config.number("hidden_size", 1, MOST_WIDTH);
        layers = config.number("num_hidden_layers", 1, MOST_LAYERS);
        heads = Heads.of(config, "num_attention_heads", width);
        intermediate = config.number("intermediate_size", 1, MOST_WIDTH);
        positions = config.number("max_position_embeddings", 3, MOST_VOCABULARY, 512);
        types = config.number("type_vocab_size", 1, MOST_VOCABULARY, 2);
        padding = config.number("pad_token_id", 0, MOST_VOCABULARY, 1);
        if (longest() < 1) {
            throw config.refused(
                    "max_position_embeddings", String.valueOf(positions), "give more than pad_token_id and one");
        }
        epsilon = config.positive("layer_norm_eps", 1e-12);
        activation = Activation.named(config, "hidden_act", "gelu");
        tied = config.flag("tie_word_embeddings", true);
        config.mustBe("is_decoder", false);
        Heads.absolutePositions(config);
        layOut();
    }

    private void layOut() {
        Layout layout = layout();
        layout.table(WORDS, vocabulary(), width);
        layout.table(BODY + "embeddings.position_embeddings.weight", positions, width);
        layout.table(BODY + "embeddings.token_type_embeddings.weight", types, width);
        layout.norm(BODY + "embeddings.LayerNorm", width);
        for (int layer = 0; layer < layers; layer++) {
            String at = at(layer);
            layout.norm(at + "attention.LayerNorm", width);
            layout.linear(at + "attention.self.query", width, width);
            layout.linear(at + "attention.self.key", width, width);
            layout.linear(at + "attention.self.value", width, width);
            layout.linear(at + "attention.output.dense", width, width);
            layout.norm(at + "intermediate.LayerNorm", width);
            layout.linear(at + "intermediate.dense", intermediate, width);
            layout.linear(at + "output.dense", width, intermediate);
        }
        layout.norm(BODY + "LayerNorm", width);
        layout.linear("lm_head.dense", width, width);
        layout.norm("lm_head.layer_norm", width);
        layout.bias(BIAS, vocabulary());
        layout.spelledToo(BIAS, "lm_head.decoder.bias");
        if (tied) {
            layout.copied(WORDS, DECODER);
        } else {
            layout.table(DECODER, vocabulary(), width);
        }
    }

    private static String at(int layer) {
        return BODY + "encoder.layer." + layer + ".";
    }

    /** The same network as one of our own encoders, where it is made like one; only the order of its parameters may differ. */
    Optional<EncoderShape> asEncoder() {
        int words = vocabulary() - EncoderShape.FIRST_WORD;
        boolean alike = words > 0
                && longest() > 1
                && types == 1
                && padding == EncoderShape.PADDING
                && epsilon == EncoderShape.LAYER_NORM_EPSILON
                && activation == Activation.GELU
                && tied;
        return alike
                ? Optional.of(new EncoderShape(words, longest() - 1, width, layers, heads, intermediate))
                : Optional.empty();
    }

    @Override
    public boolean causal() {
        return false;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    NDArray states(Pass pass) {
        NDArray x = pass.words(WORDS)
                .add(pass.placesBehind(BODY + "embeddings.position_embeddings.weight", padding))
                .add(pass.firstRow(BODY + "embeddings.token_type_embeddings.weight"));
        x = pass.norm(BODY + "embeddings.LayerNorm", x, epsilon);
        for (int layer = 0; layer < layers; layer++) {
            String at = at(layer);
            NDArray normed = pass.norm(at + "attention.LayerNorm", x, epsilon);
            NDArray context = pass.attended(
                    pass.linear(at + "attention.self.query", normed),
                    pass.linear(at + "attention.self.key", normed),
                    pass.linear(at + "attention.self.value", normed),
                    heads);
            x = pass.linear(at + "attention.output.dense", context).add(x);
            NDArray hidden = activation.of(
                    pass.linear(at + "intermediate.dense", pass.norm(at + "intermediate.LayerNorm", x, epsilon)));
            x = pass.linear(at + "output.dense", hidden).add(x);
        }
        return pass.norm(BODY + "LayerNorm", x, epsilon);
    }

    @Override
    NDArray head(Pass pass, NDArray states) {
        // The head's own activation is the exact GELU, whatever that of the layers is.
        NDArray hidden =
                pass.norm("lm_head.layer_norm", Activation.GELU.of(pass.linear("lm_head.dense", states)), epsilon);
        return pass.scores(hidden, tied ? WORDS : DECODER).add(pass.part(BIAS));
    }
}
