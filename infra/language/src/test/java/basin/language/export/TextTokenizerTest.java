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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
            refused(() -> TextFile.read(text, tokenizer, Objective.MASKED), text + " cannot be read");
            Files.writeString(text, "\n  \n");
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.MASKED),
                    text + " has no line in which a masked token");
            Files.write(text, "w0\nw1 \u00e9".getBytes(StandardCharsets.ISO_8859_1));
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.MASKED),
                    text + " is no UTF-8 text at byte 6 (0xE9)");
            Files.writeString(text, "w0 w1\n\nw2\n");
            TextFile read = TextFile.read(text, tokenizer, Objective.CAUSAL);
            assertThat(read.lines()).hasSize(2);
            assertThat(read.tokens()).isEqualTo(5);
        }
    }

    @Test
    void byteOrderMarksAndOtherEndsOfLinesChangeNothing() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "w0 w1\nw2 w3\n");
        TextFile plain;
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            plain = TextFile.read(text, tokenizer, Objective.CAUSAL);
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
            TextFile marked = TextFile.read(text, tokenizer, Objective.CAUSAL);
            assertThat(marked.tokens()).isEqualTo(plain.tokens());
            for (int i = 0; i < 2; i++) {
                assertThat(marked.lines().get(i).ids())
                        .isEqualTo(plain.lines().get(i).ids());
            }
            Files.write(text, "w0 w1\n".getBytes(StandardCharsets.UTF_16));
            refused(
                    () -> TextFile.read(text, tokenizer, Objective.CAUSAL),
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
                file, Files.readString(file).replaceFirst("\\{", "{\"limit\": [0.0, Infinity], \"other\": NaN, "));
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
        refused(() -> TextTokenizer.open(folder, 5), file + " is no JSON");
        Files.delete(file);
        refused(() -> TextTokenizer.open(folder, 5), folder + " holds no tokenizer.json");
        Files.writeString(file, whole.replace("<mask>", "<hidden>"));
        Files.delete(folder.resolve("tokenizer_config.json"));
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 5)) {
            refused(tokenizer::mask, file + " has no mask token");
        }
    }
}
