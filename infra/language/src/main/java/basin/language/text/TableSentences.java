package basin.language.text;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Labelled examples of a table as sentences of what a network learns from. Not to be changed; thread-safe for reading.
 *
 * @param training examples to learn from
 * @param test examples to test on
 * @param classes labels, in the order of their classes
 */
public record TableSentences(Part training, Part test, List<String> classes) {
    public TableSentences {
        classes = List.copyOf(classes);
    }

    /**
     * The examples of one file, those of which nothing is left not among them.
     *
     * @param sentences word ids
     * @param labels class of each, from 0
     * @param leftOut rows of which nothing is left, for no token of theirs is kept
     * @param cut texts that were longer than what is read of them
     */
    @SuppressWarnings("ArrayRecordComponent") // Made once and handed over.
    public record Part(int[][] sentences, int[] labels, int leftOut, int cut) {}

    /** A table's examples by what turns texts into words. */
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

    /** Rows of which nothing is left, of both files. */
    public int leftOut() {
        return training.leftOut + test.leftOut;
    }

    /** Texts that were cut, of both files. */
    public int cut() {
        return training.cut + test.cut;
    }
}
