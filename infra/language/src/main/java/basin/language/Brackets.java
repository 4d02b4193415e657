package basin.language;

import basin.study.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.hipparchus.util.CombinatoricsUtils;

/**
 * Balanced strings of one kind of brackets, all equally likely: word 0 opens and word 1 closes. A string is a path that goes up
 * with every opening bracket and down with every closing one and ends where it began; everything is exact by counting the ways in
 * which a path can end. Immutable; thread-safe.
 */
public final class Brackets implements Language {
    /** The word that opens. */
    public static final int OPENING = 0;

    /** The word that closes. */
    public static final int CLOSING = 1;

    /** Counts stay below 2^62, so they are exact and a uniform one can be drawn. */
    public static final int MAX_LENGTH = 62;

    private final int length;
    private final boolean nested;

    private Brackets(int length, boolean nested) {
        this.length = length;
        this.nested = nested;
    }

    /**
     * The language.
     *
     * @param length of every string: even, 2 to {@link #MAX_LENGTH}
     * @param nested whether no bracket may close before its partner opened; otherwise it is enough that as many open as close
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

    /** In how many ways a path at that height ends at zero after so many steps. */
    long ways(int steps, int height) {
        if (Math.abs(height) > steps || (steps + height) % 2 != 0 || (nested && height < 0)) {
            return 0;
        }
        int down = (steps + height) / 2;
        // All paths less those that touch -1, which are as many as reach zero from the mirrored height.
        return binomial(steps, down) - (nested ? binomial(steps, down + 1) : 0);
    }

    private static long binomial(int n, int k) {
        return k < 0 || k > n ? 0 : CombinatoricsUtils.binomialCoefficient(n, k);
    }

    /** All strings. */
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
            // As many open as close, so the others leave one word at most.
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
     * How many opening brackets strings can have among the words {@code from} to {@code to}, exclusive: ascending.
     *
     * @throws IndexOutOfBoundsException where that is no part of a string
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
            // Opening brackets first keep a path as high as it can be.
            if (begins && ways(length - to, height + rise) > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Optional<List<int[]>> sentences(int limit) {
        return Enumeration.byBeginnings(this, limit, (vocabularySize, all) -> {
            int openings = (int)
                    IntStream.of(vocabularySize).filter(word -> word == OPENING).count();
            return ways(all - vocabularySize.length, 2 * openings - vocabularySize.length) > 0;
        });
    }
}
