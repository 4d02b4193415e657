package basin.network.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.Network;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.Refusal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is easily misread in published models is read rightly, and a wrong reading would not give
 * the reference's logits: a folder is changed such that the right reading of the changed folder is
 * the wrong reading of the whole one.
 */
class LayoutTrapsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A difference of logits that no rounding explains. */
    private static final double OTHER = 1e-4;

    @TempDir
    private Path temporary;

    private FolderCopy copy(String name) throws IOException {
        return FolderCopy.of(Path.of("src/test/resources/basin/network/folder", name), temporary);
    }

    private static double difference(FolderCopy copy) throws IOException {
        return Reference.of(copy.path()).difference(copy.path(), DataType.FLOAT64);
    }

    private static void same(FolderCopy copy) throws IOException {
        assertThat(difference(copy)).isLessThan(1e-9);
    }

    private static void other(FolderCopy copy) throws IOException {
        assertThat(difference(copy)).isGreaterThan(OTHER);
    }

    private static void refused(FolderCopy copy, String... expected) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> FolderModel.open(copy.path()));
        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).contains(expected).endsWith(".").doesNotContain("\n");
    }

    /** Moves rotary positions to the fields in which transformers had them before version 5. */
    private static void before5(ObjectNode config) {
        ObjectNode parameters = (ObjectNode) config.remove("rope_parameters");
        config.set("rope_theta", parameters.remove("rope_theta"));
        config.set("rope_scaling", parameters);
    }

    @ParameterizedTest
    @CsvSource({"llama", "llama-linear", "llama-llama3", "llama-yarn", "qwen3", "olmo2"})
    void rotaryPositionsStandInTwoPlaces(String name) throws IOException {
        same(copy(name).config(LayoutTrapsTest::before5));
        same(copy(name).config(config -> {
            config.set("rope_theta", config.at("/rope_parameters/rope_theta"));
            config.set("rope_scaling", config.get("rope_parameters").deepCopy());
        }));
        refused(
                copy(name).config(config -> config.put("rope_theta", 12.5)),
                "rope_theta is ",
                " in one place and 12.5 in another in ",
                "give one value");
        refused(
                copy(name).config(config -> ((ObjectNode) config.get("rope_parameters")).put("rope_type", "longrope")),
                "rope_type is 'longrope' in ",
                "only rotary positions of type default, linear, llama3 and yarn are read");
        refused(
                copy(name).config(config -> ((ObjectNode) config.get("rope_parameters")).put("short_factor", 2)),
                "rope_parameters.short_factor is 2 in ");
    }

    @Test
    void olderScalingsNameTheirTypeOtherwise() throws IOException {
        same(copy("llama-linear").config(config -> {
            before5(config);
            ObjectNode scaling = (ObjectNode) config.get("rope_scaling");
            scaling.set("type", scaling.remove("rope_type"));
        }));
    }

    @Test
    void aLookInOnePlaceWouldShow() throws IOException {
        other(copy("llama-linear").config(config -> config.remove("rope_parameters")));
        FolderCopy none = copy("llama").config(config -> config.remove("rope_parameters"));
        same(none);
        assertThat(FolderModel.open(none.path()).notes())
                .containsExactly("config.json gives no rope_theta: 10000.0, the default of its type, is used.");
        other(copy("llama-linear").config(config -> {
            before5(config);
            config.remove("rope_scaling");
        }));
        other(copy("llama-llama3").config(config -> {
            before5(config);
            config.remove("rope_theta");
        }));
    }

    @Test
    void gptNeoxNamesThemOtherwise() throws IOException {
        same(copy("gpt_neox-sequential").config(config -> {
            ObjectNode parameters = (ObjectNode) config.remove("rope_parameters");
            config.set("rotary_emb_base", parameters.get("rope_theta"));
            config.set("rotary_pct", parameters.get("partial_rotary_factor"));
        }));
        other(copy("gpt_neox-sequential").config(config -> config.remove("rope_parameters")));
    }

    @Test
    void olmo3ScalesFullLayersAlone() throws IOException {
        same(copy("olmo3-yarn").config(config -> {
            ObjectNode full = (ObjectNode) config.remove("rope_parameters").get("full_attention");
            config.set("rope_theta", full.remove("rope_theta"));
            config.set("rope_scaling", full);
        }));
        other(copy("olmo3-yarn").config(config -> {
            ObjectNode parameters = (ObjectNode) config.get("rope_parameters");
            parameters.set("sliding_attention", parameters.get("full_attention"));
        }));
        refused(
                copy("olmo3-yarn")
                        .config(config -> config.set("rope_parameters", config.at("/rope_parameters/full_attention"))),
                "rope_parameters is one scaling for all layers in ",
                "give those of full_attention and of sliding_attention");
    }

    @Test
    void modernBertHasTwo() throws IOException {
        same(copy("modernbert-biased").config(config -> {
            ObjectNode parameters = (ObjectNode) config.remove("rope_parameters");
            config.set("global_rope_theta", parameters.at("/full_attention/rope_theta"));
            config.set("local_rope_theta", parameters.at("/sliding_attention/rope_theta"));
        }));
        other(copy("modernbert-biased").config(config -> config.remove("rope_parameters")));
        other(copy("modernbert-biased").config(config -> {
            ObjectNode parameters = (ObjectNode) config.get("rope_parameters");
            parameters.set("sliding_attention", parameters.get("full_attention"));
        }));
    }

    @Test
    void aHeadOfItsOwnIsNotTied() throws IOException {
        FolderCopy said = copy("llama").config(config -> config.put("tie_word_embeddings", true));
        same(said);
        assertThat(FolderModel.open(said.path()).notes())
                .singleElement()
                .asString()
                .contains("tie_word_embeddings is true", "'lm_head.weight'", "the head uses its own");
        other(said.without("lm_head.weight"));
    }

    @Test
    void oneTableCountsOnce() throws IOException {
        FolderCopy said = copy("llama-biased").config(config -> config.put("tie_word_embeddings", false));
        same(said);
        FolderModel model = FolderModel.open(said.path());
        assertThat(model.notes())
                .singleElement()
                .asString()
                .contains("tie_word_embeddings is false", "hold no 'lm_head.weight'", "counts once");
        int tied = model.network().parameterCount();
        same(said.added("lm_head.weight", "model.embed_tokens.weight", 1));
        assertThat(FolderModel.open(said.path()).network().parameterCount()).isEqualTo(tied + 88);
        same(said.config(config -> config.put("tie_word_embeddings", true)));
        assertThat(FolderModel.open(said.path()).network().parameterCount()).isEqualTo(tied);
        FolderCopy body = copy("llama")
                .without("lm_head.weight")
                .config(config -> config.putArray("architectures").add("LlamaModel"));
        refused(body, "'lm_head.weight' are missing in ", "save the whole model, head included");
    }

    @Test
    void numberTypesOfTheSameSizeAreNotTheSame() throws IOException {
        FolderCopy half = copy("gpt2-f16");
        same(half);
        other(half.without("h.0.attn.bias").typed("BF16"));
    }

    @Test
    void paddedRowsOfTheVocabularyHaveGradients() throws IOException {
        FolderModel model = FolderModel.open(copy("hf_olmo").path());
        Network network = model.network();
        assertThat(network.vocabulary()).isEqualTo(11);
        Parameter head = network.layout().parameter("model.transformer.ff_out.weight");
        TokenBatch batch = TokenBatch.of(new int[][] {{0, 5, 3}}, new int[1], new int[] {2}, new int[] {4});
        double[] gradient = Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                var theta = Torch.leaf(scope.create(model.theta()));
                var loss =
                        network.logits(theta, batch).logSoftmax(-1).get(":, 4").sum();
                return Torch.doubles(Torch.gradient(loss, theta));
            }
        });
        assertThat(Arrays.copyOfRange(gradient, head.end() - 8, head.end())).doesNotContain(0);
        refused(copy("hf_olmo").config(config -> config.remove("embedding_size")), "'model.transformer.wte.weight'");
    }

    @ParameterizedTest
    @CsvSource({
        // Rows of all heads' queries, keys and values, where they are head by head.
        "gpt_neox, attention.query_key_value.weight",
        "gpt_neox, attention.query_key_value.bias",
        "gpt_neox-sequential, attention.query_key_value.weight",
        "modernbert, attn.Wqkv.weight",
        "modernbert-biased, attn.Wqkv.bias",
        "hf_olmo, att_proj.weight"
    })
    void theOrderOfQueriesKeysAndValuesMatters(String name, String tensor) throws IOException {
        same(copy(name));
        int heads = name.equals("gpt_neox-sequential") ? 1 : 2;
        int rows = name.equals("gpt_neox") ? 48 : 24;
        int each = rows / 3 / heads;
        boolean byHead = name.startsWith("gpt_neox");
        // The other order of [heads, 3, each] and [3, heads, each]; with one head, keys first.
        other(copy(name).rows(tensor, row -> {
            int part = heads == 1 ? (row / each + 1) % 3 : byHead ? row / (heads * each) : row / each % 3;
            int head = heads == 1 ? 0 : byHead ? row / each % heads : row / (3 * each);
            int at = row % each;
            return byHead ? (head * 3 + part) * each + at : (part * heads + head) * each + at;
        }));
    }

    @ParameterizedTest
    @CsvSource({
        "hf_olmo, ff_proj.weight, 32",
        "hf_olmo-rms, ff_proj.bias, 24",
        "modernbert, mlp.Wi.weight, 12",
        "modernbert-biased, mlp.Wi.bias, 24",
        // Keys in the place of values.
        "hf_olmo-rms, att_proj.weight, 0",
    })
    void theHalvesOfTheGateMatter(String name, String tensor, int rows) throws IOException {
        same(copy(name));
        other(copy(name)
                .rows(
                        tensor,
                        row -> rows > 0 ? (row + rows / 2) % rows : row < 8 ? row : row < 12 ? row + 4 : row - 4));
    }

    @Test
    void bertMayLackTheDecoderAndSpellNormsOtherwise() throws IOException {
        FolderCopy old = copy("bert-bf16")
                .renamed(name -> name.replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta"));
        same(old);
        assertThat(FolderModel.open(old.path()).unused()).isEmpty();
        same(copy("bert-untied"));
        other(copy("bert-untied").without("cls.predictions.decoder.weight").without("cls.predictions.decoder.bias"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt_neox | use_parallel_residual | false",
                "gpt_neox-sequential | use_parallel_residual | true",
                "gpt_neox-sequential | hidden_act | \"relu\"",
                "gpt_neox | layer_norm_eps | 0.1",
                "gpt_neox | rope_parameters | {\"rope_theta\": 10000, \"partial_rotary_factor\": 1}",
                "llama | rms_norm_eps | 0.1",
                "llama-biased | hidden_act | \"silu\"",
                "llama-linear | rope_parameters | {\"rope_theta\": 100}",
                "llama-yarn | rope_parameters | {\"rope_theta\": 100}",
                "llama-llama3 | rope_parameters | {\"rope_theta\": 100}",
                "mistral | sliding_window | null",
                "mistral | sliding_window | 4",
                "qwen2-window | max_window_layers | 2",
                "qwen2-window | use_sliding_window | false",
                "olmo-clipped | clip_qkv | null",
                "olmo3 | sliding_window | 5",
                "olmo3 | layer_types | [\"full_attention\",\"full_attention\",\"full_attention\",\"full_attention\"]",
                "smollm3 | no_rope_layers | [1,1,1,1]",
                "smollm3-window | no_rope_layers | [0,1]",
                "hf_olmo | clip_qkv | null",
                "hf_olmo | rope_theta | 3",
                "hf_olmo-rms | scale_logits | false",
                "hf_olmo-after | norm_after | false",
                "hf_olmo-rms | layer_norm_type | \"default\"",
                "modernbert | local_attention | 6",
                "modernbert | global_attn_every_n_layers | 2",
                "modernbert-biased | hidden_activation | \"gelu\"",
                "modernbert-biased | classifier_activation | \"gelu\"",
                "modernbert | norm_eps | 0.1",
                "distilbert-relu | activation | \"gelu\"",
                "roberta-post | layer_norm_eps | 0.1",
                "gpt2-by-layer | scale_attn_by_inverse_layer_idx | false",
                "gpt2-by-layer | activation_function | \"relu\"",
                "gpt2-unscaled | scale_attn_weights | true"
            })
    void everySwitchMatters(String name, String field, String value) throws IOException {
        same(copy(name));
        Consumer<ObjectNode> change = config -> {
            try {
                config.set(field, JSON.readTree(value));
                if (name.startsWith("modernbert") && field.startsWith("global")) {
                    config.remove("layer_types");
                }
                if (name.startsWith("qwen2")) {
                    config.remove("layer_types");
                }
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        };
        other(copy(name).config(change));
    }

    @Test
    void postNormIsNotPreNorm() throws IOException {
        // RoBERTa's tensors are those of its pre-LN sister, but for one norm.
        FolderCopy copy = copy("roberta-post")
                .renamed(name -> name.replace("roberta.", "roberta_prelayernorm.")
                        .replace("attention.output.LayerNorm", "intermediate.LayerNorm")
                        .replace("output.LayerNorm", "attention.LayerNorm"))
                .added("roberta_prelayernorm.LayerNorm.weight", "roberta_prelayernorm.embeddings.LayerNorm.weight", 1)
                .added("roberta_prelayernorm.LayerNorm.bias", "roberta_prelayernorm.embeddings.LayerNorm.bias", 1)
                .config(config -> config.put("model_type", "roberta-prelayernorm"));
        other(copy);
    }

    @Test
    void contradictionsAreRefused() throws IOException {
        refused(
                copy("qwen2")
                        .config(config -> config.putArray("layer_types")
                                .add("full_attention")
                                .add("sliding_attention")),
                "layer_types is [full_attention, sliding_attention] in ",
                "needs sliding_window");
        refused(
                copy("olmo3").config(config -> config.putArray("layer_types").add("linear_attention")),
                "layer_types is [\"linear_attention\"]",
                "give a list of 4 entries");
        refused(copy("llama").config(config -> config.put("num_key_value_heads", 0)), "num_key_value_heads is 0");
        refused(copy("llama").config(config -> config.put("sliding_window", 4)), "sliding_window is 4 in ");
        refused(copy("llama").config(config -> config.put("head_dim", 3)), "head_dim is 3", "give an even number");
        refused(
                copy("mistral").config(config -> config.remove("num_key_value_heads")),
                "num_key_value_heads is missing");
        refused(copy("hf_olmo").config(config -> config.put("alibi", true)), "alibi is true");
        refused(copy("hf_olmo").config(config -> config.put("rope", false)), "rope is false");
        refused(copy("hf_olmo").config(config -> config.put("block_type", "llama")), "block_type is \"llama\"");
        refused(copy("gpt2").config(config -> config.put("add_cross_attention", true)), "add_cross_attention is true");
    }
}
