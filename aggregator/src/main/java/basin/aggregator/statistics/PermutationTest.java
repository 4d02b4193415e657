package basin.aggregator.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Two-sided permutation tests. The p-value is the fraction of permuted statistics at least as far
 * from zero as the observed one. Up to eight values, all permutations are enumerated. Beyond that
 * they are drawn and p = (b + 1)/(m + 1), which is valid for every number m of draws (Phipson and
 * Smyth 2010).
 */
final class PermutationTest {
    /** The largest number of values for which all permutations (at most 40,320) are enumerated. */
    static final int ENUMERATED = 8;

    /** A consumer of permutations. The array is reused. */
    interface Visitor {
        void visit(int[] permutation);
    }

    private PermutationTest() {}

    /**
     * Tests a statistic of n runs.
     *
     * @param tolerance differences from the observed statistic up to this size are rounding errors
     * @param draws number of permutations drawn if n is above eight
     */
    static PValue test(
            PermutedStatistic statistic,
            int n,
            double tolerance,
            int draws,
            NamedDraws random,
            PValue.Method enumerated,
            PValue.Method drawn) {
        int[] permutation = inOrder(n);
        double threshold = Math.abs(statistic.at(permutation)) - tolerance;
        if (n > ENUMERATED) {
            return drawn(statistic, new int[] {0, n}, threshold, draws, random, drawn);
        }
        long[] extreme = new long[1];
        long all = forEachPermutation(
                permutation, order -> extreme[0] += Math.abs(statistic.at(order)) >= threshold ? 1 : 0);
        return new PValue((double) extreme[0] / all, enumerated, all);
    }

    /**
     * Tests the score of pairs within strata. If no stratum has more than eight runs, the test is
     * exact by convolution of the strata's distributions.
     */
    static PValue testWithinStrata(Strata strata, int draws, NamedDraws random) {
        StratifiedScore score = new StratifiedScore(strata);
        double observed = Math.abs(score.at(inOrder(strata.runs())));
        int[] sizes = strata.sizes();
        if (Arrays.stream(sizes).max().orElse(0) > ENUMERATED) {
            return drawn(score, strata.start(), observed, draws, random, PValue.Method.DRAWN_PERMUTATION);
        }
        double[] distribution = score.distribution();
        int zero = distribution.length / 2;
        double extreme = 0;
        for (int s = 0; s < distribution.length; s++) {
            extreme += Math.abs(s - zero) >= observed ? distribution[s] : 0;
        }
        long all = (long) Strata.arrangements(sizes);
        return new PValue(Math.min(1, extreme), PValue.Method.EXACT_PERMUTATION, all);
    }

    private static PValue drawn(
            PermutedStatistic statistic,
            int[] start,
            double threshold,
            int draws,
            NamedDraws random,
            PValue.Method method) {
        int[] permutation = inOrder(start[start.length - 1]);
        long extreme = 0;
        for (int draw = 0; draw < draws; draw++) {
            random.shuffleWithin(permutation, start);
            extreme += Math.abs(statistic.at(permutation)) >= threshold ? 1 : 0;
        }
        return new PValue((extreme + 1.0) / (draws + 1.0), method, draws);
    }

    private static int[] inOrder(int n) {
        return IntStream.range(0, n).toArray();
    }

    /** Visits all permutations of the array in place (Heap 1963) and returns their number. */
    static long forEachPermutation(int[] items, Visitor visitor) {
        int[] swaps = new int[items.length];
        visitor.visit(items);
        long visited = 1;
        int place = 1;
        while (place < items.length) {
            if (swaps[place] < place) {
                int other = place % 2 == 0 ? 0 : swaps[place];
                int kept = items[place];
                items[place] = items[other];
                items[other] = kept;
                visitor.visit(items);
                visited++;
                swaps[place]++;
                place = 1;
            } else {
                swaps[place] = 0;
                place++;
            }
        }
        return visited;
    }
}
