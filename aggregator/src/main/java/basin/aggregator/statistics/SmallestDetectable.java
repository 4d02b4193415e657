package basin.aggregator.statistics;

import basin.study.Association;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * The smallest detectable effect of a study with n runs: the smallest population coefficient that
 * the two-sided permutation test at level 0.05 detects with power 0.80. Assumes jointly normal
 * quantities, or monotone functions of them (for Pearson, normal quantities), without ties. The
 * test's critical value is exact for tau, and for rho up to eight runs; otherwise it is Student's.
 * The alternative is normal: on Fisher's scale with his bias for r, with Bonett and Wright's
 * standard error for rho and with the normal-copula variance for tau. In simulations, the power at
 * this effect was 0.79 to 0.83 with eight or more runs, and 0.71 for rho with six runs.
 */
public final class SmallestDetectable {
    /** Significance level of the two-sided test. */
    public static final double SIGNIFICANCE = .05;

    /** Probability of detection. */
    public static final double POWER = .80;

    private static final double CRITICAL = Normal.quantile(1 - SIGNIFICANCE / 2);
    private static final double MARGIN = Normal.quantile(POWER);

    /**
     * The largest number of pairs for which the score's null distribution is computed. Beyond it,
     * the distribution is taken as normal.
     */
    private static final int MAX_PAIRS = 1_000;

    private SmallestDetectable() {}

    /**
     * Returns the smallest absolute coefficient detectable with n runs, in (0, 1).
     *
     * @return empty below the association's minimum number of runs, where nothing is estimated
     */
    public static OptionalDouble over(Association association, int runs) {
        if (runs < association.minimumRuns()) {
            return OptionalDouble.empty();
        }
        double error = 1 / Math.sqrt(runs - 3.0);
        return switch (association) {
            case PEARSON -> {
                double critical = Normal.atanh(studentCritical(runs));
                yield min(r -> Normal.atanh(r) + r / (2 * (runs - 1.0)) - critical - MARGIN * error);
            }
            case SPEARMAN -> {
                double critical = Normal.atanh(rhoCritical(runs));
                yield min(rho -> Normal.atanh(rho) - critical - MARGIN * Math.sqrt(1 + rho * rho / 2) * error);
            }
            case KENDALL -> leastTau(runs);
        };
    }

    /**
     * Returns the smallest absolute tau detectable within strata, in (0, 1).
     *
     * @param sizes runs in each stratum; strata of one have no pair
     * @return empty if the strata have too few arrangements or too few runs for an estimate
     * @throws IllegalArgumentException if a size is negative
     */
    public static OptionalDouble withinStrata(int... sizes) {
        int runs = 0;
        for (int size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("A stratum has " + size + " runs: give numbers of at least zero.");
            }
            runs += size >= 2 ? size : 0;
        }
        return runs < Strata.MIN_RUNS || Strata.arrangements(sizes) < Strata.MIN_ARRANGEMENTS
                ? OptionalDouble.empty()
                : leastTau(sizes);
    }

    /** Returns the smallest |r| that Student's test with n runs rejects. */
    private static double studentCritical(int runs) {
        double t = new TDistribution(runs - 2.0).inverseCumulativeProbability(1 - SIGNIFICANCE / 2);
        return t / Math.sqrt(runs - 2.0 + t * t);
    }

    /**
     * Returns the smallest |rho| that the permutation test rejects, minus half a step of rho as
     * continuity correction.
     */
    private static double rhoCritical(int runs) {
        if (runs > PermutationTest.ENUMERATED) {
            return studentCritical(runs);
        }
        double[] ranks = TieClasses.of(IntStream.range(0, runs).asDoubleStream().toArray())
                .centredRanks();
        PermutedStatistic statistic = PermutedStatistic.product(ranks, ranks);
        int[] order = IntStream.range(0, runs).toArray();
        int max = (int) statistic.at(order);
        double[] frequency = new double[2 * max + 1];
        long all = PermutationTest.forEachPermutation(order, o -> frequency[max + (int) statistic.at(o)]++);
        for (int i = 0; i < frequency.length; i++) {
            frequency[i] /= all;
        }
        // Exchanging two neighbours changes the sum of products of doubled ranks by four.
        return Math.max(0, critical(frequency) - 2.0) / max;
    }

    private static OptionalDouble leastTau(int... sizes) {
        long pairs = 0;
        for (int size : sizes) {
            pairs += size * (size - 1L) / 2;
        }
        double all = pairs;
        // Scores are two apart, so the continuity correction of half a step is one.
        double critical = pairs <= MAX_PAIRS
                ? (critical(scoreDistribution(sizes, (int) pairs)) - 1) / all
                : CRITICAL * Math.sqrt(ClosedForms.tauVariance(0, sizes));
        return min(tau -> tau - critical - MARGIN * Math.sqrt(ClosedForms.tauVariance(tau, sizes)));
    }

    /**
     * Returns the null probabilities of the scores −m … m of m pairs within strata without ties.
     * The i-th run of a stratum adds one of −(i − 1), −(i − 3) … i − 1 with equal probability
     * (Kendall 1938).
     */
    static double[] scoreDistribution(int[] sizes, int pairs) {
        double[] sum = new double[2 * pairs + 1];
        sum[pairs] = 1;
        for (int size : sizes) {
            for (int i = 2; i <= size; i++) {
                double[] next = new double[sum.length];
                for (int s = 0; s < sum.length; s++) {
                    for (int step = 1 - i; sum[s] > 0 && step < i; step += 2) {
                        next[s + step] += sum[s] / i;
                    }
                }
                sum = next;
            }
        }
        return sum;
    }

    /**
     * Returns the smallest attainable score that a two-sided test rejects, or the largest score
     * plus two if it rejects none.
     */
    private static int critical(double[] distribution) {
        int zero = distribution.length / 2;
        int critical = zero + 2;
        double tail = 0;
        for (int score = zero; score > 0; score--) {
            tail += distribution[zero + score] + distribution[zero - score];
            // A tail of exactly 0.05 must not fail because of rounding in the sums.
            if (tail > SIGNIFICANCE + 1e-12) {
                break;
            }
            critical = distribution[zero + score] > 0 ? score : critical;
        }
        return critical;
    }

    /**
     * Returns the effect in (0, 1) at which the excess over the required effect becomes positive;
     * empty if it never does.
     */
    private static OptionalDouble min(DoubleUnaryOperator excess) {
        double max = 1 - 1e-12;
        return excess.applyAsDouble(max) < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(ClosedForms.boundary(max, 0, value -> excess.applyAsDouble(value) >= 0));
    }
}
