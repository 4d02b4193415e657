package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Optional;

/**
 * A task: name what a span of the sentence has, be it the non-terminal of a grammar over it or the hidden state behind its one word; or the
 * label that a table gives a text.
 *
 * @param name shown on plots and as a metric label
 * @param start first position of the span, 0-based, in words
 * @param length length of the span in words; 0 means to the end of the sentence
 * @param label what counts as right
 * @param shift what the test sentences come from, where that is another grammar; absent where it is the language itself, and its form in
 *     the record is without the field
 * @param table the examples, where a file has them; then the span is the whole text and the label the table's. Absent otherwise, and its
 *     form in the record is without the field
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
                "'" + label.name().toLowerCase(Locale.ROOT) + "' " + (table.isPresent() ? "beside" : "without")
                        + " a table",
                table.isPresent() ? "leave it out, for the table names its label" : "give the table, too");
        require(
                table.isEmpty() || (start == 0 && length == 0 && shift.isEmpty()),
                "tasks.table",
                "given with a span or a shift",
                "leave start, length and shift out, for a table's texts are read whole");
    }

    /** A task whose examples are in a table. */
    public TaskSpec(String name, TableSpec table) {
        this(name, 0, 0, Label.COLUMN, Optional.empty(), Optional.of(table));
    }

    /** A task that another program scores. */
    public static TaskSpec scored(String name) {
        return new TaskSpec(name, 0, 0, Label.SCORED, Optional.empty(), Optional.empty());
    }

    /** A task whose test sentences are of the language itself. */
    public TaskSpec(String name, int start, int length, Label label) {
        this(name, start, length, label, Optional.empty(), Optional.empty());
    }

    /** What the label is. Every language has some of them: see the documentation of study files. */
    public enum Label {
        /** The one with the largest inside probability of the span: a function of the span's words. */
        INSIDE,
        /** The one that the derivation really used; spans that are no constituent are left out and counted. */
        ANCESTOR,
        /** The hidden state that the span's one word was emitted from. */
        STATE,
        /** The hidden state that is most likely given the whole sentence: a function of its words. */
        LIKELIEST,
        /** How many brackets open within the span. */
        OPENINGS,
        /** What a table's column says; there where the table is. */
        COLUMN,
        /** Whatever another program scores; there is no span. */
        SCORED
    }
}
