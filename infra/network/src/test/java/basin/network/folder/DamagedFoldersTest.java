package basin.network.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import basin.study.Refusal;
import basin.study.file.UnfinishedFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every fault of a folder is reported in one sentence with the file, the value and the fix, before
 * memory is allocated.
 */
class DamagedFoldersTest {
    private static final Path WHOLE = Path.of("src/test/resources/basin/network/folder");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORDS = "roberta_prelayernorm.embeddings.word_embeddings.weight";

    @TempDir
    private Path folder;

    private Path weights;
    private Path config;

    @BeforeEach
    void aWholeFolder() throws IOException {
        copy("roberta");
        weights = folder.resolve("model.safetensors");
        config = folder.resolve("config.json");
        FolderModel.open(folder);
    }

    private void copy(String name) throws IOException {
        try (Stream<Path> files = Files.list(WHOLE.resolve(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
    }

    private void refused(String... expected) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> FolderModel.open(folder));
        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage())
                .contains(expected)
                .contains(folder.toString())
                .doesNotContain("\n")
                .doesNotContain("Exception")
                .endsWith(".");
    }

    private void rewrite(Consumer<ObjectNode> change, UnaryOperator<byte[]> numbers) {
        try {
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(all.getLong())];
            all.get(header);
            byte[] data = new byte[all.remaining()];
            all.get(data);
            ObjectNode root = (ObjectNode) JSON.readTree(header);
            change.accept(root);
            write(JSON.writeValueAsBytes(root), numbers.apply(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(byte[] header, byte[] data) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(weights, file.putLong(header.length).put(header).put(data).array());
    }

    private void header(Consumer<ObjectNode> change) {
        rewrite(change, UnaryOperator.identity());
    }

    private void config(String field, JsonNode value) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(config.toFile());
        root.set(field, value);
        Files.writeString(config, root.toString());
    }

    private static ArrayNode array(long... values) {
        ArrayNode array = JSON.createArrayNode();
        Arrays.stream(values).forEach(array::add);
        return array;
    }

    private static ObjectNode words(ObjectNode header) {
        return (ObjectNode) header.get(WORDS);
    }

    @Test
    void aFileThatIsCutOff() throws IOException {
        byte[] all = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(all, all.length - 5));
        refused("model.safetensors", "bytes", "fetch or save it again");
        Files.write(weights, Arrays.copyOf(all, 100));
        refused("announces a header of", "in a file of 100", "cut off");
        Files.write(weights, Arrays.copyOf(all, 3));
        refused("has 3 bytes, too few");
    }

