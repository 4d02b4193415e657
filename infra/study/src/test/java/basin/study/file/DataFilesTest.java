package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Against;
import basin.study.Json;
import basin.study.LanguageSpec;
import basin.study.Refusal;
import basin.study.Sha256;
import basin.study.StudySpec;
import basin.study.TableSpec;
import basin.study.TaskSpec;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data files are identified by their hashes, and study files may name them. */
@Isolated("It sets system properties.")
class DataFilesTest {
    private static final String LANGUAGE =
            "{kind: text, files: [a.txt], tokenizer: words, vocabularySize: 100, maxLength: 8, pairs: 0.2, heldOut:"
                    + " 0.2, seed: 1}";

    private static final String TASKS =
            "[{name: one, table: {layout: sst-2, file: a.tsv, test: b.tsv}}, {name: two, table: {layout: qnli, file:"
                    + " a.tsv, test: b.tsv}}, {name: own, table: {texts: [t], label: l, file: a.tsv, test: b.tsv}}]";

    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(DataFiles.PROPERTY);
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFileIsFoundWhereItWasNamedOrListed() throws IOException {
        Path named = Files.writeString(folder.resolve("named.txt"), "named");
        assertThat(DataFiles.remember(named)).isEqualTo(hash("named"));
        assertThat(DataFiles.find(hash("named"))).hasValue(named);
        Files.writeString(named, "changed since");
        assertThat(DataFiles.find(hash("named"))).isEmpty();

        Path listed =
                Files.writeString(Files.createDirectory(folder.resolve("data")).resolve("x.txt"), "listed");
        assertThat(DataFiles.find(hash("listed"))).isEmpty();
        System.setProperty(DataFiles.PROPERTY, folder.resolve("none") + File.pathSeparator + listed.getParent());
        assertThat(DataFiles.find(hash("listed"))).hasValue(listed);
        System.setProperty(DataFiles.PROPERTY, listed.toString());
        assertThat(DataFiles.find(hash("listed"))).hasValue(listed);
    }

