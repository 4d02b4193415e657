package basin.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Lists the sentences of a small language. */
final class Enumeration {
    private static final Comparator<int[]> BY_LENGTH_THEN_WORDS =
            Comparator.<int[]>comparingInt(sentence -> sentence.length).thenComparing(Arrays::compare);
    /** Parts of sentences that are kept at most, over all symbols, for each sentence that may be listed. */
    private static final int PARTS = 20;

    private Enumeration() {}

    /** All sentences up to that length, by length and then by words, or empty where there are more than {@code limit}. */
    static Optional<List<int[]>> sentences(NormalForm form, int longest, int limit) {
        List<List<Set<int[]>>> strings = new ArrayList<>();
        strings.add(empty(form.symbols));
        List<int[]> found = new ArrayList<>();
        long parts = 0;
        for (int length = 1; length <= longest; length++) {
            List<Set<int[]>> cell = empty(form.symbols);
            if (length == 1) {
                for (int word = 0; word < form.emitters.length; word++) {
                    for (int e = 0; e < form.emitters[word].length; e++) {
                        if (form.emissions[word][e] > 0) {
                            cell.get(form.emitters[word][e]).add(new int[] {word});
                        }
                    }
                }
            }
            for (int split = 1; split < length; split++) {
                for (int rule = 0; rule < form.parent.length; rule++) {
                    for (int[] first : strings.get(split).get(form.left[rule])) {
                        for (int[] second : strings.get(length - split).get(form.right[rule])) {
                            int[] joined = Arrays.copyOf(first, length);
                            System.arraycopy(second, 0, joined, split, second.length);
                            if (cell.get(form.parent[rule]).add(joined) && ++parts > (long) PARTS * limit) {
                                return Optional.empty();
                            }
                        }
                    }
                }
            }
            closeUnder(form, cell);
            strings.add(cell);
            found.addAll(cell.get(form.start));
            if (found.size() > limit) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }

    private static void closeUnder(NormalForm form, List<Set<int[]>> cell) {
        double[] from = new double[form.symbols];
        double[] reached = new double[form.symbols];
        List<Set<int[]>> before =
                cell.stream().<Set<int[]>>map(Enumeration::copy).toList();
        for (int child = 0; child < form.symbols; child++) {
            if (before.get(child).isEmpty()) {
                continue;
            }
            Arrays.fill(from, 0);
            from[child] = 1;
            form.closure.upwards(from, reached, 0, form.symbols);
            for (int symbol = 0; symbol < form.symbols; symbol++) {
                if (reached[symbol] > 0) {
                    cell.get(symbol).addAll(before.get(child));
                }
            }
        }
    }

    private static Set<int[]> copy(Set<int[]> strings) {
        Set<int[]> copy = new TreeSet<>(BY_LENGTH_THEN_WORDS);
        copy.addAll(strings);
        return copy;
    }

    private static List<Set<int[]>> empty(int symbols) {
        List<Set<int[]>> cell = new ArrayList<>();
        for (int symbol = 0; symbol < symbols; symbol++) {
            cell.add(new TreeSet<>(BY_LENGTH_THEN_WORDS));
        }
        return cell;
    }
}
