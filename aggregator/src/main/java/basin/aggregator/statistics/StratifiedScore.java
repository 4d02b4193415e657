package basin.aggregator.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Concordant less discordant pairs within strata, outcomes permuted within strata. */
final class StratifiedScore {
    private final List<KendallScore> strata = new ArrayList<>();
    private final int[] start;
    private final int[] permutation;
    private final int observed;

    /** Takes runs that lie stratum by stratum; {@code start} holds each stratum's first place and, last, the number of runs. */
    StratifiedScore(double[] x, double[] y, int[] start) {
        this.start = start.clone();
        for (int s = 0; s + 1 < start.length; s++) {
            strata.add(new KendallScore(
                    Arrays.copyOfRange(x, start[s], start[s + 1]), Arrays.copyOfRange(y, start[s], start[s + 1])));
        }
        permutation = IntStream.range(0, x.length).toArray();
        observed = score();
    }

    int observed() {
        return observed;
    }

    int largestStratum() {
        return IntStream.range(0, strata.size()).map(this::size).max().orElse(0);
    }

    /** Number of permutations within strata, at most {@link Long#MAX_VALUE}. */
    long arrangements() {
        double product = 1;
        for (int s = 0; s < strata.size(); s++) {
            for (int factor = 2; factor <= size(s); factor++) {
                product *= factor;
            }
        }
        return (long) product;
    }

    /** The score after another shuffle within strata. */
    int shuffled(NamedDraws random) {
        for (int s = 0; s < strata.size(); s++) {
            random.shuffle(permutation, start[s], start[s + 1]);
        }
        return score();
    }

    /**
     * Probabilities of the scores −m … m under all permutations within strata, m the number of pairs: each stratum enumerated,
     * the strata convolved, as they are permuted independently.
     */
    double[] distribution() {
        double[] sum = {1};
        for (int s = 0; s < strata.size(); s++) {
            KendallScore stratum = strata.get(s);
            int size = size(s);
            int pairs = size * (size - 1) / 2;
            long[] count = new long[2 * pairs + 1];
            int[] order = IntStream.range(0, size).toArray();
            long all =
                    PermutationTest.forEachPermutation(order, outcomeOf -> count[pairs + stratum.at(outcomeOf, 0)]++);
            double[] next = new double[sum.length + 2 * pairs];
            for (int a = 0; a < sum.length; a++) {
                for (int b = 0; b < count.length; b++) {
                    next[a + b] += sum[a] * count[b] / all;
                }
            }
            sum = next;
        }
        return sum;
    }

    private int size(int stratum) {
        return start[stratum + 1] - start[stratum];
    }

    private int score() {
        int score = 0;
        for (int s = 0; s < strata.size(); s++) {
            score += strata.get(s).at(permutation, start[s]);
        }
        return score;
    }
}
