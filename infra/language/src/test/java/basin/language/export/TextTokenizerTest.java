package basin.language.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import basin.language.GrammarFile;
import basin.language.Grammars;
import basin.language.Pcfg;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.network.LanguageModel;
import basin.network.folder.FolderModel;
import basin.network.folder.TextFile;
import basin.network.folder.TextTokenizer;
import basin.study.Objective;
import basin.study.Refusal;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that an exported folder is read back with its tokenizer, and that unreadable texts are
 * refused in one sentence.
 */
class TextTokenizerTest {
    private static final Pcfg LANGUAGE = Grammars.tree(2, 3, 2, 6, 1);
    private static final EncoderShape SHAPE = new EncoderShape(6, 4, 8, 1, 2, 12);

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final float[] theta = Initialisation.of(SHAPE, 0.3, 5);

    @BeforeEach
    void aFolderOfOurs() throws IOException {
        EncoderFolder.write(folder, SHAPE, theta, LANGUAGE);
    }

    private static void refused(ThrowingCallable work, String... expected) {
        Refusal refusal = catchThrowableOfType(Refusal.class, work);
        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).contains(expected).doesNotContain("\n").endsWith(".");
    }

    @Test
    void theNetworkComesBackToTheBit() {
        sameToTheBit();
    }

    private void sameToTheBit() {
        FolderModel model = FolderModel.open(folder);
        assertThat(LanguageModel.reading(model.network(), SHAPE.vocabularySize())
                        .map(LanguageModel::shape))
                .contains(SHAPE);
        assertThat(model.theta()).hasSameSizeAs(theta);
        for (int i = 0; i < theta.length; i++) {
            assertThat(model.theta()[i]).isEqualTo(theta[i]);
        }
        assertThat(model.unused()).isEmpty();
    }

    @Test
    void aSentenceIsTheStartTokenAndItsWords() {
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            TextTokenizer.Line line = tokenizer.encode("w0  w3 w5");
            assertThat(line.ids()).containsExactly(0, 4, 7, 9);
            assertThat(line.special()).containsExactly(true, false, false, false);
            assertThat(tokenizer.mask()).isEqualTo(EncoderShape.MASK);
            assertThat(tokenizer.encode("w0 w1 w2 w3 w4 w5").ids()).containsExactly(0, 4, 5, 6, 7);
            refused(() -> tokenizer.encode("w0 w6"), "refuses 'w0 w6'", "give text that it knows");
        }
    }

    @Test
    void textsThatCannotBeRead() throws IOException {
        Path text = folder.resolve("text");
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            refused(() -> TextFile.read(text, tokenizer, Objective.MASKED, 100), text + " cannot be read");
            Files.writeString(text, "\n  \n");
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.MASKED, 100),
                    text + " has no line in which a masked token");
            Files.write(text, "w0\nw1 \u00e9".getBytes(StandardCharsets.ISO_8859_1));
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.MASKED, 100),
                    text + " is no UTF-8 text at byte 6 (0xE9)");
            Files.writeString(text, "w0 w1\n\nw2\n");
            TextFile read = TextFile.read(text, tokenizer, Objective.CAUSAL, 100);
            assertThat(read.lines()).hasSize(2);
            assertThat(read.tokens()).isEqualTo(5);
        }
    }

    @Test
    void byteOrderMarksAndOtherEndsOfLinesChangeNothing() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "w0 w1\nw2 w3\n");
        TextFile plain;
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            plain = TextFile.read(text, tokenizer, Objective.CAUSAL, 100);
        }
        for (String name :
                List.of("config.json", "tokenizer.json", "tokenizer_config.json", EncoderFolder.LANGUAGE, "text")) {
            Path file = folder.resolve(name);
            Files.writeString(file, "\ufeff" + Files.readString(file).replace("\n", "\r\n"));
        }
        sameToTheBit();
        assertThat(GrammarFile.read(folder.resolve(EncoderFolder.LANGUAGE)).vocabularySize())
                .isEqualTo(LANGUAGE.vocabularySize());
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            TextFile marked = TextFile.read(text, tokenizer, Objective.CAUSAL, 100);
            assertThat(marked.tokens()).isEqualTo(plain.tokens());
            for (int i = 0; i < 2; i++) {
                assertThat(marked.lines().get(i).ids())
                        .isEqualTo(plain.lines().get(i).ids());
            }
            Files.write(text, "w0 w1\n".getBytes(StandardCharsets.UTF_16));
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.CAUSAL, 100),
                    text + " is UTF-16 text",
                    "save it as UTF-8");
        }
        for (String name : List.of("config.json", "tokenizer.json", EncoderFolder.LANGUAGE)) {
            Path file = folder.resolve(name);
            Files.write(file, Files.readString(file).getBytes(StandardCharsets.UTF_16LE));
        }
        refused(() -> FolderModel.open(folder), "config.json is UTF-16 text");
        refused(() -> TextTokenizer.open(folder, 5), "tokenizer.json is UTF-16 text");
        refused(() -> GrammarFile.read(folder.resolve(EncoderFolder.LANGUAGE)), EncoderFolder.LANGUAGE + " is UTF-16");
    }

    @Test
    void whatPythonWritesIsRead() throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "\\{",
                                "{\"task_specific_params\": {\"limit\": [0.0, Infinity]}, \"initializer_range\":"
                                        + " NaN, "));
        sameToTheBit();
    }

    @Test
    void tokenizersThatCannotBeRead() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        String whole = Files.readString(file);
        Files.writeString(file, "{\"model\": {\"type\": \"Other\"}}");
        refused(() -> TextTokenizer.open(folder, 5), file + " is no tokenizer that can be read");
        Files.writeString(file, "{}");
        refused(() -> TextTokenizer.open(folder, 5), file + " has no 'model'");
        Files.writeString(file, whole.substring(0, 100));
        refused(() -> TextTokenizer.open(folder, 5), file + " ends before its JSON does");
        Files.delete(file);
        refused(() -> TextTokenizer.open(folder, 5), folder + " holds no tokenizer.json");
        Files.writeString(file, whole.replace("<mask>", "<hidden>"));
        Files.delete(folder.resolve("tokenizer_config.json"));
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            refused(tokenizer::mask, file + " has no mask token");
        }
    }

    /** Changes both files of the tokenizer: fields of the one, and of the settings. */
    private void tokenizer(String file, String settings) throws IOException {
        change("tokenizer.json", file);
        change("tokenizer_config.json", settings);
    }

    private void change(String name, String fields) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(folder.resolve(name).toFile());
        root.setAll((ObjectNode) JSON.readTree(fields));
        Files.writeString(folder.resolve(name), root.toString());
    }

    private List<String> notes(String line, Integer... ids) {
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            assertThat(tokenizer.encode(line).ids())
                    .containsExactly(Arrays.stream(ids).mapToInt(id -> id).toArray());
            return tokenizer.notes();
        }
    }

    @Test
    void settingsOfTheModelsTokenizerAreFollowed() throws IOException {
        String bert = "{\"normalizer\": {\"type\": \"BertNormalizer\", \"clean_text\": true,"
                + " \"handle_chinese_chars\": true, \"strip_accents\": null, \"lowercase\": false}}";
        tokenizer(bert, "{\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": true}");
        String settings = folder.resolve("tokenizer_config.json").toString();
        assertThat(notes("W0 w1", 0, 4, 5))
                .containsExactly(
                        settings + " sets do_lower_case to true against tokenizer.json: the setting is" + " followed.");
        refused(() -> TextTokenizer.checkAlone(folder), "sets do_lower_case to true", "save the tokenizer again");
        change("tokenizer_config.json", "{\"do_lower_case\": false}");
        refused(() -> notes("W0 w1"), "refuses 'W0 w1'");
        assertThat(notes("w0", 0, 4)).isEmpty();
        change("tokenizer_config.json", "{\"strip_accents\": true}");
        assertThat(notes("ẃ0", 0, 4)).hasSize(1);
        TextTokenizer.check(folder);
    }

    @Test
    void settingsThatVersionsSettleDifferentlyAreRefused() throws IOException {
        // The generic class takes everything from tokenizer.json.
        tokenizer("{}", "{\"do_lower_case\": true}");
        refused(() -> TextTokenizer.check(folder), "do_lower_case is true in ", "does not make letters lower-case");
        tokenizer("{\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Lowercase\"}]}}", "{}");
        assertThat(notes("W0", 0, 4)).isEmpty();
        change("tokenizer_config.json", "{\"do_lower_case\": false}");
        refused(() -> TextTokenizer.check(folder), "do_lower_case is false in ", "makes letters lower-case");
        change("tokenizer_config.json", "{\"do_lower_case\": null, \"add_bos_token\": true, \"add_eos_token\": false}");
        assertThat(notes("w0", 0, 4)).isEmpty();
        change("tokenizer_config.json", "{\"add_bos_token\": false}");
        refused(() -> TextTokenizer.check(folder), "add_bos_token is false in ", "adds '<s>' by its post_processor");
        change("tokenizer_config.json", "{\"add_bos_token\": true, \"add_eos_token\": true}");
        refused(() -> TextTokenizer.check(folder), "add_eos_token is true in ", "does not add '</s>'");
        change("tokenizer_config.json", "{\"add_eos_token\": \"no\"}");
        refused(() -> TextTokenizer.check(folder), "add_eos_token is \"no\" in ", "give true or false");
        change(
                "tokenizer_config.json",
                "{\"add_eos_token\": null, \"added_tokens_decoder\": {\"0\": {\"content\": \"<s>\"}}}");
        assertThat(notes("w0", 0, 4)).isEmpty();
        change("tokenizer_config.json", "{\"added_tokens_decoder\": {\"77\": {\"content\": \"<new>\"}}}");
        refused(() -> TextTokenizer.check(folder), "says that '<new>' is token 77");
    }

    @Test
    void namesOfSpecialTokensAndLengthsComeFromTheSettings() throws IOException {
        change("tokenizer_config.json", "{\"mask_token\": null, \"model_max_length\": 1e30}");
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"mask_token\": {\"content\": \"</s>\"}}");
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            assertThat(tokenizer.mask()).isEqualTo(2);
        }
        assertThat(TextTokenizer.maxLength(folder, 7)).isEqualTo(7);
        change("tokenizer_config.json", "{\"model_max_length\": 3}");
        assertThat(TextTokenizer.maxLength(folder, 7)).isEqualTo(3);
        change("tokenizer_config.json", "{\"model_max_length\": 0}");
        refused(() -> TextTokenizer.maxLength(folder, 7), "model_max_length is 0 in ", "at least 2");
    }

    @Test
    void cutLinesAndUnknownTokensAreFound() throws IOException {
        Path text =
                Files.writeString(folder.resolve("text"), "w0 w1\n\nw0 w1 w2 w3\nw0 w1 w2 w3 w4\nw0 w1 w2 w3 w4 w5\n");
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            TextFile read = TextFile.read(text, tokenizer, Objective.CAUSAL, 10);
            assertThat(read.cut()).isEqualTo(2);
            assertThat(read.lines()).extracting(TextTokenizer.Line::cut).containsExactly(false, false, true, true);
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.CAUSAL, 7),
                    "Line 3 of " + text + " has token 7, and the network's last token is 6",
                    "put the model's own tokenizer beside it");
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.MASKED, 3),
                    "The tokenizer's mask token has token 3");
        }
        change("tokenizer_config.json", "{\"truncation_side\": \"left\"}");
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.CAUSAL, 10),
                    "truncation_side is left in ",
                    "line 4 of " + text);
        }
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 7)) {
            assertThat(TextFile.read(text, tokenizer, Objective.CAUSAL, 10).cut())
                    .isZero();
        }
    }

    @Test
    void aTokenizerWithInfiniteScoresIsRead() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
        root.set(
                "model",
                JSON.readTree("{\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [[\"<s>\", 0.0], [\"ab\", -1.5],"
                        + " [\"a\", -1.0], [\"b\", -1.0], [\"abab\", -9]], \"byte_fallback\": false}"));
        root.putArray("added_tokens");
        Files.writeString(file, root.toString());
        assertThat(notes("abab", 0, 1, 1)).isEmpty();
        Files.writeString(
                file, root.toString().replace("-1.5", "-Infinity").replace("\"unk_id\"", "\"other\": NaN, \"unk_id\""));
        assertThat(notes("abab", 0, 2, 3, 2, 3)).isEmpty();
    }
}
