package basin.aggregator.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Two-sided permutation tests: how often a permuted statistic is at least as far from zero as the observed one. All
 * permutations are enumerated to eight values; beyond that they are drawn and p = (b + 1)/(m + 1), which is valid for every
 * number m of draws (Phipson and Smyth 2010).
 */
final class PermutationTest {
    /** Up to so many values all permutations (at most 40,320) are enumerated. */
    static final int ENUMERATED = 8;

    /** What happens with each permutation; the array is reused. */
    interface Visitor {
        void visit(int[] permutation);
    }

    private PermutationTest() {}

    /**
     * Tests a statistic of n runs.
     *
     * @param tolerance difference from the observed statistic that is rounding, not a difference
     * @param draws permutations drawn if n is above eight
     */
    static PValue test(
            PermutedStatistic statistic,
            int n,
            double tolerance,
            int draws,
            NamedDraws random,
            PValue.Method enumerated,
            PValue.Method drawn) {
        int[] permutation = IntStream.range(0, n).toArray();
        double threshold = Math.abs(statistic.at(permutation)) - tolerance;
        long[] extreme = new long[1];
        Visitor count = order -> {
            if (Math.abs(statistic.at(order)) >= threshold) {
                extreme[0]++;
            }
        };
        if (n <= ENUMERATED) {
            long all = forEachPermutation(permutation, count);
            return new PValue((double) extreme[0] / all, enumerated, all);
        }
        for (int draw = 0; draw < draws; draw++) {
            random.shuffle(permutation);
            count.visit(permutation);
        }
        return new PValue((extreme[0] + 1.0) / (draws + 1.0), drawn, draws);
    }

    /** Tests the score of pairs within strata; exact, by convolution of the strata's distributions, if none is above eight. */
    static PValue testWithinStrata(StratifiedScore score, int draws, NamedDraws random) {
        int observed = Math.abs(score.observed());
        if (score.largestStratum() <= ENUMERATED) {
            double[] distribution = score.distribution();
            int zero = distribution.length / 2;
            double extreme = 0;
            for (int s = 0; s < distribution.length; s++) {
                extreme += Math.abs(s - zero) >= observed ? distribution[s] : 0;
            }
            return new PValue(Math.min(1, extreme), PValue.Method.EXACT_PERMUTATION, score.arrangements());
        }
        long extreme = 0;
        for (int draw = 0; draw < draws; draw++) {
            if (Math.abs(score.shuffled(random)) >= observed) {
                extreme++;
            }
        }
        return new PValue((extreme + 1.0) / (draws + 1.0), PValue.Method.DRAWN_PERMUTATION, draws);
    }

    /** Visits all permutations of the array in place (Heap 1963), and returns their number. */
    static long forEachPermutation(int[] items, Visitor visitor) {
        int[] swaps = new int[items.length];
        Arrays.fill(swaps, 0);
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
