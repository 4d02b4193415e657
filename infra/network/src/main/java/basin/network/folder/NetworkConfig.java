package basin.network.folder;

import basin.network.Activation;
import basin.network.Attention;
import basin.network.BertNetwork;
import basin.network.DistilBertNetwork;
import basin.network.Gpt2Network;
import basin.network.GptNeoxNetwork;
import basin.network.HfOlmoNetwork;
import basin.network.ModernBertNetwork;
import basin.network.Network;
import basin.network.Norm;
import basin.network.OptNetwork;
import basin.network.RobertaNetwork;
import basin.network.RobertaPreNormNetwork;
import basin.network.Tie;
import basin.network.TransformerShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A reader of {@code config.json}: a function for each {@code model_type}, which asks for every
 * field that the type understands. Fields that were not asked for and are not known to be harmless
 * are refused. For one thread.
 */
final class NetworkConfig {
    static final int MAX_VOCABULARY = 10_000_000;
    static final int MAX_WIDTH = 1 << 17;
    static final int MAX_LAYERS = 1_000;
    static final String VOCABULARY = "vocab_size";
    static final String WIDTH = "hidden_size";
    static final String LAYERS = "num_hidden_layers";
    static final String HEADS = "num_attention_heads";
    static final String INTERMEDIATE = "intermediate_size";
    static final String MAX_LENGTH = "max_position_embeddings";
    private static final String TIED = "tie_word_embeddings";
    private static final String EPSILON = "layer_norm_eps";
    /** ε of the LayerNorms of OPT and OLMo, which their configurations cannot change. */
    static final double FIXED_EPSILON = 1e-5;

    private static final double BERT_EPSILON = 1e-12;
    private static final double NEOX_THETA = 10_000;
    private static final double NEOX_SHARE = 0.25;
    private static final double GLOBAL_THETA = 160_000;
    private static final double LOCAL_THETA = 10_000;

    private static final TreeMap<String, Type> TYPES = new TreeMap<>();

    static {
        TYPES.put(
                BertNetwork.TYPE,
                new Type(
                        true,
                        NetworkConfig::bert,
                        Set.of(
                                "directionality",
                                "pooler_fc_size",
                                "pooler_num_attention_heads",
                                "pooler_num_fc_layers",
                                "pooler_size_per_head",
                                "pooler_type")));
        TYPES.put(RobertaNetwork.TYPE, new Type(true, NetworkConfig::roberta, Set.of()));
        TYPES.put(RobertaPreNormNetwork.TYPE, new Type(true, NetworkConfig::robertaPreNorm, Set.of()));
        TYPES.put(
                DistilBertNetwork.TYPE,
                new Type(true, NetworkConfig::distilBert, Set.of("sinusoidal_pos_embds", "tie_weights_")));
        TYPES.put(
                ModernBertNetwork.TYPE,
                new Type(
                        true,
                        NetworkConfig::modernBert,
                        // The last two are left over from BERT, and not used.
                        Set.of(
                                "deterministic_flash_attn",
                                "reference_compile",
                                "repad_logits_with_grad",
                                "sparse_pred_ignore_index",
                                "sparse_prediction",
                                EPSILON,
                                "position_embedding_type")));
        TYPES.put(
                Gpt2Network.TYPE,
                new Type(
                        true,
                        NetworkConfig::gpt2,
                        // The last one changes the order of operations alone.
                        Set.of("n_ctx", "n_special", "predict_special_tokens", "reorder_and_upcast_attn")));
        TYPES.put(OptNetwork.TYPE, new Type(true, NetworkConfig::opt, Set.of()));
        TYPES.put(GptNeoxNetwork.TYPE, new Type(false, NetworkConfig::gptNeox, Set.of()));
        TYPES.putAll(LlamaConfig.types());
    }

    private NetworkConfig() {}

    /**
     * A model type.
     *
     * @param tied whether the head is tied if the configuration does not say
     * @param harmless fields of its own that change nothing
     */
    record Type(boolean tied, Reader reader, Set<String> harmless) {}

