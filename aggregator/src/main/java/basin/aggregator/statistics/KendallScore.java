package basin.aggregator.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The number of concordant minus discordant pairs of one stratum under permuted outcomes. Runs are
 * processed in the order of x. Bit sets of the smaller and the larger outcomes reduce each step to
 * two population counts. Not thread-safe.
 */
final class KendallScore {
    private final int[] runInOrderOfX;
    private final int[] endOfTie;
    private final int words;
    private final long[] lesser;
    private final long[] greater;
    private final boolean tied;
    private final long[] seen;

    KendallScore(double[] x, double[] y) {
        int n = x.length;
        runInOrderOfX = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(run -> x[run]))
                .mapToInt(run -> run)
                .toArray();
        endOfTie = new int[n];
        for (int place = n - 1; place >= 0; place--) {
            boolean last = place == n - 1 || x[runInOrderOfX[place]] != x[runInOrderOfX[place + 1]];
            endOfTie[place] = last ? place + 1 : endOfTie[place + 1];
        }
        words = (n + Long.SIZE - 1) / Long.SIZE;
        lesser = new long[n * words];
        greater = new long[n * words];
        seen = new long[words];
        boolean ties = false;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                long bit = 1L << j;
                if (y[j] < y[i]) {
                    lesser[i * words + j / Long.SIZE] |= bit;
                } else if (y[j] > y[i]) {
                    greater[i * words + j / Long.SIZE] |= bit;
                } else {
                    ties |= j != i;
                }
            }
        }
        tied = ties;
    }

    /**
     * Returns concordant minus discordant pairs where run i has the outcome of run
     * {@code outcomeOf[offset + i] - offset}.
     */
    int at(int[] outcomeOf, int offset) {
        Arrays.fill(seen, 0);
        int score = 0;
        int place = 0;
        while (place < runInOrderOfX.length) {
            int end = endOfTie[place];
            for (int p = place; p < end; p++) {
                int row = (outcomeOf[offset + runInOrderOfX[p]] - offset) * words;
                // Of the runs before this one, all that have no lesser outcome have a greater one,
                // unless outcomes are tied.
                int less = seenOf(lesser, row);
                score += less - (tied ? seenOf(greater, row) : place - less);
            }
            for (int p = place; p < end; p++) {
                int outcome = outcomeOf[offset + runInOrderOfX[p]] - offset;
                seen[outcome / Long.SIZE] |= 1L << outcome;
            }
            place = end;
        }
        return score;
    }

    /** Returns the number of runs seen that are in a row of a bit set. */
    private int seenOf(long[] set, int row) {
        int count = 0;
        for (int word = 0; word < words; word++) {
            count += Long.bitCount(seen[word] & set[row + word]);
        }
        return count;
    }
}
