package basin.network.folder;

import static basin.network.folder.NetworkConfig.FIXED_EPSILON;
import static basin.network.folder.NetworkConfig.HEADS;
import static basin.network.folder.NetworkConfig.INTERMEDIATE;
import static basin.network.folder.NetworkConfig.LAYERS;
import static basin.network.folder.NetworkConfig.MAX_LAYERS;
import static basin.network.folder.NetworkConfig.MAX_LENGTH;
import static basin.network.folder.NetworkConfig.MAX_VOCABULARY;
import static basin.network.folder.NetworkConfig.MAX_WIDTH;
import static basin.network.folder.NetworkConfig.WIDTH;

import basin.network.Activation;
import basin.network.Attention;
import basin.network.HfOlmoNetwork;
import basin.network.LlamaNetwork;
import basin.network.LlamaSwitches;
import basin.network.Network;
import basin.network.Norm;
import basin.network.Rotary;
import basin.network.Tie;
import basin.network.TransformerShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A reader of the configurations of the Llama family, which differ by the switches of their type.
 * For one thread.
 */
final class LlamaConfig {
    /** The field in which {@code hf_olmo} says whether the head is tied. */
    static final String WEIGHT_TYING = "weight_tying";
    /** The field in which {@code hf_olmo} gives the rows of its tables, if not the vocabulary. */
    static final String ROWS = "embedding_size";

    private static final String KEY_HEADS = "num_key_value_heads";
    private static final String SLIDING_WINDOW = "sliding_window";
    private static final String USES_WINDOW = "use_sliding_window";
    private static final String LAYER_TYPES = "layer_types";
    private static final List<String> KINDS = List.of(RotaryConfig.FULL, RotaryConfig.SLIDING);
    private static final String LAYER_NORM_TYPE = "layer_norm_type";
    private static final String MLP_HIDDEN = "mlp_hidden_size";

    private static final double THETA = 10_000;
    private static final double OLMO3_THETA = 500_000;
    private static final double SMOLLM3_THETA = 2_000_000;

    /** A type of the family. */
    private enum Kind {
        LLAMA,
        MISTRAL,
        QWEN2,
        QWEN3,
        OLMO,
        OLMO2,
        OLMO3,
        SMOLLM3;

        private boolean isLater() {
            return this == OLMO2 || this == OLMO3;
        }

        private boolean isQwen() {
            return this == QWEN2 || this == QWEN3;
        }
    }

    private LlamaConfig() {}

    static Map<String, NetworkConfig.Type> types() {
        Map<String, NetworkConfig.Type> types = new HashMap<>();
        types.put("llama", type(Kind.LLAMA, "is_llama_config", "pretraining_tp"));
        types.put("mistral", type(Kind.MISTRAL));
        types.put("qwen2", type(Kind.QWEN2));
        types.put("qwen3", type(Kind.QWEN3));
        types.put("olmo", type(Kind.OLMO, "pretraining_tp"));
        types.put("olmo2", type(Kind.OLMO2, "pretraining_tp"));
        types.put("olmo3", type(Kind.OLMO3, "pretraining_tp"));
        types.put("smollm3", type(Kind.SMOLLM3, "pretraining_tp", "max_window_layers"));
        types.put(
                HfOlmoNetwork.TYPE,
                new NetworkConfig.Type(
                        true,
                        LlamaConfig::hfOlmo,
                        Set.of(
                                "alibi_bias_max",
                                "emb_init_std",
                                "flash_attention",
                                "precision",
                                "rope_full_precision",
                                "scale_emb_init",
                                "tie_word_embeddings")));
        return types;
    }

    private static NetworkConfig.Type type(Kind kind, String... harmless) {
        return new NetworkConfig.Type(
                kind == Kind.SMOLLM3, (config, tie, notes) -> llama(kind, config, tie, notes), Set.of(harmless));
    }

    private static Network llama(Kind kind, ConfigFile config, Tie tie, List<String> notes) {
        config.mustBe("rope_interleaved", false);
        config.mustBe("use_mrope", false);
        int width = config.number(WIDTH, 1, MAX_WIDTH);
        int heads = config.number(HEADS, 1, MAX_WIDTH);
        int headWidth = headWidth(kind, config, width, heads);
        int keyHeads = keyHeads(kind, config, heads);
        int maxLength = config.number(MAX_LENGTH, 2, MAX_VOCABULARY, 2048);
        int layers = config.number(LAYERS, 1, MAX_LAYERS);
        TransformerShape shape = new TransformerShape(
                NetworkConfig.vocabulary(config),
                maxLength,
                width,
                attention(kind, config, layers, Attention.of(heads, keyHeads, headWidth), maxLength, notes),
                config.number(INTERMEDIATE, 1, MAX_WIDTH),
                0,
                0,
                kind == Kind.OLMO
                        ? new Norm(true, false, false, FIXED_EPSILON)
                        : Norm.rms(config.positive("rms_norm_eps", kind.isLater() ? 1e-5 : 1e-6)),
                NetworkConfig.activation(config, "hidden_act", "silu"),
                tie);
        return new LlamaNetwork(config.text("model_type", ""), shape, switches(kind, config, shape.norm()));
    }

