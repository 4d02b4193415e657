package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a new study file is short, can be planned, and overwrites nothing. */
class NewCommandTest {
    @TempDir
    private Path folder;

    private Typed create(String... options) {
        return Typed.basin(
                Stream.concat(Stream.of("new", folder.resolve("my-study.yaml").toString()), Stream.of(options))
                        .toArray(String[]::new));
    }

    @Test
    void aStudyOfFiveFieldsIsWrittenAndPlanned() throws IOException {
        create("--sizes", "16,32", "--rates", "1e-3,3e-3", "--seeds", "2").says("Wrote ", "infra/basin plan ");
        Path file = folder.resolve("my-study.yaml");
        List<String> fields = Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(fields)
                .containsExactly(
                        "name: my-study",
                        "language: {kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18, seed: 1}",
                        "sizes: [16, 32]",
                        "learningRates: [0.001, 0.003]",
                        "seeds: [1, 2]");
        String schema = Files.readAllLines(file).getFirst();
        assertThat(schema).startsWith("# yaml-language-server: $schema=");
        assertThat(folder.resolve(schema.substring(schema.indexOf('=') + 1)).normalize())
                .isRegularFile();
        Typed.basin("plan", file.toString())
                .says("Study my-study: 8 runs (2 sizes × 1 algorithm × 2 learning rates × 2 seeds), 4,000 steps each");
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("my-study.yaml"), "mine");
        create().refused(file + " exists: give another name, or remove it.");
        assertThat(file).content().isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tree", "layered", "random", "hmm", "brackets"})
    void everyLanguageThatNeedsNoFileIsPlanned(String kind) {
        create("--language", kind).says("Wrote ");
        Typed.basin("plan", folder.resolve("my-study.yaml").toString()).says("Study my-study: 8 runs");
    }

    @ParameterizedTest
    @CsvSource({"grammar, grammar.json", "text, lines.txt", "teacher, opt-125m"})
    void aLanguageOfFilesSaysWhichToPutThere(String kind, String name) throws IOException {
        create("--language", kind).says("Wrote ");
        String text = Files.readString(folder.resolve("my-study.yaml"));
        assertThat(text).contains("kind: " + kind, name).containsPattern("# (file|files|folder): .* beside the study");
    }

    @Test
    void aWidthGetsHeadsThatDivideIt() {
        create("--sizes", "18,7").says("Wrote ");
        StudySpec study = StudyFile.read(folder.resolve("my-study.yaml"));
        assertThat(study.sizes()).extracting(size -> size.heads()).containsExactly(3, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--language tre | --language is 'tre' (did you mean 'tree'?): give one of tree, layered,",
                "--rates -1 | learningRates[0] is -1.0: give a number above 0",
                "--sizes 0 | sizes[0] is 0: give a whole number from 1 to 8192",
                "--sizes 16,16 | sizes[1].name is 'd16', the default, as in another entry: name each once.",
                "--seeds 0 | --seeds is 0: give a whole number from 1 to 1000.",
            })
    void whatCannotBeIsRefusedAndNothingIsWritten(String option, String expected) {
        create(option.split(" ")).refused(expected);
        assertThat(folder.resolve("my-study.yaml")).doesNotExist();
    }

    @Test
    void aNameWithoutItsEndingIsRefused() {
        Typed.basin("new", folder.resolve("study").toString()).refused("give a name that ends in .yaml");
        Typed.basin("new", folder.resolve("none").resolve("a.yaml").toString()).refused("there is no folder ");
    }
}
