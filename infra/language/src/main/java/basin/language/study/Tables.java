package basin.language.study;

import basin.language.SentenceSource;
import basin.language.teacher.TeacherLanguage;
import basin.language.teacher.TeacherTexts;
import basin.language.text.TableSentences;
import basin.language.text.TextLanguage;
import basin.language.text.TextTable;
import basin.study.ProtocolSpec;
import basin.study.Refusal;
import basin.study.TableSpec;
import java.util.List;

/** Tables of labelled texts by their specifications. Thread-safe. */
public final class Tables {
    private Tables() {}

    /**
     * Reads a table.
     *
     * @throws Refusal if a file is no such table; one sentence that names file, line and column
     * @throws AbsentModelException if this machine does not have its files at present; one sentence
     */
    public static TextTable read(TableSpec spec) {
        return AbsentModelException.unlessRead(() -> TextTable.read(spec));
    }

    /**
     * Returns a table's examples as sentences of a language.
     *
     * @throws Refusal if it is no table, or if the language cannot encode it; one sentence
     * @throws AbsentModelException if this machine does not have its files or the tokenizer at
     *     present; one sentence
     */
    public static TableSentences sentences(SentenceSource source, TableSpec spec) {
        TextTable table = read(spec);
        return switch (source) {
            case TextLanguage text -> TableSentences.of(table, text::encode);
            case TeacherLanguage teacher -> some(TableSentences.of(table, texts(teacher, spec)::encode));
            default ->
                throw new Refusal("tasks.table is given: leave the task out, or give a language of kind"
                        + " text or teacher, for only these have a tokenizer.");
        };
    }

    private static TeacherTexts texts(TeacherLanguage teacher, TableSpec spec) {
        String tokenizer = spec.tokenizer()
                .orElseThrow(() -> new Refusal(
                        "tasks.table.tokenizer is absent: give the SHA-256 of the teacher's tokenizer.json."));
        return AbsentModelException.unlessRead(() -> TeacherTexts.of(teacher, tokenizer));
    }

    private static TableSentences some(TableSentences table) {
        for (TableSentences.Part part : List.of(table.training(), table.test())) {
            if (part.labels().length == 0) {
                throw new Refusal("tasks.table has " + part.leftOut()
                        + " rows without a kept token: give more language.tokens, or put the teacher's own"
                        + " tokenizer beside its weights.");
            }
        }
        return table;
    }

    /**
     * Checks that a table has enough examples for the protocols.
     *
     * @throws Refusal if it has fewer; one sentence that names the field, the value and the fix
     * @throws AbsentModelException as {@link #sentences}
     */
    static void check(SentenceSource source, TableSpec spec, List<ProtocolSpec> protocols) {
        TableSentences table = sentences(source, spec);
        protocols.forEach(protocol -> check(table, protocol.labels(), protocol.test()));
    }

    /**
     * Checks that a table has enough examples left after encoding.
     *
     * @param labels required number of training examples
     * @param test required number of test examples
     * @throws Refusal if it has fewer; one sentence that names the field, the value and the fix
     */
    public static void check(TableSentences table, int labels, int test) {
        enough("protocols.labels", labels, table.training().labels().length, "to learn from");
        enough("protocols.test", test, table.test().labels().length, "to test on");
    }

    /**
     * Checks that a table has enough examples.
     *
     * @param labels required number of training examples
     * @param test required number of test examples
     * @throws Refusal if it has fewer; one sentence that names the field, the value and the fix
     */
    public static void check(TextTable table, int labels, int test) {
        enough("protocols.labels", labels, table.training().labels().size(), "to learn from");
        enough("protocols.test", test, table.test().labels().size(), "to test on");
    }

    private static void enough(String field, int wanted, int there, String what) {
        if (wanted > there) {
            throw new Refusal(field + " is " + wanted + ": give at most " + there + ", for so many examples " + what
                    + " a task's table has.");
        }
    }
}