    @Test
    void aHeaderThatClaimsMoreThanThereIs() throws IOException {
        byte[] all = Files.readAllBytes(weights);
        for (long length : new long[] {Long.MAX_VALUE, -1, 1L << 40, 0}) {
            ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
            Files.write(weights, all);
            refused("announces a header of " + Long.toUnsignedString(length) + " bytes");
        }
        Files.writeString(weights, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n");
        refused("is no safetensors file");
    }

    @Test
    void aHeaderThatIsNoJson() throws IOException {
        write("{\"a\": ".getBytes(StandardCharsets.UTF_8), new byte[4]);
        refused("The header of", "ends before its JSON does", "the file is damaged");
        write("[1, 2]".getBytes(StandardCharsets.UTF_8), new byte[4]);
        refused("is no JSON object");
        String one = "\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}";
        write(("{" + one + ", " + one + "}").getBytes(StandardCharsets.UTF_8), new byte[4]);
        refused("gives 'a' twice");
    }

    @Test
    void tensorsThatLieElsewhereThanTheyCan() {
        header(root -> words(root).set("data_offsets", array(0, 1L << 50)));
        refused("gives '" + WORDS + "', F32 of shape [11, 8], " + (1L << 50) + " bytes instead of 352");
        header(root -> words(root).set("data_offsets", array(-4, 348)));
        refused("gives '" + WORDS + "' no dtype, shape and pair of data_offsets");
        header(root -> words(root).set("data_offsets", array(352, 0)));
        refused("puts '" + WORDS + "' at bytes 352 to 0");
    }

    @Test
    void tensorsThatOverlapOrLeaveAGap() {
        header(root -> {
            long from = words(root).get("data_offsets").get(0).asLong();
            words(root).set("data_offsets", array(from - 4, from + 348));
        });
        refused("within another tensor");
        header(root -> {
            long from = words(root).get("data_offsets").get(0).asLong() + 4;
            words(root).set("data_offsets", array(from + 4, from + 356));
        });
        refused("after a gap");
        rewrite(
                root -> {
                    long from = words(root).get("data_offsets").get(0).asLong() - 4;
                    words(root).set("data_offsets", array(from, from + 352));
                },
                data -> Arrays.copyOf(data, data.length + 8));
        refused("describes", "bytes of numbers, and the file holds");
    }

    @Test
    void tensorsOfTheWrongSize() {
        header(root -> words(root).put("dtype", "F64"));
        refused("gives '" + WORDS + "', F64 of shape [11, 8], 352 bytes instead of 704");
        header(root -> words(root).put("dtype", "F32").set("shape", array(1L << 40, 1L << 40)));
        refused("bytes instead of more than there are");
        header(root -> words(root).set("shape", array(8, 11)));
        refused("are F32 of shape [8, 11]: give F64, F32, F16 or BF16 of shape [11, 8]");
        header(root -> words(root).put("dtype", "I32").set("shape", array(11, 8)));
        refused("are I32 of shape [11, 8]");
    }

    @Test
    void missingTensors() {
        header(root -> root.set("other", root.remove("lm_head.dense.weight")));
        refused("The weights of 'lm_head.dense.weight' are missing");
    }

    @Test
    void numbersThatAreNone() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            rewrite(root -> {}, data -> {
                ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putFloat(12, bad);
                return data;
            });
            refused("hold " + (double) bad + " at place 3: give finite numbers");
        }
    }

    @Test
    void aTiedCopyThatIsAnotherIsAnotherTensor() {
        int tied = FolderModel.open(folder).network().parameterCount();
        rewrite(
                root -> {
                    long end = 0;
                    for (JsonNode tensor : root) {
                        end = Math.max(end, tensor.path("data_offsets").path(1).asLong());
                    }
                    root.putObject("lm_head.decoder.weight")
                            .put("dtype", "F32")
                            .<ObjectNode>set("shape", array(11, 8))
                            .set("data_offsets", array(end, end + 352));
                },
                data -> Arrays.copyOf(data, data.length + 352));
        FolderModel model = FolderModel.open(folder);
        assertThat(model.network().parameterCount()).isEqualTo(tied + 88);
        assertThat(model.notes())
                .containsExactly("tie_word_embeddings is true in config.json, and the files hold"
                        + " 'lm_head.decoder.weight', which is not '" + WORDS + "': the head uses its own.");
    }

    @Test
    void foldersThatHoldNoModel() throws IOException {
        Files.delete(weights);
        refused("holds neither model.safetensors nor model.safetensors.index.json");
        Files.delete(config);
        refused("holds no config.json");
        Path whole = folder;
        folder = whole.resolve("nowhere");
        refused("is no folder");
        folder = whole;
    }

    @Test
    void configurationsThatAreNotRead() throws IOException {
        String whole = Files.readString(config);
        config("model_type", JSON.getNodeFactory().textNode("t5"));
        refused(
                "model_type is 't5' in ",
                "config.json: give a model of type bert, distilbert, gpt2, gpt_neox, hf_olmo, llama, mistral,"
                    + " modernbert, olmo, olmo2, olmo3, opt, qwen2, qwen3, roberta, roberta-prelayernorm or smollm3");
        Files.writeString(config, whole);
        config("num_attention_heads", JSON.getNodeFactory().numberNode(3));
        refused("num_attention_heads is 3", "divides the width, 8");
        Files.writeString(config, whole);
        config("hidden_act", JSON.getNodeFactory().textNode("mish"));
        refused("hidden_act is 'mish'", "only gelu, ");
        Files.writeString(config, whole);
        config("use_flux", JSON.getNodeFactory().numberNode(1));
        refused("use_flux is 1 in ", "a model of type roberta-prelayernorm is read without this field; remove it");
        Files.writeString(config, whole);
        config("pruned_heads", JSON.createObjectNode().set("0", array(1)));
        refused("pruned_heads.0 is [1] in ");
        Files.writeString(config, whole);
        config("quantization_config", JSON.createObjectNode().put("bits", 4));
        refused("quantization_config is given in ", "before quantisation");
        Files.writeString(config, whole);
        config("hidden_size", JSON.getNodeFactory().numberNode(-8));
        refused("hidden_size is -8 in ", "give a whole number from 1");
        Files.writeString(config, whole);
        config("vocab_size", JSON.getNodeFactory().nullNode());
        refused("vocab_size is null");
        Files.writeString(config, whole);
        config("is_decoder", JSON.getNodeFactory().booleanNode(true));
        refused("is_decoder is true");
        Files.writeString(config, whole);
        config("vocab_size", JSON.getNodeFactory().numberNode(10_000_000));
        refused("'" + WORDS + "'", "of shape [10000000, 8]");
        Files.writeString(config, "{\"model_type\": ");
        refused("config.json ends before its JSON does, in line 1");
    }

    @Test
    void modelsOfOptThatAreMadeOtherwise() throws IOException {
        Files.delete(weights);
        Files.delete(config);
        Files.delete(folder.resolve("expected.json"));
        copy("opt");
        FolderModel.open(folder);
        String whole = Files.readString(config);
        config("do_layer_norm_before", JSON.getNodeFactory().booleanNode(false));
        refused("do_layer_norm_before is false", "only models with true are read");
        Files.writeString(config, whole);
        config("word_embed_proj_dim", JSON.getNodeFactory().numberNode(4));
        refused("word_embed_proj_dim is 4", "only models whose words are as wide as their states, 8, are read");
        Files.writeString(config, whole);
        config("max_position_embeddings", JSON.getNodeFactory().numberNode(8));
        refused("'model.decoder.embed_positions.weight'", "of shape [10, 8]");
    }

    @Test
    void shardsThatAreNotThere() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        copy("bert");
        Path index = folder.resolve("model.safetensors.index.json");
        String whole = Files.readString(index);
        Files.writeString(index, whole.replace("model-00002", "../model-00002"));
        refused("give the name of a file in the same folder");
        Files.writeString(index, whole.replaceFirst("model-00002", "model-00001"));
        refused("into model-00001-of-00003.safetensors, which does not hold it");
        Files.writeString(index, "{}");
        refused("has no 'weight_map'");
        Files.writeString(index, whole);
        FolderModel.open(folder);
        Files.delete(folder.resolve("model-00003-of-00003.safetensors"));
        refused("names model-00003-of-00003.safetensors, which is not in the folder");
    }

    @ParameterizedTest
    @CsvSource({
        "module., , module.",
        "_orig_mod., , _orig_mod.",
        "_orig_mod.module., , '_orig_mod., module.'",
        "module._orig_mod., , '_orig_mod., module.'",
        "module.module., , module.",
        "'', encoder._orig_mod., _orig_mod.",
        "module., encoder._fsdp_wrapped_module., '_fsdp_wrapped_module., module.'"
    })
    void namesThatWrappersLengthenAreRead(String before, String encoder, String told) throws IOException {
        FolderModel plain = FolderModel.open(folder);
        double[] theta = plain.theta();
        header(root -> List.copyOf(root.properties()).forEach(tensor -> {
            root.remove(tensor.getKey());
            String inside = encoder == null ? tensor.getKey() : tensor.getKey().replace("encoder.", encoder);
            root.set(tensor.getKey().equals("__metadata__") ? tensor.getKey() : before + inside, tensor.getValue());
        }));
        FolderModel.check(folder);
        FolderModel wrapped = FolderModel.open(folder);
        assertThat(wrapped.theta()).isEqualTo(theta);
        assertThat(wrapped.unused()).isEqualTo(plain.unused());
        assertThat(wrapped.wrappers()).containsExactly(told.split(", "));
        assertThat(plain.wrappers()).isEmpty();
    }

    @Test
    void namesThatAreTheSameWithoutWrappers() throws IOException {
        header(root -> {
            JsonNode own = root.remove("lm_head.dense.bias");
            JsonNode other = root.remove("lm_head.layer_norm.bias");
            root.set("lm_head._orig_mod.dense.bias", own);
            root.set("lm_head.dense.bias", other);
        });
        refused("The weights of 'lm_head.dense.bias' are in ", "twice", "_orig_mod.dense.bias");
    }

    @Test
    void filesThatMoreWritingMayMendAreToldFromOthers() throws IOException {
        byte[] all = Files.readAllBytes(weights);
        int header =
                8 + (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        for (int length : new int[] {0, 5, 8, 100, header, header + 1, all.length - 1}) {
            Files.write(weights, Arrays.copyOf(all, length));
            assertThat(unfinished()).as("%d bytes", length).isTrue();
        }
        Files.write(weights, Arrays.copyOf(all, all.length + 1));
        assertThat(unfinished()).as("a byte too many").isFalse();
        Files.delete(weights);
        assertThat(unfinished()).as("no weights yet").isTrue();
        Files.write(folder.resolve("pytorch_model.bin"), all);
        assertThat(unfinished()).as("weights of another form").isFalse();
        refused("holds pytorch_model.bin, which is not read", "save_pretrained", "writes safetensors");
        Files.write(weights, all);
        FolderModel.check(folder);
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}");
        assertThat(FolderModel.open(folder).unused()).as("beside a stale index").isEmpty();
        Files.delete(weights);
        assertThat(unfinished()).as("a shard that is not there").isTrue();
        Files.delete(config);
        assertThat(unfinished()).as("no configuration yet").isTrue();
        Files.writeString(folder.resolve("adapter_config.json"), "{}");
        assertThat(unfinished()).as("an adapter").isFalse();
        refused("holds an adapter alone", "merge it");
    }

    private boolean unfinished() {
        return catchThrowableOfType(Refusal.class, () -> FolderModel.check(folder)) instanceof UnfinishedFile;
    }
}
