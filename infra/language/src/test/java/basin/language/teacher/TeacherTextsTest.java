package basin.language.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.language.Grammars;
import basin.language.study.AbsentModelException;
import basin.language.study.Tables;
import basin.language.task.Tasks;
import basin.language.text.TableSentences;
import basin.language.text.TextLanguage;
import basin.network.folder.FolderModel;
import basin.study.Refusal;
import basin.study.TableSpec;
import basin.study.TaskSpec;
import basin.study.file.DataFiles;
import basin.study.file.ModelFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of tables of texts in a teacher's language against expectations written by hand. */
class TeacherTextsTest {
    private static final int TOKENS = 11;
    /** A teacher with sentences of two to five words. */
    private static final TeacherLanguage TEACHER = TeacherLanguage.of(
            FolderModel.open(Path.of("../network/src/test/resources/basin/network/folder/gpt2")), 4, 2, 5, 1, 1);

    @TempDir
    private Path folder;

    /**
     * Writes a tokenizer that splits at blanks. Token i is written ti; all else is the end token,
     * which no language keeps.
     */
    private String tokenizer(int tokens) throws IOException {
        String vocabulary = IntStream.range(0, tokens)
                .mapToObj(token -> "\"t" + token + "\": " + token)
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("tokenizer.json"), """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "t2"}}
            """.formatted(vocabulary));
        return ModelFolders.rememberTokenizer(folder);
    }

    /** Returns a word of the language as it is written in the text. */
    private static String word(int word) {
        return "t" + TEACHER.tokens()[word];
    }

    private static String text(int... words) {
        return Arrays.stream(words).mapToObj(TeacherTextsTest::word).collect(Collectors.joining(" "));
    }

    /** Returns a token that the language does not keep and that is not special. */
    private static String dropped() {
        List<Integer> kept = Arrays.stream(TEACHER.tokens()).boxed().toList();
        return "t"
                + IntStream.range(3, TOKENS)
                        .filter(token -> !kept.contains(token))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void tokensThatAreNotKeptAreLeftOutBeforeTextsAreCut() throws IOException {
        TeacherTexts texts = TeacherTexts.of(TEACHER, tokenizer(TOKENS));
        TextLanguage.Encoded encoded = texts.encode(List.of(
                List.of(text(0, 3, 1)),
                List.of(word(0) + " " + dropped() + "  " + word(2) + " unheard t0 "),
                List.of(dropped() + " " + text(3, 3, 3, 2, 1) + " " + dropped()),
                List.of(text(0, 1, 2, 3, 0, 1)),
                List.of("t2 t0 " + dropped()),
                // One word, shorter than any sentence of the teacher.
                List.of(text(2))));
        assertThat(encoded.sentences())
                .isEqualTo(new int[][] {{0, 3, 1}, {0, 2}, {3, 3, 3, 2, 1}, {0, 1, 2, 3, 0}, {}, {2}});
        assertThat(encoded.cut()).isEqualTo(1);
    }

    @Test
    void twoTextsStandOneBehindTheOtherEachCutToHalf() throws IOException {
        TextLanguage.Encoded encoded = TeacherTexts.of(TEACHER, tokenizer(TOKENS))
                .encode(List.of(
                        List.of(text(0, 1), text(2, 3)),
                        List.of(text(0, 1, 2), text(3, 2, 1)),
                        List.of(text(3), text(0, 1, 2)),
                        List.of(dropped(), text(1)),
                        List.of(dropped(), dropped())));
        assertThat(encoded.sentences()).isEqualTo(new int[][] {{0, 1, 2, 3}, {0, 1, 3, 2}, {3, 0, 1}, {1}, {}});
        assertThat(encoded.cut()).isEqualTo(3);
    }

    private TableSpec table(String tokenizer, String train, String test) throws IOException {
        return new TableSpec(
                DataFiles.remember(Files.writeString(folder.resolve("train.tsv"), "sentence\tlabel\n" + train)),
                DataFiles.remember(Files.writeString(folder.resolve("dev.tsv"), "sentence\tlabel\n" + test)),
                List.of("sentence"),
                "label",
                List.of("0", "1"),
                Optional.of(tokenizer));
    }

    @Test
    void rowsOfWhichNothingIsLeftAreLeftOutAndCounted() throws IOException {
        String train = text(0) + "\t1\n" + dropped() + "\t0\n" + text(1, 2) + "\t0\n";
        String test = dropped() + "\t1\nnever\t0\n" + text(3) + "\t1\n";
        TableSentences table = Tables.sentences(TEACHER, table(tokenizer(TOKENS), train, test));
        assertThat(table.training().sentences()).isEqualTo(new int[][] {{0}, {1, 2}});
        assertThat(table.training().labels()).containsExactly(1, 0);
        assertThat(table.training().leftOut()).isEqualTo(1);
        assertThat(table.test().sentences()).isEqualTo(new int[][] {{3}});
        assertThat(table.test().leftOut()).isEqualTo(2);
        assertThat(table.leftOut()).isEqualTo(3);
        Tables.check(table, 2, 1);
        assertThatThrownBy(() -> Tables.check(table, 3, 1))
                .hasMessage("protocols.labels is 3: give at most 2, for so many examples to learn from a task's table"
                        + " has.");
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException {
        String row = text(0) + "\t1\n";
        refused(table(tokenizer(TOKENS), row, dropped() + "\t1\n"), "tasks.table has 1 rows without a kept token");
        refused(
                table(tokenizer(TOKENS + 1), row, "t11\t1\n"),
                "tokenizer.json, which has a token 11 in example 1, and the teacher's last one is 10: put the"
                        + " teacher's own");
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {}}");
        refused(table(ModelFolders.rememberTokenizer(folder), row, row), "tokenizer.json, which cannot be read (");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": true}");
        refused(table(tokenizer(TOKENS), row, row), "do_lower_case is true in ");
        Files.delete(folder.resolve("tokenizer_config.json"));
        String now = tokenizer(TOKENS);
        TableSpec whole = table(now, row, row);
        refused(
                new TableSpec(whole.file(), whole.test(), whole.texts(), whole.label(), whole.classes()),
                "tasks.table.tokenizer is absent: give the SHA-256");
        assertThatThrownBy(() -> Tables.sentences(Grammars.tree(2, 3, 2, 6, 1), whole))
                .hasMessage("tasks.table is given: leave the task out, or give a language of kind text or teacher, for"
                        + " only these have a tokenizer.");
        TaskSpec span = new TaskSpec("root", 0, 0, TaskSpec.Label.INSIDE);
        assertThatThrownBy(() -> Tasks.check(TEACHER, span))
                .hasMessage("tasks.label is 'inside' in task 'root': leave the task out, for a teacher's text, but for"
                        + " tables, has no labels.");
    }

    private static void refused(TableSpec spec, String expected) {
        assertThatThrownBy(() -> Tables.sentences(TEACHER, spec))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected)
                .message()
                .endsWith(".")
                .doesNotContain("\n");
    }

    @Test
    void aTokenizerThatWasChangedIsAnotherOne() throws IOException {
        TableSpec spec = table(tokenizer(TOKENS), text(0) + "\t1\n", text(1) + "\t0\n");
        assertThat(Tables.sentences(TEACHER, spec).leftOut()).isZero();
        tokenizer(TOKENS - 1);
        assertThatThrownBy(() -> Tables.sentences(TEACHER, spec))
                .isInstanceOf(AbsentModelException.class)
                .hasMessage("tasks.table.tokenizer is " + spec.tokenizer().orElseThrow()
                        + ": no model with such a tokenizer.json is known here; list its folder, or the folder above"
                        + " it, in BASIN_MODELS.");
    }
}