    @Test
    void foldersThatAreListedAreSearchedBelowAndWhatCannotBeReadIsPassedBy() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("data/SST-2/small"));
        Path listed = Files.writeString(deep.resolve("train.tsv"), "deep");
        Files.createSymbolicLink(folder.resolve("data/a-lost-link"), folder.resolve("nowhere"));
        Path deeper = Files.createDirectories(deep.resolve("very"));
        Files.writeString(deeper.resolve("x.tsv"), "too deep");
        System.setProperty(DataFiles.PROPERTY, folder.resolve("data").toString());
        assertThat(DataFiles.find(hash("deep"))).hasValue(listed);
        assertThat(DataFiles.find(hash("too deep"))).isEmpty();
    }

    private StudySpec study(String language, String tasks) throws IOException {
        for (String name : List.of("a.txt", "a.tsv", "b.tsv", "tokenizer.json")) {
            Files.writeString(folder.resolve(name), name);
        }
        Path study = folder.resolve("study.yaml");
        String text = Files.readString(Path.of("../studies/quick.yaml"));
        text = text.replaceFirst("(?m)^language: .*$", "language: " + language);
        text = text.replaceFirst("(?m)^tasks:\n(  - .*\n)+", "tasks: " + tasks + "\n");
        Files.writeString(study, text);
        return StudyFile.read(study);
    }

    @Test
    void aStudyFileNamesFilesAndLayoutsAndTheStudyHashesAndColumns() throws IOException {
        StudySpec study = study(LANGUAGE, TASKS);
        assertThat(study.language())
                .isEqualTo(new LanguageSpec.Text(List.of(hash("a.txt")), "words", 100, 8, 0.2, 0.2, 1));
        assertThat(study.language().against()).isEqualTo(Against.HELD_OUT);
        assertThat(study.tasks())
                .containsExactly(
                        task("one", List.of("sentence"), "label", List.of("0", "1")),
                        task("two", List.of("question", "sentence"), "label", List.of("entailment", "not_entailment")),
                        task("own", List.of("t"), "l", List.of()));
        byte[] record = Json.canonical(study);
        assertThat(Json.mapper().readValue(record, StudySpec.class)).isEqualTo(study);
        assertThat(new String(record, StandardCharsets.UTF_8)).doesNotContain("a.txt", "a.tsv", "sst-2");
        assertThat(study(LANGUAGE.replace("a.txt", hash("a.txt")), TASKS)).isEqualTo(study);
        assertThat(study(LANGUAGE.replace("tokenizer: words", "tokenizer: tokenizer.json"), TASKS)
                        .language())
                .isEqualTo(new LanguageSpec.Text(List.of(hash("a.txt")), hash("tokenizer.json"), 100, 8, 0.2, 0.2, 1));
    }

    private static TaskSpec task(String name, List<String> texts, String label, List<String> classes) {
        return new TaskSpec(name, new TableSpec(hash("a.tsv"), hash("b.tsv"), texts, label, classes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.txt | absent.txt | language.files is 'absent.txt', and there is no file",
                "[a.txt] | a.txt | 'field ''language.files'' is no list: put what it holds in brackets, [a.txt]'",
                "texts: [t] | texts: t | 'field ''tasks[2].table.texts'' is no list: put what it holds in brackets,"
                        + " [t]'",
                "label: l | labels: l | unknown field 'tasks[2].table.labels'",
                "'l, file: a.tsv, test: b.tsv' | 'l, file: a.tsv' | field 'tasks[2].table.test' is missing",
                "[a.txt] | [] | language.files is []: name one file at least",
                "vocabularySize: 100 | vocabularySize: 3 | language.vocabularySize is 3: give a whole number from 4",
                "maxLength: 8 | maxLength: 1 | language.maxLength is 1",
                "heldOut: 0.2 | heldOut: 0.7 | language.heldOut is 0.7: give a number from 0.01 to 0.5",
                "tokenizer: words | tokenizer: none.json | language.tokenizer is 'none.json', and there is no file",
                "', pairs: 0.2' | ', pairs: 0' | 'language.pairs is 0: give a share above 0, such as 0.2, for task"
                        + " ''two'''",
                "layout: sst-2 | layout: cola | 'tasks[0].table.layout is ''cola'': give one of qnli, sst-2'",
                "layout: sst-2 | 'layout: sst-2, label: x' | beside names of columns: give the one or the other",
                "texts: [t] | texts: [l] | 'tasks[2].table.label is ''l'' beside the texts [l]'",
                "texts: [t] | 'texts: [t, u, v]' | 'tasks[2].table.texts is [t, u, v]: name one column, or two'",
                "name: own | 'name: own, start: 1' | tasks[2].table is given with a span or a shift",
                "name: own | 'name: own, label: inside' | 'tasks[2].label is ''inside'' beside a table: leave it out'",
                "[{name: one | '[{name: root, start: 0, length: 0, label: inside}, {name: one' | tasks[0].table is"
                        + " absent in task 'root'",
                "test: b.tsv | test: c.tsv | tasks[0].table.test is 'c.tsv', and there is no file",
            })
    void whatCannotBeIsRefused(String what, String by, String expected) throws IOException {
        String both = LANGUAGE + "\n" + TASKS;
        String changed = both.replace(what, by);
        assertThat(changed).isNotEqualTo(both);
        List<String> parts = changed.lines().toList();
        assertThatThrownBy(() -> study(parts.getFirst(), parts.getLast()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected);
    }

    @Test
    void whatNeedsExactConditionalsIsRefused() throws IOException {
        String text = Files.readString(Path.of("../studies/quick.yaml"));
        study(LANGUAGE, "[]");
        String own = Files.readString(folder.resolve("study.yaml"));
        refused(own.replace("[adamw]", "[adamw, lookup-table]"), "algorithms.kind is 'lookup-table': leave it out");
        refused(
                own.replace("estimator: paired", "estimator: fisher.soft"),
                "flatness[0].estimator is 'fisher.soft': give");
        refused(
                text.replaceFirst("(?m)^tasks:\n(  - .*\n)+", "tasks: " + TASKS + "\n"),
                "tasks[0].table is given in task 'one': leave the task out, or give a language of kind text");
    }

    private void refused(String study, String expected) throws IOException {
        Path file = Files.writeString(folder.resolve("refused.yaml"), study);
        assertThatThrownBy(() -> StudyFile.read(file))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected);
    }
}