    /** A reader of a type's configuration. */
    @FunctionalInterface
    interface Reader {
        Network read(ConfigFile config, Tie tie, List<String> notes);
    }

    /** Returns whether a configuration says that the head is tied. */
    static boolean isTied(ConfigFile config) {
        return config.flag(
                type(config).equals(HfOlmoNetwork.TYPE) ? LlamaConfig.WEIGHT_TYING : TIED,
                known(config).tied());
    }

    /** Returns the field in which a configuration says whether the head is tied. */
    static String tieField(ConfigFile config) {
        return type(config).equals(HfOlmoNetwork.TYPE) ? LlamaConfig.WEIGHT_TYING : TIED;
    }

    private static String type(ConfigFile config) {
        String type = config.text("model_type", "");
        // The first configurations of OLMo name the type that later got another layout.
        return type.equals("olmo") && config.has("d_model") ? HfOlmoNetwork.TYPE : type;
    }

    private static Type known(ConfigFile config) {
        String name = type(config);
        Type type = TYPES.get(name);
        if (type == null) {
            List<String> names = new ArrayList<>(TYPES.keySet());
            String last = names.removeLast();
            throw config.refused(
                    "model_type",
                    name.isEmpty() ? "missing" : "'" + name + "'",
                    "give a model of type " + String.join(", ", names) + " or " + last);
        }
        return type;
    }

    /**
     * Returns the network that a configuration describes.
     *
     * @param tie what the head shares
     * @param notes receives a sentence for each default that may be wrong
     * @throws basin.study.Refusal if the network is not supported; one sentence with the field, its
     *     value and the fix
     */
    static Network read(ConfigFile config, Tie tie, List<String> notes) {
        Type type = known(config);
        if (config.has("quantization_config")) {
            throw config.refused(
                    "quantization_config",
                    "given",
                    "quantised weights are not read; give the model before quantisation");
        }
        config.mustBe("is_encoder_decoder", false);
        config.mustBe("add_cross_attention", false);
        config.object("pruned_heads").ifPresent(heads -> heads.refuseOthers(type(config), field -> false));
        Network network = type.reader().read(config, tie, notes);
        isTied(config);
        config.refuseOthers(type(config), HarmlessFields.and(type.harmless()));
        return network;
    }

    private static Network bert(ConfigFile config, Tie tie, List<String> notes) {
        return new BertNetwork(bert(config, config.number(MAX_LENGTH, 1, MAX_VOCABULARY, 512), 0, tie));
    }

    private static Network roberta(ConfigFile config, Tie tie, List<String> notes) {
        return new RobertaNetwork(roberta(config, tie));
    }

    private static Network robertaPreNorm(ConfigFile config, Tie tie, List<String> notes) {
        return new RobertaPreNormNetwork(roberta(config, tie));
    }

    private static TransformerShape roberta(ConfigFile config, Tie tie) {
        int positions = config.number(MAX_LENGTH, 3, MAX_VOCABULARY, 512);
        int padding = config.number("pad_token_id", 0, MAX_VOCABULARY, 1);
        if (positions - padding - 1 < 1) {
            throw config.refused(MAX_LENGTH, String.valueOf(positions), "give more than pad_token_id and one");
        }
        return bert(config, positions - padding - 1, padding, tie);
    }

    private static TransformerShape bert(ConfigFile config, int maxLength, int padding, Tie tie) {
        config.mustBe("is_decoder", false);
        config.mustBe("position_embedding_type", "absolute");
        int width = config.number(WIDTH, 1, MAX_WIDTH);
        return new TransformerShape(
                vocabulary(config),
                maxLength,
                width,
                Attention.layers(config.number(LAYERS, 1, MAX_LAYERS), heads(config, HEADS, width), width),
                config.number(INTERMEDIATE, 1, MAX_WIDTH),
                config.number("type_vocab_size", 1, MAX_VOCABULARY, 2),
                padding,
                Norm.layer(config.positive(EPSILON, BERT_EPSILON)),
                activation(config, "hidden_act", "gelu"),
                tie);
    }

