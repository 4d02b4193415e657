package basin.study;

import static basin.study.Checks.require;
import static basin.study.Checks.sha256;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Labelled examples in two files of tab-separated values with a header, one for training and one
 * for testing.
 *
 * @param file hash of the training file; a study file may name the file itself
 * @param test hash of the test file; a study file may name the file itself
 * @param texts the column of the text, or the two columns of a pair
 * @param label the column of the label
 * @param classes all possible labels, in the order of their classes; if empty, those of the
 *     training file, sorted
 * @param tokenizer hash of the {@code tokenizer.json} that splits texts on a teacher's language;
 *     when a study file is read, it is taken from the folder of the teacher's weights; absent on a
 *     text, which has its own, and then left out of the record's JSON
 */
public record TableSpec(
        String file,
        String test,
        List<String> texts,
        String label,
        List<String> classes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> tokenizer) {
    /** The layouts of the GLUE benchmark's files. */
    private static final SortedMap<String, Columns> LAYOUTS = new TreeMap<>(Map.of(
            "sst-2",
            new Columns(List.of("sentence"), "label", List.of("0", "1")),
            "qnli",
            new Columns(List.of("question", "sentence"), "label", List.of("entailment", "not_entailment"))));

    public TableSpec {
        sha256("tasks.table.file", file);
        sha256("tasks.table.test", test);
        texts = List.copyOf(texts);
        classes = List.copyOf(classes);
        require(
                texts.size() == 1 || texts.size() == 2,
                "tasks.table.texts",
                texts,
                "name one column, or two for a pair");
        require(
                texts.stream().distinct().count() == texts.size() && !texts.contains(label),
                "tasks.table.label",
                "'" + label + "' beside the texts " + texts,
                "name each column once");
        require(
                classes.size() != 1 && classes.stream().distinct().count() == classes.size(),
                "tasks.table.classes",
                classes,
                "name two labels at least, each once, or leave it out");
        tokenizer.ifPresent(own -> sha256("tasks.table.tokenizer", own));
    }

    /** Creates a table on a text. */
    public TableSpec(String file, String test, List<String> texts, String label, List<String> classes) {
        this(file, test, texts, label, classes, Optional.empty());
    }

    /** The columns of a layout. */
    public record Columns(List<String> texts, String label, List<String> classes) {}

    /**
     * Returns the columns of a layout by its name.
     *
     * @throws Refusal if the layout is unknown
     */
    public static Columns columns(String layout) {
        Columns known = LAYOUTS.get(layout);
        require(
                known != null,
                "tasks.table.layout",
                "'" + layout + "'",
                "give one of " + String.join(", ", LAYOUTS.keySet()) + ", or name the columns as texts and label");
        return Objects.requireNonNull(known);
    }

    /** Returns whether an example consists of two texts. */
    public boolean pairs() {
        return texts.size() == 2;
    }
}
