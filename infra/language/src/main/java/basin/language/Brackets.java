package basin.language;

import basin.study.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.hipparchus.util.CombinatoricsUtils;

/**
 * The uniform distribution over balanced strings of one bracket kind. Word 0 opens, word 1 closes.
 *
 * <p>A string is a lattice path that rises with every opening bracket, falls with every closing one
 * and ends at height 0. All probabilities are exact: they follow from counts of such paths.
 * Immutable; thread-safe.
 */
public final class Brackets implements Language {
    /** The word id of the opening bracket. */
    public static final int OPENING = 0;

    /** The word id of the closing bracket. */
    public static final int CLOSING = 1;

    /**
     * The longest string, in words. Counts then stay below 2^62, so they fit a {@code long} exactly
     * and a uniform draw is possible.
     */
    public static final int MAX_LENGTH = 62;

    private final int length;
    private final boolean nested;

    private Brackets(int length, boolean nested) {
        this.length = length;
        this.nested = nested;
    }

    /**
     * Returns the language of strings of one length.
     *
     * @param length length of every string in words: even, 2 to {@link #MAX_LENGTH}
     * @param nested whether every prefix must have at least as many opening as closing brackets;
     *     otherwise the totals only have to be equal
     * @throws Refusal if the length is odd or out of range
     */
    public static Brackets of(int length, boolean nested) {
        if (length < 2 || length > MAX_LENGTH || length % 2 != 0) {
            throw new Refusal("length is " + length + ": give an even number from 2 to " + MAX_LENGTH + ".");
        }
        return new Brackets(length, nested);
    }

    @Override
    public int vocabularySize() {
        return 2;
    }

    @Override
    public int maxLength() {
        return length;
    }

    @Override
    public double lengthProbability(int of) {
        return of == length ? 1 : 0;
    }

    /**
     * Returns the number of paths of {@code steps} steps that start at {@code height} and end at 0.
     */
    long ways(int steps, int height) {
        if (Math.abs(height) > steps || (steps + height) % 2 != 0 || (nested && height < 0)) {
            return 0;
        }
        int down = (steps + height) / 2;
        // Reflection principle: the paths that touch -1 are as many as those that reach zero from
        // the mirrored height.
        return binomial(steps, down) - (nested ? binomial(steps, down + 1) : 0);
    }

    private static long binomial(int n, int k) {
        return k < 0 || k > n ? 0 : CombinatoricsUtils.binomialCoefficient(n, k);
    }

    /** Returns the number of strings of the language. */
    public long count() {
        return ways(length, 0);
    }

    @Override
    public int[] sample(RandomGenerator random) {
        int[] string = new int[length];
        int height = 0;
        for (int t = 0; t < length; t++) {
            long up = ways(length - t - 1, height + 1);
            boolean opens = random.nextLong(up + ways(length - t - 1, height - 1)) < up;
            string[t] = opens ? OPENING : CLOSING;
            height += opens ? 1 : -1;
        }
        return string;
    }

    @Override
    public double logProbability(int[] sentence) {
        Vocabulary.check(sentence, 2);
        return isBalanced(sentence) ? -Math.log((double) count()) : Double.NEGATIVE_INFINITY;
    }

    private boolean isBalanced(int[] string) {
        int height = 0;
        for (int word : string) {
            height += word == OPENING ? 1 : -1;
            if (nested && height < 0) {
                return false;
            }
        }
        return string.length == length && height == 0;
    }

    @Override
    public double[] conditional(int[] sentence, int position) {
        Vocabulary.check(sentence, 2, length, length);
        int[] filled = sentence.clone();
        double[] row = new double[2];
        for (int word = 0; word < 2; word++) {
            filled[position] = word;
            // The totals must be equal, so the other words leave at most one choice.
            row[word] = isBalanced(filled) ? 1 : 0;
        }
        if (row[OPENING] + row[CLOSING] == 0) {
            throw Vocabulary.disagreement(position);
        }
        return row;
    }

    @Override
    public double[][] nextWords(int[] sentence) {
        Vocabulary.check(sentence, 2, length, length);
        double[][] rows = new double[length][2];
        int height = 0;
        for (int t = 0; t < length; t++) {
            if (ways(length - t, height) == 0) {
                throw Vocabulary.noBeginning(t);
            }
            long up = ways(length - t - 1, height + 1);
            long down = ways(length - t - 1, height - 1);
            rows[t][OPENING] = (double) up / (up + down);
            rows[t][CLOSING] = (double) down / (up + down);
            height += sentence[t] == OPENING ? 1 : -1;
        }
        return rows;
    }

    /**
     * Returns the possible numbers of opening brackets among the words {@code from} (inclusive) to
     * {@code to} (exclusive), in ascending order.
     *
     * @throws IndexOutOfBoundsException if the range is not within a string
     */
    public List<Integer> openings(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return IntStream.rangeClosed(0, to - from)
                .filter(openings -> isPossible(from, to, openings))
                .boxed()
                .toList();
    }

    private boolean isPossible(int from, int to, int openings) {
        int rise = 2 * openings - (to - from);
        for (int height = -from; height <= from; height++) {
            boolean begins = (from + height) % 2 == 0 && (height >= 0 || !nested);
            // Opening brackets first keep the path as high as possible.
            if (begins && ways(length - to, height + rise) > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Optional<List<int[]>> sentences(int limit) {
        return Enumeration.byBeginnings(this, limit, (words, all) -> {
            int openings =
                    (int) IntStream.of(words).filter(word -> word == OPENING).count();
            return ways(all - words.length, 2 * openings - words.length) > 0;
        });
    }
}
