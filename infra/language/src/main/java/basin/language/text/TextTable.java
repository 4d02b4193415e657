package basin.language.text;

import basin.study.Refusal;
import basin.study.TableSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled texts of tab-separated files in the format of the GLUE benchmark: a header, then one
 * example per line. There is no quoting: a quotation mark is an ordinary character, as in those
 * files. Immutable; thread-safe.
 *
 * @param training training examples
 * @param test test examples
 * @param classes labels, in the order of their classes
 */
public record TextTable(Part training, Part test, List<String> classes) {
    public TextTable {
        classes = List.copyOf(classes);
    }

    /**
     * The examples of one file.
     *
     * @param texts one or two per example
     * @param labels class of each example, from 0
     */
    public record Part(List<List<String>> texts, List<Integer> labels) {
        public Part {
            texts = List.copyOf(texts);
            labels = List.copyOf(labels);
        }
    }

    /** The rows of one file as they are read. */
    private record Rows(String file, List<List<String>> texts, List<String> labels) {}

    /**
     * Reads both files.
     *
     * @throws IOException if this machine does not have one at present
     * @throws Refusal if one is no such table; one sentence that names file, line and column
     */
    public static TextTable read(TableSpec spec) throws IOException {
        Rows training = rows(DataText.read("tasks.table.file", spec.file()), spec);
        Rows test = rows(DataText.read("tasks.table.test", spec.test()), spec);
        List<String> classes = spec.classes().isEmpty()
                ? training.labels.stream().distinct().sorted().toList()
                : spec.classes();
        if (classes.size() < 2) {
            throw new Refusal(training.file + " has one label alone, '" + classes.getFirst() + "', in column '"
                    + spec.label() + "': give examples of two at least.");
        }
        return new TextTable(
                part(training, classes, spec.label(), "one of " + String.join(", ", classes)),
                part(test, classes, spec.label(), "a label that " + training.file + " has"),
                classes);
    }

    private static Part part(Rows rows, List<String> classes, String column, String wanted) {
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < rows.labels.size(); i++) {
            int label = classes.indexOf(rows.labels.get(i));
            if (label < 0) {
                throw refused(rows.file, i + 2, column, "is '" + rows.labels.get(i) + "': give " + wanted);
            }
            labels.add(label);
        }
        return new Part(rows.texts, labels);
    }

    private static Rows rows(DataText file, TableSpec spec) {
        List<String> lines = file.lines();
        if (lines.isEmpty()) {
            throw new Refusal(file.name() + " is empty: give a header and one example per line.");
        }
        List<String> header = fields(lines.getFirst());
        int label = column(file, header, spec.label());
        List<Integer> columns =
                spec.texts().stream().map(name -> column(file, header, name)).toList();
        List<List<String>> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int line = 1; line < lines.size(); line++) {
            List<String> fields = fields(lines.get(line));
            if (fields.size() != header.size()) {
                throw new Refusal(file.name() + " has " + fields.size() + " columns in line " + (line + 1)
                        + ", and its header " + header.size() + ", up to '" + header.getLast()
                        + "': give as many, with a tab between them and none within a text.");
            }
            List<String> example = new ArrayList<>();
            for (int column : columns) {
                if (fields.get(column).isBlank()) {
                    throw refused(file.name(), line + 1, header.get(column), "is empty: give a text");
                }
                example.add(fields.get(column));
            }
            texts.add(List.copyOf(example));
            labels.add(fields.get(label).strip());
        }
        if (texts.isEmpty()) {
            throw new Refusal(file.name() + " has a header alone: give one example per line below it.");
        }
        return new Rows(file.name(), texts, labels);
    }

    private static Refusal refused(String file, int line, String column, String what) {
        return new Refusal(file + ", line " + line + ", column '" + column + "' " + what + ".");
    }

    private static int column(DataText file, List<String> header, String name) {
        int at = header.indexOf(name);
        if (at < 0 || header.lastIndexOf(name) != at) {
            throw new Refusal(file.name() + ", line 1, has " + (at < 0 ? "no" : "more than one")
                    + " column '" + name + "': its columns are " + String.join(", ", header)
                    + "; begin the file with a header and name its columns.");
        }
        return at;
    }

    private static List<String> fields(String line) {
        return Arrays.asList(line.split("\t", -1));
    }
}
