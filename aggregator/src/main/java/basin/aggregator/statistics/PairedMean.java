package basin.aggregator.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * The mean of differences within pairs. With two or more pairs, the interval is Student's over
 * pairs, which includes measurement errors. With one pair, the variation between pairs is unknown,
 * so the interval reflects measurement errors alone. Immutable.
 *
 * @param mean mean in the unit of the differences
 * @param standardError standard error of the mean; of one pair, that of its measurements
 * @param interval two-sided confidence interval
 * @param p two-sided sign-flip test of no difference (Fisher 1935); absent for one pair, or if none
 *     was requested
 * @param pairs number of pairs, at least 1
 */
public record PairedMean(double mean, double standardError, Interval interval, Optional<PValue> p, int pairs) {
    /** The largest number of pairs for which all sign patterns are counted. */
    static final int MAX_EXACT = 24;

    /** The relative tolerance within which sums count as equal. */
    private static final double ROUNDING = 1e-12;

    /**
     * The difference of one pair.
     *
     * @param difference finite difference
     * @param standardError standard error from its measurements, at least 0
     */
    public record Pair(double difference, double standardError) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if a number is not finite or the standard error is
         *     negative
         */
        public Pair {
            if (!Double.isFinite(difference) || !Double.isFinite(standardError) || standardError < 0) {
                throw new IllegalArgumentException("A pair's difference is " + difference + " ± " + standardError
                        + ": give finite numbers and an error of 0 or more.");
            }
        }
    }

    /**
     * Returns the mean of the pairs' differences.
     *
     * @param pairs at least one pair; pairs are independent of each other
     * @param plan level of the interval, and the number of sign patterns drawn if there are too
     *     many to count; 0 for no p-value
     * @param name name of the random draws
     * @throws IllegalArgumentException if there is no pair
     */
    public static PairedMean of(List<Pair> pairs, ResamplingPlan plan, String name) {
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("There is no pair: give at least one.");
        }
        double[] differences = pairs.stream().mapToDouble(Pair::difference).toArray();
        int n = differences.length;
        double mean = Arrays.stream(differences).sum() / n;
        if (n == 1) {
            double error = pairs.getFirst().standardError();
            return new PairedMean(
                    mean,
                    error,
                    interval(mean, plan.quantile() * error, plan, Interval.Method.MEASUREMENT),
                    Optional.empty(),
                    1);
        }
        double squares = 0;
        for (double difference : differences) {
            squares += (difference - mean) * (difference - mean);
        }
        double error = Math.sqrt(squares / (n - 1) / n);
        double quantile = new TDistribution(n - 1).inverseCumulativeProbability(.5 + plan.level() / 2);
        return new PairedMean(
                mean,
                error,
                interval(mean, quantile * error, plan, Interval.Method.STUDENT),
                plan.permutations() > 0 ? Optional.of(p(differences, plan, name)) : Optional.empty(),
                n);
    }

    private static Interval interval(double mean, double reach, ResamplingPlan plan, Interval.Method method) {
        return new Interval(mean - reach, mean + reach, plan.level(), method);
    }

    private static PValue p(double[] differences, ResamplingPlan plan, String name) {
        double size = Arrays.stream(differences).map(Math::abs).sum();
        double min = Math.abs(Arrays.stream(differences).sum()) - ROUNDING * size;
        if (differences.length > MAX_EXACT) {
            return drawn(differences, min, plan, name);
        }
        long all = 1L << differences.length;
        return new PValue((double) atLeast(differences, min) / all, PValue.Method.EXACT_SIGN_FLIP, all);
    }

    private static PValue drawn(double[] differences, double min, ResamplingPlan plan, String name) {
        NamedDraws draws = NamedDraws.of(plan.seed(), name + "/signs");
        long extreme = 1;
        for (int i = 0; i < plan.permutations(); i++) {
            double sum = 0;
            for (double difference : differences) {
                sum += draws.below(2) == 0 ? difference : -difference;
            }
            extreme += Math.abs(sum) >= min ? 1 : 0;
        }
        return new PValue(
                (double) extreme / (plan.permutations() + 1L), PValue.Method.DRAWN_SIGN_FLIP, plan.permutations());
    }

    /**
     * Returns the number of sign patterns whose sum is at least {@code min} from zero. The sums of
     * both halves are sorted and then merged.
     */
    private static long atLeast(double[] differences, double min) {
        if (min <= 0) {
            return 1L << differences.length;
        }
        double[] one = sums(Arrays.copyOfRange(differences, 0, differences.length / 2));
        double[] other = sums(Arrays.copyOfRange(differences, differences.length / 2, differences.length));
        long above = 0;
        int from = other.length;
        for (double sum : one) {
            while (from > 0 && sum + other[from - 1] >= min) {
                from--;
            }
            above += other.length - from;
        }
        return 2 * above; // Flipping all signs negates the sum.
    }

    /** Returns all signed sums in ascending order. */
    private static double[] sums(double[] differences) {
        double[] sums = {0};
        for (double difference : differences) {
            double[] more = new double[2 * sums.length];
            for (int i = 0; i < sums.length; i++) {
                more[i] = sums[i] + difference;
                more[sums.length + i] = sums[i] - difference;
            }
            sums = more;
        }
        Arrays.sort(sums);
        return sums;
    }
}
