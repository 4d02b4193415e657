package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Ids;
import basin.study.Json;
import basin.study.LanguageSpec;
import basin.study.Refusal;
import basin.study.Sha256;
import basin.study.StudySpec;
import basin.study.TableSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Tables on a teacher's language: the record contains the tokenizer's hash, and the form of old
 * records is unchanged.
 */
@Isolated("It sets system properties.")
class TeacherTablesTest {
    private static final String TEACHER =
            "{kind: teacher, folder: teacher, tokens: 5, minLength: 2, maxLength: 4, temperature: 1, seed: 1}";
    private static final String TASKS = "[{name: one, table: {layout: sst-2, file: a.tsv, test: b.tsv}}, {name: two,"
            + " table: {layout: qnli, file: a.tsv, test: b.tsv}}]";

    @TempDir
    private Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void whatTheUserPutsBesideTheStudyFile() throws IOException {
        model = Files.createDirectory(folder.resolve("teacher"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "weights");
        Files.writeString(model.resolve("tokenizer.json"), "tokenizer");
        Files.writeString(folder.resolve("a.tsv"), "a");
        Files.writeString(folder.resolve("b.tsv"), "b");
    }

    @AfterEach
    void forget() {
        System.clearProperty(ModelFolders.PROPERTY);
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String language, String tasks) throws IOException {
        String text = Files.readString(Path.of("../studies/quick.yaml"));
        text = text.replaceFirst("(?m)^language: .*$", "language: " + language);
        text = text.replaceFirst("(?m)^tasks:\n(  - .*\n)+", "tasks: " + tasks + "\n");
        return Files.writeString(folder.resolve("study.yaml"), text);
    }

    private static List<TableSpec> tables(StudySpec study) {
        return study.tasks().stream().map(task -> task.table().orElseThrow()).toList();
    }

    @Test
    void theRecordHoldsTheTokenizersHashWithTheTable() throws IOException {
        StudySpec study = StudyFile.read(file(TEACHER, TASKS));
        assertThat(tables(study))
                .extracting(TableSpec::tokenizer)
                .containsExactly(Optional.of(hash("tokenizer")), Optional.of(hash("tokenizer")));
        byte[] record = Json.canonical(study);
        assertThat(Json.mapper().readValue(record, StudySpec.class)).isEqualTo(study);
        // Training does not depend on it: neither the language nor any run changes.
        Files.writeString(model.resolve("tokenizer.json"), "another");
        StudySpec other = StudyFile.read(file(TEACHER, TASKS));
        assertThat(other.language()).isEqualTo(study.language());
        assertThat(tables(other)).extracting(TableSpec::tokenizer).containsOnly(Optional.of(hash("another")));
        assertThat(Ids.study(other)).isNotEqualTo(Ids.study(study));
        // Hashes may replace names.
        String weights = ((LanguageSpec.Teacher) study.language()).weights();
        StudySpec byHash = StudyFile.read(file(
                TEACHER.replace("folder: teacher", "weights: " + weights),
                TASKS.replace("test: b.tsv", "test: b.tsv, tokenizer: " + hash("tokenizer"))));
        assertThat(byHash).isEqualTo(study);
    }

    @Test
    void aTableOnATextIsWrittenAsItWas() throws IOException {
        TableSpec table = new TableSpec(hash("a"), hash("b"), List.of("t"), "l", List.of());
        assertThat(new String(Json.canonical(table), StandardCharsets.UTF_8))
                .isEqualTo("{\"classes\":[],\"file\":\"" + hash("a") + "\",\"label\":\"l\",\"test\":\"" + hash("b")
                        + "\",\"texts\":[\"t\"]}");
    }

    @Test
    void aTokenizerIsFoundWhereItWasNamedOrListed() throws IOException {
        assertThat(ModelFolders.rememberTokenizer(model)).isEqualTo(hash("tokenizer"));
        assertThat(ModelFolders.findTokenizer(hash("tokenizer"))).hasValue(model.resolve("tokenizer.json"));
        Files.writeString(model.resolve("tokenizer.json"), "moved on");
        assertThat(ModelFolders.findTokenizer(hash("tokenizer"))).isEmpty();
        assertThat(ModelFolders.findTokenizer(hash("moved on"))).isEmpty();
        System.setProperty(ModelFolders.PROPERTY, folder.toString());
        assertThat(ModelFolders.findTokenizer(hash("moved on"))).hasValue(model.resolve("tokenizer.json"));
    }

    @Test
    void aDraftNeedsNoneOfTheFiles() throws IOException {
        Path study = file(TEACHER, TASKS);
        assertThat(StudyFile.draft(study)).isEqualTo(StudyFile.read(study));
        Files.delete(folder.resolve("b.tsv"));
        Files.delete(model.resolve("tokenizer.json"));
        assertThat(tables(StudyFile.draft(study))).allSatisfy(table -> {
            assertThat(table.file()).isEqualTo(hash("a"));
            assertThat(table.test()).isEqualTo(StudyFile.ABSENT);
            assertThat(table.tokenizer()).hasValue(StudyFile.ABSENT);
        });
        Files.move(model, folder.resolve("elsewhere"));
        assertThat(((LanguageSpec.Teacher) StudyFile.draft(study).language()).weights())
                .isEqualTo(StudyFile.ABSENT);
    }

    @Test
    void whatCannotBeIsRefused() throws IOException {
        refused(TEACHER, TASKS.replace("b.tsv", "c.tsv"), "tasks[0].table.test is 'c.tsv', and there is no file");
        refused(
                TEACHER,
                TASKS.replace("test: b.tsv", "test: b.tsv, tokenizer: abc"),
                "tasks[0].table.tokenizer is 'abc'");
        refused(
                TEACHER.replace("folder: teacher", "weights: " + hash("weights")),
                TASKS,
                "tasks[0].table.tokenizer is absent in task 'one': give the SHA-256 of the teacher's tokenizer.json, or"
                        + " the teacher itself as language.folder.");
        refused(
                "{kind: text, files: [a.tsv], tokenizer: words, vocabularySize: 100, maxLength: 8, pairs: 0.2,"
                        + " heldOut: 0.2, seed: 1}",
                TASKS.replace("test: b.tsv", "test: b.tsv, tokenizer: " + hash("tokenizer")),
                "tasks[0].table.tokenizer is given in task 'one': leave it out, for language.tokenizer splits tables");
        Path file = file(TEACHER, TASKS);
        Files.writeString(file, Files.readString(file).replace("[adamw]", "[adamw, lookup-table]"));
        refused(
                file,
                "algorithms.kind is 'lookup-table': leave it out, or give language.minLength as 1, for a table's texts"
                        + " may be shorter");
        Files.writeString(file, Files.readString(file).replace("minLength: 2", "minLength: 1"));
        assertThat(StudyFile.read(file).algorithms()).hasSize(2);
        Files.delete(model.resolve("tokenizer.json"));
        refused(
                TEACHER,
                TASKS,
                "which has no tokenizer.json to read the table of task 'one' with: save the model's fast tokenizer"
                        + " there, as AutoTokenizer.from_pretrained(MODEL, use_fast=True).save_pretrained(FOLDER)"
                        + " does.");
        // Without tables, no tokenizer is needed.
        assertThat(StudyFile.read(file(TEACHER, "[]")).tasks()).isEmpty();
    }

    private void refused(String language, String tasks, String expected) throws IOException {
        refused(file(language, tasks), expected);
    }

    private static void refused(Path study, String expected) {
        assertThatThrownBy(() -> StudyFile.read(study))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected)
                .message()
                .satisfies(
                        reported -> assertThat(reported.lines().skip(1)).allMatch(line -> line.startsWith("  line ")));
    }
}
