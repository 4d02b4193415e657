package basin.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Enumerations of the sentences of small languages. Thread-safe. */
public final class Enumeration {
    private static final Comparator<int[]> BY_LENGTH_THEN_WORDS =
            Comparator.<int[]>comparingInt(sentence -> sentence.length).thenComparing(Arrays::compare);
    /**
     * The number of partial strings, over all symbols, that may be kept per sentence of the limit.
     */
    private static final int PARTS = 20;

    private Enumeration() {}

    /**
     * Returns all sentences of a language, found by extending prefixes word by word. They are
     * ordered by length, then by words. Empty if there are more than {@code limit}.
     *
     * @param begins tests whether a sentence of the given length has these words as its prefix; all
     *     but the last are already known to be one
     */
    public static Optional<List<int[]>> byBeginnings(Language language, int limit, BiPredicate<int[], Integer> begins) {
        List<int[]> found = new ArrayList<>();
        for (int length = 1; length <= language.maxLength(); length++) {
            List<int[]> beginnings = language.lengthProbability(length) > 0 ? List.of(new int[0]) : List.of();
            for (int t = 0; t < length; t++) {
                int all = length;
                beginnings = beginnings.stream()
                        .flatMap(words ->
                                IntStream.range(0, language.vocabularySize()).mapToObj(word -> longer(words, word)))
                        .filter(words -> begins.test(words, all))
                        .limit(limit + 1L)
                        .toList();
                // Every prefix leads to at least one sentence.
                if (found.size() + beginnings.size() > limit) {
                    return Optional.empty();
                }
            }
            found.addAll(beginnings);
        }
        return Optional.of(found);
    }

    private static int[] longer(int[] words, int word) {
        int[] longer = Arrays.copyOf(words, words.length + 1);
        longer[words.length] = word;
        return longer;
    }

    /**
     * Returns all sentences of at most {@code maxLength} words, ordered by length, then by words.
     * Empty if there are more than {@code limit}, or too many partial strings.
     */
    static Optional<List<int[]>> sentences(NormalForm form, int maxLength, int limit) {
        List<List<Set<int[]>>> strings = new ArrayList<>();
        strings.add(empty(form.symbols));
        List<int[]> found = new ArrayList<>();
        long parts = 0;
        for (int length = 1; length <= maxLength; length++) {
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
        List<Set<int[]>> before = cell.stream().map(Enumeration::set).toList();
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

    private static Set<int[]> set(Collection<int[]> strings) {
        Set<int[]> set = new TreeSet<>(BY_LENGTH_THEN_WORDS);
        set.addAll(strings);
        return set;
    }

    private static List<Set<int[]>> empty(int symbols) {
        return Stream.generate(() -> set(List.of())).limit(symbols).toList();
    }
}
