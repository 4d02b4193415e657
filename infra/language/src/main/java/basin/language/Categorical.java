package basin.language;

import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Arithmetic on the weights of numbered outcomes: non-negative, not necessarily normalised.
 * Thread-safe.
 */
public final class Categorical {
    private Categorical() {}

    /** Normalises the weights in place if their sum is positive, and returns that sum. */
    static double scale(double[] weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        if (total > 0) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] /= total;
            }
        }
        return total;
    }

    /** Returns the cumulative sums of the weights. */
    static double[] cumulative(double[] weights) {
        double[] sums = weights.clone();
        for (int i = 1; i < sums.length; i++) {
            sums[i] += sums[i - 1];
        }
        return sums;
    }

    /**
     * Draws an outcome with probability proportional to its weight. Never returns an outcome of
     * weight zero. Uses one draw of {@code random}.
     *
     * @param cumulative the weights' {@link #cumulative} sums
     */
    static int draw(RandomGenerator random, double[] cumulative) {
        double u = random.nextDouble() * cumulative[cumulative.length - 1];
        // Binary search for the first outcome whose cumulative sum exceeds u.
        int from = 0;
        int to = cumulative.length - 1;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (cumulative[middle] > u) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    /**
     * Returns the outcome with the largest weight, or empty if all weights are zero. Weights that
     * differ by a relative 1e-12 at most count as equal, so that the result does not depend on
     * rounding. Of equal outcomes it returns the lowest.
     */
    public static OptionalInt likeliest(double[] weights) {
        int best = -1;
        double max = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > max * (1 + 1e-12)) {
                max = weights[i];
                best = i;
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }
}