    private static LlamaSwitches switches(Kind kind, ConfigFile config, Norm norm) {
        boolean biased = kind != Kind.MISTRAL && kind != Kind.QWEN2 && config.flag("attention_bias", false);
        return new LlamaSwitches(
                kind.isLater(),
                kind == Kind.QWEN3 || kind.isLater() ? Optional.of(norm) : Optional.empty(),
                kind == Kind.QWEN3,
                kind == Kind.QWEN2 || biased,
                biased,
                (kind == Kind.LLAMA || kind == Kind.SMOLLM3) && config.flag("mlp_bias", false),
                kind == Kind.OLMO ? config.positive("clip_qkv").orElse(0.0) : 0,
                1);
    }

    private static int headWidth(Kind kind, ConfigFile config, int width, int heads) {
        if (!config.has("head_dim") && kind != Kind.QWEN3) {
            return width / NetworkConfig.heads(config, HEADS, width);
        }
        return even(config, "head_dim", config.number("head_dim", 2, MAX_WIDTH / heads, 128));
    }

    private static int even(ConfigFile config, String field, int number) {
        if (number % 2 != 0) {
            throw config.refused(field, String.valueOf(number), "give an even number, as rotary positions need");
        }
        return number;
    }

    private static int keyHeads(Kind kind, ConfigFile config, int heads) {
        boolean sharedByDefault = kind == Kind.MISTRAL || kind.isQwen() || kind == Kind.SMOLLM3;
        int keyHeads = sharedByDefault && !config.has(KEY_HEADS) && !config.isNull(KEY_HEADS)
                ? config.number(KEY_HEADS, 1, heads)
                : config.number(KEY_HEADS, 1, heads, heads);
        if (heads % keyHeads != 0) {
            throw config.refused(
                    KEY_HEADS, String.valueOf(keyHeads), "give a number that divides that of the heads, " + heads);
        }
        return keyHeads;
    }

    private static List<Attention> attention(
            Kind kind, ConfigFile config, int layers, Attention plain, int maxLength, List<String> notes) {
        double theta = kind == Kind.SMOLLM3 ? SMOLLM3_THETA : kind == Kind.OLMO3 ? OLMO3_THETA : THETA;
        Rotary full = RotaryConfig.read(
                config, RotaryConfig.Places.usual(RotaryConfig.FULL, theta), plain.headWidth(), maxLength, notes);
        // Scaling is for long texts, which only layers without a window see whole.
        Rotary local = kind == Kind.OLMO3
                ? RotaryConfig.unscaled(
                        config,
                        RotaryConfig.Places.usual(RotaryConfig.SLIDING, theta),
                        plain.headWidth(),
                        maxLength,
                        notes)
                : full;
        List<Boolean> rotary = rotaryLayers(kind, config, layers);
        List<Boolean> sliding = slidingLayers(kind, config, layers, rotary);
        int window = sliding.contains(true) ? config.number(SLIDING_WINDOW, 1, MAX_VOCABULARY, 4096) : 0;
        return IntStream.range(0, layers)
                .mapToObj(layer -> {
                    Attention seen = sliding.get(layer) ? plain.within(window - 1) : plain;
                    return rotary.get(layer) ? seen.with(sliding.get(layer) ? local : full) : seen;
                })
                .toList();
    }

    /** Returns, for each layer, whether it has rotary positions. */
    private static List<Boolean> rotaryLayers(Kind kind, ConfigFile config, int layers) {
        if (kind != Kind.SMOLLM3) {
            return IntStream.range(0, layers).mapToObj(layer -> true).toList();
        }
        int every = config.number("no_rope_layer_interval", 1, MAX_LAYERS, 4);
        return config.perLayer("no_rope_layers", layers, List.of("0", "1"))
                .map(entries -> entries.stream().map("1"::equals).toList())
                .orElseGet(() -> IntStream.rangeClosed(1, layers)
                        .mapToObj(layer -> layer % every != 0)
                        .toList());
    }

