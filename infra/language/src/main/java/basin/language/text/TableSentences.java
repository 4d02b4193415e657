package basin.language.text;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The labelled examples of a table as sentences of a language. Thread-safe for reading; callers
 * must not modify the arrays.
 *
 * @param training training examples
 * @param test test examples
 * @param classes labels, in the order of their classes
 */
public record TableSentences(Part training, Part test, List<String> classes) {
    public TableSentences {
        classes = List.copyOf(classes);
    }

    /**
     * The examples of one file, without those of which no word is kept.
     *
     * @param sentences word ids
     * @param labels class of each sentence, from 0
     * @param leftOut rows dropped because none of their tokens is kept
     * @param cut number of truncated texts
     */
    @SuppressWarnings("ArrayRecordComponent") // Made once and handed over.
    public record Part(int[][] sentences, int[] labels, int leftOut, int cut) {}

    /** Returns a table's examples, encoded as word ids. */
    public static TableSentences of(TextTable table, Function<List<List<String>>, TextLanguage.Encoded> encoder) {
        return new TableSentences(part(table.training(), encoder), part(table.test(), encoder), table.classes());
    }

    private static Part part(TextTable.Part rows, Function<List<List<String>>, TextLanguage.Encoded> encoder) {
        TextLanguage.Encoded encoded = encoder.apply(rows.texts());
        int[] left = IntStream.range(0, rows.labels().size())
                .filter(row -> encoded.sentences()[row].length > 0)
                .toArray();
        return new Part(
                Arrays.stream(left).mapToObj(row -> encoded.sentences()[row]).toArray(int[][]::new),
                Arrays.stream(left).map(row -> rows.labels().get(row)).toArray(),
                rows.labels().size() - left.length,
                encoded.cut());
    }

    /** Returns the number of dropped rows of both files. */
    public int leftOut() {
        return training.leftOut + test.leftOut;
    }

    /** Returns the number of truncated texts of both files. */
    public int cut() {
        return training.cut + test.cut;
    }
}
