package basin.language.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.language.study.Tables;
import basin.study.Refusal;
import basin.study.TableSpec;
import basin.study.file.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of tables of labelled texts, in the layouts of GLUE and by their column names. */
class TextTableTest {
    private static final String SENTENCES = "sentence\tlabel\nit was \"good\t1\nbad , bad\t0\n";
    private static final String PAIRS =
            "index\tquestion\tsentence\tlabel\r\n0\twho ?\tme .\tentailment\r\n1\twhere ?\tnow .\tnot_entailment";

    @TempDir
    private Path folder;

    private String file(String name, String text) throws IOException {
        return DataFiles.remember(Files.writeString(folder.resolve(name), text));
    }

    private TextTable table(String layout, String train, String test) throws IOException {
        TableSpec.Columns columns = TableSpec.columns(layout);
        return TextTable.read(new TableSpec(
                file("train.tsv", train), file("dev.tsv", test), columns.texts(), columns.label(), columns.classes()));
    }

    @Test
    void bothLayoutsAreReadAsTheyStand() throws IOException {
        TextTable one = table("sst-2", SENTENCES, "\ufeffsentence\tlabel\nfine\t0\n");
        assertThat(one.training().texts()).containsExactly(List.of("it was \"good"), List.of("bad , bad"));
        assertThat(one.training().labels()).containsExactly(1, 0);
        assertThat(one.test().labels()).containsExactly(0);
        TextTable two = table("qnli", PAIRS, PAIRS);
        assertThat(two.training().texts()).containsExactly(List.of("who ?", "me ."), List.of("where ?", "now ."));
        assertThat(two.training().labels()).containsExactly(0, 1);
        assertThat(two.classes()).containsExactly("entailment", "not_entailment");
        Tables.check(two, 2, 2);
        assertThatThrownBy(() -> Tables.check(two, 3, 2))
                .hasMessage("protocols.labels is 3: give at most 2, for so many examples to learn from a task's table"
                        + " has.");
        assertThatThrownBy(() -> Tables.check(two, 2, 3)).hasMessageStartingWith("protocols.test is 3: give at most 2");
    }

    @Test
    void columnsMayHaveAnyNamesAndLabelsAreThoseToLearnFrom() throws IOException {
        String train = "stars\tid\treview\nthree\t1\tso so\none\t2\tno\nthree\t3\tyes\n";
        TableSpec spec = new TableSpec(
                file("train.tsv", train),
                file("dev.tsv", "review\tstars\nno\tone\n"),
                List.of("review"),
                "stars",
                List.of());
        TextTable table = TextTable.read(spec);
        assertThat(table.classes()).containsExactly("one", "three");
        assertThat(table.training().labels()).containsExactly(1, 0, 1);
        assertThat(table.test().labels()).containsExactly(0);
        TableSpec unseen = new TableSpec(
                spec.file(),
                file("dev.tsv", "review\tstars\nno\tone\nyes\tfive\n"),
                List.of("review"),
                "stars",
                List.of());
        refused(unseen, "dev.tsv, line 3, column 'stars' is 'five': give a label that train.tsv has.");
        refused(
                new TableSpec(
                        file("one.tsv", "review\tstars\na\tone\n"),
                        unseen.test(),
                        List.of("review"),
                        "stars",
                        List.of()),
                "one.tsv has one label alone, 'one', in column 'stars': give examples of two at least.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad , bad\\t0 | bad , bad | 'train.tsv has 1 columns in line 3, and its header 2, up to ''label'''",
                "bad , bad\\t0 | bad\\tbad\\t0 | 'train.tsv has 3 columns in line 3'",
                "bad , bad\\t0 | \\t0 | 'train.tsv, line 3, column ''sentence'' is empty: give a text.'",
                "bad , bad\\t0 | bad\\t2 | 'train.tsv, line 3, column ''label'' is ''2'': give one of 0, 1.'",
                "sentence\\tlabel | text\\tlabel | 'train.tsv, line 1, has no column ''sentence'': its columns are"
                        + " text, label;'",
                "sentence\\tlabel | label\\tlabel | 'train.tsv, line 1, has more than one column ''label'''",
            })
    void aBadRowIsNamedByFileLineAndColumn(String what, String by, String expected) {
        String text = SENTENCES.replace(what.replace("\\t", "\t"), by.replace("\\t", "\t"));
        assertThat(text).isNotEqualTo(SENTENCES);
        assertThatThrownBy(() -> table("sst-2", text, SENTENCES))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected);
    }

    @Test
    void byteOrderMarksAndOtherEndsOfLinesChangeNothing() throws IOException {
        TextTable plain = table("sst-2", SENTENCES, SENTENCES);
        TextTable marked = table("sst-2", "\ufeff" + SENTENCES.replace("\n", "\r\n"), SENTENCES);
        assertThat(marked.training()).isEqualTo(plain.training());
    }

    @Test
    void tablesWithoutExamplesAreRefused() throws IOException {
        assertThatThrownBy(() -> table("sst-2", "", SENTENCES)).hasMessageStartingWith("train.tsv is empty");
        assertThatThrownBy(() -> table("sst-2", SENTENCES, "sentence\tlabel\n"))
                .hasMessageStartingWith("dev.tsv has a header alone");
    }

    private static void refused(TableSpec spec, String expected) {
        assertThatThrownBy(() -> TextTable.read(spec))
                .isInstanceOf(Refusal.class)
                .hasMessage(expected);
    }
}
