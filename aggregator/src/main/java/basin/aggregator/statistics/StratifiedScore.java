package basin.aggregator.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Concordant minus discordant pairs within strata, where outcomes are permuted within strata. Not
 * thread-safe.
 */
final class StratifiedScore implements PermutedStatistic {
    private final List<KendallScore> strata = new ArrayList<>();
    private final int[] start;
    private final double scale;

    StratifiedScore(Strata runs) {
        double[] x = runs.x();
        double[] y = runs.y();
        start = runs.start();
        long untiedX = 0;
        long untiedY = 0;
        for (int s = 0; s + 1 < start.length; s++) {
            double[] ownX = Arrays.copyOfRange(x, start[s], start[s + 1]);
            double[] ownY = Arrays.copyOfRange(y, start[s], start[s + 1]);
            strata.add(new KendallScore(ownX, ownY));
            untiedX += untied(ownX);
            untiedY += untied(ownY);
        }
        scale = 1 / Math.sqrt((double) untiedX * untiedY);
    }

    private static long untied(double[] values) {
        long pairs = 0;
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < i; j++) {
                pairs += values[i] == values[j] ? 0 : 1;
            }
        }
        return pairs;
    }

    @Override
    public double at(int[] outcomeOf) {
        int score = 0;
        for (int s = 0; s < strata.size(); s++) {
            score += strata.get(s).at(outcomeOf, start[s]);
        }
        return score;
    }

    /**
     * Returns tau-b within strata for permuted outcomes. The permutation does not change its
     * denominator.
     */
    double tau(int[] outcomeOf) {
        return at(outcomeOf) * scale;
    }

    /**
     * Returns the probabilities of the scores −m … m of m pairs under all permutations within
     * strata. Each stratum is enumerated and the strata's distributions are convolved, because
     * strata are permuted independently.
     */
    double[] distribution() {
        double[] sum = {1};
        for (int s = 0; s < strata.size(); s++) {
            KendallScore stratum = strata.get(s);
            int size = start[s + 1] - start[s];
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
}