    private static Network distilBert(ConfigFile config, Tie tie, List<String> notes) {
        int width = config.number("dim", 1, MAX_WIDTH, 768);
        return new DistilBertNetwork(new TransformerShape(
                vocabulary(config),
                config.number(MAX_LENGTH, 1, MAX_VOCABULARY, 512),
                width,
                Attention.layers(config.number("n_layers", 1, MAX_LAYERS), heads(config, "n_heads", width), width),
                config.number("hidden_dim", 1, MAX_WIDTH),
                0,
                0,
                Norm.layer(BERT_EPSILON),
                activation(config, "activation", "gelu"),
                tie));
    }

    private static Network modernBert(ConfigFile config, Tie tie, List<String> notes) {
        config.mustBe("is_decoder", false);
        int width = config.number(WIDTH, 1, MAX_WIDTH);
        int maxLength = config.number(MAX_LENGTH, 1, MAX_VOCABULARY, 8192);
        int layers = config.number(LAYERS, 1, MAX_LAYERS);
        int heads = heads(config, HEADS, width);
        int reach = config.number("local_attention", 1, MAX_VOCABULARY, 128) / 2;
        int every = config.number("global_attn_every_n_layers", 1, MAX_LAYERS, 3);
        List<String> kinds = config.perLayer("layer_types", layers, List.of(RotaryConfig.FULL, RotaryConfig.SLIDING))
                .orElseGet(() -> IntStream.range(0, layers)
                        .mapToObj(layer -> layer % every == 0 ? RotaryConfig.FULL : RotaryConfig.SLIDING)
                        .toList());
        Attention full = Attention.of(heads, heads, width / heads)
                .with(RotaryConfig.read(
                        config,
                        places(RotaryConfig.FULL, "global_rope_theta", GLOBAL_THETA),
                        width / heads,
                        maxLength,
                        notes));
        String local = config.isNull("local_rope_theta") ? "global_rope_theta" : "local_rope_theta";
        Attention sliding = Attention.of(heads, heads, width / heads)
                .within(reach)
                .with(RotaryConfig.read(
                        config, places(RotaryConfig.SLIDING, local, LOCAL_THETA), width / heads, maxLength, notes));
        TransformerShape shape = new TransformerShape(
                vocabulary(config),
                maxLength,
                width,
                kinds.stream()
                        .limit(layers)
                        .map(kind -> kind.equals(RotaryConfig.FULL) ? full : sliding)
                        .toList(),
                config.number(INTERMEDIATE, 1, MAX_WIDTH),
                0,
                0,
                new Norm(true, true, config.flag("norm_bias", false), config.positive("norm_eps", 1e-5)),
                activation(config, "hidden_activation", "gelu"),
                tie);
        return new ModernBertNetwork(
                shape,
                new ModernBertNetwork.Switches(
                        config.flag("attention_bias", false),
                        config.flag("mlp_bias", false),
                        config.flag("classifier_bias", false),
                        config.flag("decoder_bias", true),
                        activation(config, "classifier_activation", "gelu")));
    }

    private static RotaryConfig.Places places(String kind, String theta, double otherwise) {
        return new RotaryConfig.Places(kind, List.of(theta), otherwise, List.of(), 1);
    }

    private static Network gpt2(ConfigFile config, Tie tie, List<String> notes) {
        int width = config.number("n_embd", 1, MAX_WIDTH);
        int heads = heads(config, "n_head", width);
        double scale = config.flag("scale_attn_weights", true) ? 1 / Math.sqrt((double) width / heads) : 1;
        boolean byLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
        Attention attention = Attention.of(heads, heads, width / heads);
        return new Gpt2Network(new TransformerShape(
                vocabulary(config),
                config.number("n_positions", 2, MAX_VOCABULARY, 1024),
                width,
                IntStream.rangeClosed(1, config.number("n_layer", 1, MAX_LAYERS))
                        .mapToObj(layer -> attention.scaledBy(byLayer ? scale / layer : scale))
                        .toList(),
                config.number("n_inner", 1, MAX_WIDTH, Math.multiplyExact(4, width)),
                0,
                0,
                Norm.layer(config.positive("layer_norm_epsilon", 1e-5)),
                activation(config, "activation_function", "gelu_new"),
                tie));
    }