    /** Returns, for each layer, whether its queries see only the keys of a window. */
    private static List<Boolean> slidingLayers(Kind kind, ConfigFile config, int layers, List<Boolean> rotary) {
        if (kind == Kind.LLAMA || kind == Kind.OLMO || kind == Kind.OLMO2) {
            return IntStream.range(0, layers).mapToObj(layer -> false).toList();
        }
        boolean window =
                config.has(SLIDING_WINDOW) || ((kind == Kind.OLMO3 || kind.isQwen()) && !config.isNull(SLIDING_WINDOW));
        boolean wanted = kind == Kind.MISTRAL || kind == Kind.OLMO3 || config.flag(USES_WINDOW, false);
        boolean used = window && wanted;
        int first = kind.isQwen() ? config.number("max_window_layers", 0, MAX_VOCABULARY, 28) : 0;
        Optional<List<String>> given =
                kind == Kind.MISTRAL ? Optional.empty() : config.perLayer(LAYER_TYPES, layers, KINDS);
        if (!used && given.isPresent() && given.get().contains(RotaryConfig.SLIDING)) {
            throw config.refused(
                    LAYER_TYPES,
                    given.get().toString(),
                    "a layer of type " + RotaryConfig.SLIDING + " needs " + SLIDING_WINDOW
                            + (kind == Kind.OLMO3 ? "" : " and " + USES_WINDOW + " true"));
        }
        return IntStream.range(0, layers)
                .mapToObj(layer -> used
                        && given.map(kinds -> kinds.get(layer).equals(RotaryConfig.SLIDING))
                                .orElseGet(() -> switch (kind) {
                                    case QWEN2, QWEN3 -> layer >= first;
                                    case OLMO3 -> (layer + 1) % 4 != 0;
                                    case SMOLLM3 -> !rotary.get(layer);
                                    default -> true;
                                }))
                .toList();
    }

    /** Reads the configuration of the {@code hf_olmo} package. */
    private static Network hfOlmo(ConfigFile config, Tie tie, List<String> notes) {
        config.mustBe("alibi", false);
        config.mustBe("embedding_layer_norm", false);
        config.mustBe("activation_type", "swiglu");
        if (!config.flag("rope", false)) {
            throw config.refused("rope", "false", "only models with true are read");
        }
        config.mustBe("block_type", "sequential");
        if (config.number("block_group_size", 1, MAX_LAYERS, 1) != 1) {
            throw config.refused("block_group_size", "more than 1", "only models with 1 are read");
        }
        int width = config.number("d_model", 1, MAX_WIDTH);
        int heads = NetworkConfig.heads(config, "n_heads", width);
        int keyHeads = olmoKeyHeads(config, heads);
        int maxLength = config.number("max_sequence_length", 2, MAX_VOCABULARY, 1024);
        boolean biased = config.flag("include_bias", true);
        Norm norm = olmoNorm(config, config.flag("layer_norm_with_affine", true), biased);
        Norm queryNorm = olmoNorm(config, config.flag("attention_layer_norm_with_affine", true), biased);
        int hidden = config.has(MLP_HIDDEN)
                ? config.number(MLP_HIDDEN, 2, 2 * MAX_WIDTH)
                : Math.multiplyExact(config.number("mlp_ratio", 1, 256, 4), width);
        config.number("mlp_ratio", 1, MAX_WIDTH, 4);
        if (hidden % 2 != 0) {
            throw config.refused(MLP_HIDDEN, String.valueOf(hidden), "give an even number: gate and up together");
        }
        Rotary rotary = RotaryConfig.read(
                config, RotaryConfig.Places.usual(RotaryConfig.FULL, THETA), width / heads, maxLength, notes);
        TransformerShape shape = new TransformerShape(
                config.number(ROWS, 1, MAX_VOCABULARY, config.number(NetworkConfig.VOCABULARY, 1, MAX_VOCABULARY)),
                maxLength,
                width,
                NetworkConfig.layers(
                        config,
                        "n_layers",
                        Attention.of(heads, keyHeads, width / heads).with(rotary)),
                hidden / 2,
                0,
                0,
                norm,
                Activation.SILU,
                tie);
        return new HfOlmoNetwork(
                shape,
                new LlamaSwitches(
                        config.flag("norm_after", false),
                        config.flag("attention_layer_norm", false) ? Optional.of(queryNorm) : Optional.empty(),
                        false,
                        biased,
                        biased,
                        biased,
                        config.positive("clip_qkv").orElse(0.0),
                        config.flag("scale_logits", false) ? 1 / Math.sqrt(width) : 1));
    }

    private static int olmoKeyHeads(ConfigFile config, int heads) {
        boolean single = config.flag("multi_query_attention", false);
        int keyHeads = config.number("n_kv_heads", 1, heads, single ? 1 : heads);
        if (heads % keyHeads != 0 || (single && keyHeads != 1)) {
            throw config.refused(
                    "n_kv_heads",
                    String.valueOf(keyHeads),
                    single
                            ? "give 1, as multi_query_attention says"
                            : "give a number that divides that of the heads, " + heads);
        }
        return keyHeads;
    }

    private static Norm olmoNorm(ConfigFile config, boolean affine, boolean biased) {
        String type = config.text(LAYER_NORM_TYPE, "default");
        if (!List.of("default", "low_precision", "rms").contains(type)) {
            throw config.refused(LAYER_NORM_TYPE, "'" + type + "'", "only default, low_precision and rms are read");
        }
        boolean bias = config.flag("bias_for_layer_norm", biased);
        return new Norm(!type.equals("rms"), affine, affine && bias, config.positive("layer_norm_eps", FIXED_EPSILON));
    }
}
