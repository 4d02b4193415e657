package basin.lm.model;

import ai.djl.ndarray.NDArray;
import basin.lm.network.Parameter;

/** {@code BertForMaskedLM}: LayerNorm behind each block, positions counted from 0. */
final class BertNetwork extends Network {
    static final String TYPE = "bert";

    private static final String WORDS = "bert.embeddings.word_embeddings.weight";
    private static final String DECODER = "cls.predictions.decoder.weight";
    private static final String BIAS = "cls.predictions.bias";

    private final int width;
    private final int layers;
    private final int heads;
    private final double epsilon;
    private final Activation activation;
    private final boolean tied;

    BertNetwork(ConfigFile config) {
        super(
                config.number("vocab_size", 1, MOST_VOCABULARY),
                config.number("max_position_embeddings", 1, MOST_VOCABULARY, 512));
        width = config.number("hidden_size", 1, MOST_WIDTH);
        layers = config.number("num_hidden_layers", 1, MOST_LAYERS);
        heads = Heads.of(config, "num_attention_heads", width);
        epsilon = config.positive("layer_norm_eps", 1e-12);
        activation = Activation.named(config, "hidden_act", "gelu");
        tied = config.flag("tie_word_embeddings", true);
        config.mustBe("is_decoder", false);
        Heads.absolutePositions(config);
        layOut(
                config.number("intermediate_size", 1, MOST_WIDTH),
                config.number("type_vocab_size", 1, MOST_VOCABULARY, 2));
    }

    private void layOut(int intermediate, int types) {
        Layout layout = layout();
        layout.table(WORDS, vocabulary(), width);
        layout.table("bert.embeddings.position_embeddings.weight", longest(), width);
        layout.table("bert.embeddings.token_type_embeddings.weight", types, width);
        layout.norm("bert.embeddings.LayerNorm", width);
        for (int layer = 0; layer < layers; layer++) {
            String at = at(layer);
            layout.linear(at + "attention.self.query", width, width);
            layout.linear(at + "attention.self.key", width, width);
            layout.linear(at + "attention.self.value", width, width);
            layout.linear(at + "attention.output.dense", width, width);
            layout.norm(at + "attention.output.LayerNorm", width);
            layout.linear(at + "intermediate.dense", intermediate, width);
            layout.linear(at + "output.dense", width, intermediate);
            layout.norm(at + "output.LayerNorm", width);
        }
        layout.linear("cls.predictions.transform.dense", width, width);
        layout.norm("cls.predictions.transform.LayerNorm", width);
        layout.bias(BIAS, vocabulary());
        layout.spelledToo(BIAS, "cls.predictions.decoder.bias");
        if (tied) {
            layout.copied(WORDS, DECODER);
        } else {
            layout.table(DECODER, vocabulary(), width);
        }
        for (Parameter parameter : layout.parameters()) {
            // As the first published files spell it.
            if (parameter.name().contains("LayerNorm")) {
                layout.spelledToo(
                        parameter.name(),
                        parameter
                                .name()
                                .replace("LayerNorm.weight", "LayerNorm.gamma")
                                .replace("LayerNorm.bias", "LayerNorm.beta"));
            }
        }
    }

    private static String at(int layer) {
        return "bert.encoder.layer." + layer + ".";
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
                .add(pass.firstRow("bert.embeddings.token_type_embeddings.weight"))
                .add(pass.places("bert.embeddings.position_embeddings.weight", 0));
        x = pass.norm("bert.embeddings.LayerNorm", x, epsilon);
        for (int layer = 0; layer < layers; layer++) {
            String at = at(layer);
            NDArray context = pass.attended(
                    pass.linear(at + "attention.self.query", x),
                    pass.linear(at + "attention.self.key", x),
                    pass.linear(at + "attention.self.value", x),
                    heads);
            x = pass.norm(
                    at + "attention.output.LayerNorm",
                    pass.linear(at + "attention.output.dense", context).add(x),
                    epsilon);
            NDArray hidden = activation.of(pass.linear(at + "intermediate.dense", x));
            x = pass.norm(
                    at + "output.LayerNorm",
                    pass.linear(at + "output.dense", hidden).add(x),
                    epsilon);
        }
        return x;
    }

    @Override
    NDArray head(Pass pass, NDArray states) {
        NDArray hidden = pass.norm(
                "cls.predictions.transform.LayerNorm",
                activation.of(pass.linear("cls.predictions.transform.dense", states)),
                epsilon);
        return pass.scores(hidden, tied ? WORDS : DECODER).add(pass.part(BIAS));
    }
}