    private static Network opt(ConfigFile config, Tie tie, List<String> notes) {
        config.mustBe("do_layer_norm_before", true);
        config.mustBe("enable_bias", true);
        config.mustBe("layer_norm_elementwise_affine", true);
        config.mustBe("_remove_final_layer_norm", false);
        int width = config.number(WIDTH, 1, MAX_WIDTH);
        int embedded = config.number("word_embed_proj_dim", 1, MAX_WIDTH, width);
        if (embedded != width) {
            throw config.refused(
                    "word_embed_proj_dim",
                    String.valueOf(embedded),
                    "only models whose words are as wide as their states, " + width + ", are read");
        }
        return new OptNetwork(new TransformerShape(
                vocabulary(config),
                config.number(MAX_LENGTH, 2, MAX_VOCABULARY, 2048),
                width,
                Attention.layers(config.number(LAYERS, 1, MAX_LAYERS), heads(config, HEADS, width), width),
                config.number("ffn_dim", 1, MAX_WIDTH),
                0,
                0,
                Norm.layer(FIXED_EPSILON),
                activation(config, "activation_function", "relu"),
                tie));
    }

    private static Network gptNeox(ConfigFile config, Tie tie, List<String> notes) {
        int width = config.number(WIDTH, 1, MAX_WIDTH);
        int heads = heads(config, HEADS, width);
        int maxLength = config.number(MAX_LENGTH, 2, MAX_VOCABULARY, 2048);
        RotaryConfig.Places places = new RotaryConfig.Places(
                RotaryConfig.FULL,
                List.of("rotary_emb_base", "rope_theta"),
                NEOX_THETA,
                List.of("rotary_pct", "partial_rotary_factor"),
                NEOX_SHARE);
        Attention attention = Attention.of(heads, heads, width / heads)
                .with(RotaryConfig.read(config, places, width / heads, maxLength, notes));
        TransformerShape shape = new TransformerShape(
                vocabulary(config),
                maxLength,
                width,
                layers(config, LAYERS, attention),
                config.number(INTERMEDIATE, 1, MAX_WIDTH),
                0,
                0,
                Norm.layer(config.positive(EPSILON, 1e-5)),
                activation(config, "hidden_act", "gelu"),
                tie);
        return new GptNeoxNetwork(
                shape, config.flag("use_parallel_residual", true), config.flag("attention_bias", true));
    }

    /** Returns equal layers, as many as a field says. */
    static List<Attention> layers(ConfigFile config, String field, Attention attention) {
        return IntStream.range(0, config.number(field, 1, MAX_LAYERS))
                .mapToObj(layer -> attention)
                .toList();
    }

    static int vocabulary(ConfigFile config) {
        return config.number(VOCABULARY, 1, MAX_VOCABULARY);
    }

    /** Returns the number of heads, which must divide the width. */
    static int heads(ConfigFile config, String field, int width) {
        int heads = config.number(field, 1, width);
        if (width % heads != 0) {
            throw config.refused(field, String.valueOf(heads), "give a number that divides the width, " + width);
        }
        return heads;
    }

    static Activation activation(ConfigFile config, String field, String otherwise) {
        String name = config.text(field, otherwise);
        return named(name)
                .orElseThrow(() -> config.refused(
                        field,
                        "'" + name + "'",
                        "only gelu, gelu_python, gelu_new, gelu_fast, gelu_pytorch_tanh, quick_gelu, relu, silu,"
                                + " swish and tanh are read"));
    }

    private static Optional<Activation> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "gelu", "gelu_python" -> Activation.GELU;
                    case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
                    case "quick_gelu" -> Activation.GELU_SIGMOID;
                    case "relu" -> Activation.RELU;
                    case "silu", "swish" -> Activation.SILU;
                    case "tanh" -> Activation.TANH;
                    default -> null;
                });
    }
}
