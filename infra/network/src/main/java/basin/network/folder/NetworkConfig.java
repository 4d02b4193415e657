package basin.network.folder;

import basin.network.Activation;
import basin.network.BertNetwork;
import basin.network.Gpt2Network;
import basin.network.Network;
import basin.network.OptNetwork;
import basin.network.RobertaPreNormNetwork;
import basin.network.TransformerShape;

/**
 * A parser of {@code config.json}, with one line and one reader for each supported {@code
 * model_type}. Thread-safe.
 */
final class NetworkConfig {
    private static final int MAX_VOCABULARY = 10_000_000;
    private static final int MAX_WIDTH = 1 << 17;
    private static final int MAX_LAYERS = 1_000;
    /** ε of OPT's LayerNorm, which its configuration cannot change. */
    private static final double OPT_EPSILON = 1e-5;

    private NetworkConfig() {}

    /**
     * Returns the network that a configuration describes.
     *
     * @throws basin.study.Refusal if the network is not supported; one sentence with the field, its
     *     value and the fix
     */
    static Network read(ConfigFile config) {
        String type = config.text("model_type", "");
        return switch (type) {
            case RobertaPreNormNetwork.TYPE -> new RobertaPreNormNetwork(roberta(config));
            case BertNetwork.TYPE -> new BertNetwork(bert(config));
            case Gpt2Network.TYPE -> new Gpt2Network(gpt2(config));
            case OptNetwork.TYPE -> new OptNetwork(opt(config));
            default ->
                throw config.refused(
                        "model_type",
                        type.isEmpty() ? "missing" : "'" + type + "'",
                        "give a model of type " + BertNetwork.TYPE + ", " + Gpt2Network.TYPE + ", " + OptNetwork.TYPE
                                + " or " + RobertaPreNormNetwork.TYPE);
        };
    }

    private static TransformerShape roberta(ConfigFile config) {
        int positions = config.number("max_position_embeddings", 3, MAX_VOCABULARY, 512);
        int padding = config.number("pad_token_id", 0, MAX_VOCABULARY, 1);
        if (positions - padding - 1 < 1) {
            throw config.refused(
                    "max_position_embeddings", String.valueOf(positions), "give more than pad_token_id and one");
        }
        return bert(config, positions - padding - 1, padding);
    }

    private static TransformerShape bert(ConfigFile config) {
        return bert(config, config.number("max_position_embeddings", 1, MAX_VOCABULARY, 512), 0);
    }

    private static TransformerShape bert(ConfigFile config, int maxLength, int padding) {
        config.mustBe("is_decoder", false);
        String kind = config.text("position_embedding_type", "absolute");
        if (!kind.equals("absolute")) {
            throw config.refused("position_embedding_type", "'" + kind + "'", "only absolute is read");
        }
        int width = config.number("hidden_size", 1, MAX_WIDTH);
        return new TransformerShape(
                vocabulary(config),
                maxLength,
                width,
                config.number("num_hidden_layers", 1, MAX_LAYERS),
                heads(config, "num_attention_heads", width),
                config.number("intermediate_size", 1, MAX_WIDTH),
                config.number("type_vocab_size", 1, MAX_VOCABULARY, 2),
                padding,
                config.positive("layer_norm_eps", 1e-12),
                activation(config, "hidden_act", "gelu"),
                isTied(config));
    }

    private static TransformerShape gpt2(ConfigFile config) {
        config.mustBe("scale_attn_weights", true);
        config.mustBe("scale_attn_by_inverse_layer_idx", false);
        config.mustBe("add_cross_attention", false);
        int width = config.number("n_embd", 1, MAX_WIDTH);
        return new TransformerShape(
                vocabulary(config),
                config.number("n_positions", 2, MAX_VOCABULARY, 1024),
                width,
                config.number("n_layer", 1, MAX_LAYERS),
                heads(config, "n_head", width),
                config.number("n_inner", 1, MAX_WIDTH, Math.multiplyExact(4, width)),
                0,
                0,
                config.positive("layer_norm_epsilon", 1e-5),
                activation(config, "activation_function", "gelu_new"),
                isTied(config));
    }

    private static TransformerShape opt(ConfigFile config) {
        config.mustBe("do_layer_norm_before", true);
        config.mustBe("enable_bias", true);
        config.mustBe("layer_norm_elementwise_affine", true);
        config.mustBe("_remove_final_layer_norm", false);
        int width = config.number("hidden_size", 1, MAX_WIDTH);
        int embedded = config.number("word_embed_proj_dim", 1, MAX_WIDTH, width);
        if (embedded != width) {
            throw config.refused(
                    "word_embed_proj_dim",
                    String.valueOf(embedded),
                    "only models whose words are as wide as their states, " + width + ", are read");
        }
        return new TransformerShape(
                vocabulary(config),
                config.number("max_position_embeddings", 2, MAX_VOCABULARY, 2048),
                width,
                config.number("num_hidden_layers", 1, MAX_LAYERS),
                heads(config, "num_attention_heads", width),
                config.number("ffn_dim", 1, MAX_WIDTH),
                0,
                0,
                OPT_EPSILON,
                activation(config, "activation_function", "relu"),
                isTied(config));
    }

    private static int vocabulary(ConfigFile config) {
        return config.number("vocab_size", 1, MAX_VOCABULARY);
    }

    private static boolean isTied(ConfigFile config) {
        return config.flag("tie_word_embeddings", true);
    }

    /** Returns the number of heads, which must divide the width. */
    private static int heads(ConfigFile config, String field, int width) {
        int heads = config.number(field, 1, width);
        if (width % heads != 0) {
            throw config.refused(field, String.valueOf(heads), "give a number that divides the width, " + width);
        }
        return heads;
    }

    private static Activation activation(ConfigFile config, String field, String otherwise) {
        String name = config.text(field, otherwise);
        return switch (name) {
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case "relu" -> Activation.RELU;
            default ->
                throw config.refused(
                        field, "'" + name + "'", "only gelu, gelu_new, gelu_pytorch_tanh and relu are read");
        };
    }
}
