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
 * Labelled examples in two files of tab-separated values with a header, one to learn from and one to test on.
 *
 * @param file hash of the file to learn from; a study file may name the file itself
 * @param test hash of the file to test on; a study file may name the file itself
 * @param texts the column of the text, or the two columns of a pair
 * @param label the column of the label
 * @param classes every label there may be, in the order of their classes; empty for those of the file to learn from, sorted
 * @param tokenizer hash of the {@code tokenizer.json} that texts are split with on a teacher's language, put here from beside the teacher's
 *     weights when a study file is read; absent on a text, which has its own, and its form in the record is without the field
 */
public record TableSpec(
        String file,
        String test,
        List<String> texts,
        String label,
        List<String> classes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> tokenizer) {
    /** Those of the GLUE benchmark's files. */
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

    /** A table on a text. */
    public TableSpec(String file, String test, List<String> texts, String label, List<String> classes) {
        this(file, test, texts, label, classes, Optional.empty());
    }

    /** What a layout says of its columns. */
    public record Columns(List<String> texts, String label, List<String> classes) {}

    /** The columns of a layout by its name. */
    public static Columns columns(String layout) {
        Columns known = LAYOUTS.get(layout);
        require(
                known != null,
                "tasks.table.layout",
                "'" + layout + "'",
                "give one of " + String.join(", ", LAYOUTS.keySet()) + ", or name the columns as texts and label");
        return Objects.requireNonNull(known);
    }

    /** Whether two texts make an example. */
    public boolean pairs() {
        return texts.size() == 2;
    }
}
