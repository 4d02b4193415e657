package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Optional;

/**
 * A classification task. The label is a property of a span of the sentence, such as the grammar's
 * non-terminal over it or the hidden state behind its one word, or the label that a table gives a
 * text.
 *
 * @param name name for plots and metric labels
 * @param start first position of the span, 0-based, in words
 * @param length length of the span in words; 0 means to the end of the sentence
 * @param label the kind of label to predict
 * @param shift the shift of the test sentences, if they come from another grammar; absent if they
 *     come from the language itself, and then left out of the record's JSON
 * @param table the examples, if a file has them; then the span is the whole text and the label the
 *     table's; otherwise absent and left out of the record's JSON
 */
public record TaskSpec(
        String name,
        int start,
        int length,
        Label label,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ShiftSpec> shift,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<TableSpec> table) {
    public TaskSpec {
        identifier("tasks.name", name);
        within(0, 10_000, "tasks.start", start);
        within(0, 10_000, "tasks.length", length);
        require(
                table.isPresent() == (label == Label.COLUMN),
                "tasks.label",
                () -> "'" + label.name().toLowerCase(Locale.ROOT) + "' " + (table.isPresent() ? "beside" : "without")
                        + " a table",
                () -> table.isPresent() ? "leave it out, for the table names its label" : "give the table, too");
        require(
                table.isEmpty() || (start == 0 && length == 0 && shift.isEmpty()),
                "tasks.table",
                "given with a span or a shift",
                "leave start, length and shift out, for a table's texts are read whole");
    }

    /** Creates a task whose examples are in a table. */
    public TaskSpec(String name, TableSpec table) {
        this(name, 0, 0, Label.COLUMN, Optional.empty(), Optional.of(table));
    }

    /** Returns a task that another program scores. */
    public static TaskSpec scored(String name) {
        return new TaskSpec(name, 0, 0, Label.SCORED, Optional.empty(), Optional.empty());
    }

    /** Creates a task whose test sentences come from the language itself. */
    public TaskSpec(String name, int start, int length, Label label) {
        this(name, start, length, label, Optional.empty(), Optional.empty());
    }

    /**
     * A kind of label. Every language has some of them, as the documentation of study files lists.
     */
    public enum Label {
        /**
         * The non-terminal with the largest inside probability for the span, which is a function of
         * the span's words.
         */
        INSIDE,
        /**
         * The non-terminal that the derivation really used. Spans that are no constituent are left
         * out and counted.
         */
        ANCESTOR,
        /** The hidden state that emitted the span's one word. */
        STATE,
        /**
         * The most likely hidden state given the whole sentence, which is a function of its words.
         */
        LIKELIEST,
        /** The number of brackets that open within the span. */
        OPENINGS,
        /** The value of a table's column. It is used exactly if there is a table. */
        COLUMN,
        /** The score of another program. There is no span. */
        SCORED
    }
}
