package basin.flatness.estimator;

import java.util.ArrayList;
import java.util.List;

/**
 * A subset of a batch's examples, drawn with unequal probabilities by systematic sampling (Madow,
 * "On the theory of systematic sampling, II", 1949): equidistant points, shifted by one uniform
 * number, on the line of the examples' sizes laid end to end. An example's expected number of draws
 * is proportional to its size. The sum over the drawn examples, each divided by that number, is
 * thus an unbiased estimate of the sum over all (Horvitz and Thompson, 1952).
 *
 * @param examples the drawn examples, each repeated as often as it was drawn
 * @param weights for each, the inverse of its expected number of draws
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one probe.
record Selection(int[] examples, double[] weights) {
    /**
     * Draws a selection.
     *
     * @param sizes nonnegative, one per example; a tenth of their mean is added to each, which
     *     bounds the weights
     * @param expected total number of draws expected
     * @param uniform in [0, 1)
     * @param repeat whether an example larger than the spacing of the points may be drawn several
     *     times; otherwise it is drawn exactly once
     */
    static Selection of(double[] sizes, double expected, double uniform, boolean repeat) {
        double[] chances = chances(sizes, expected, repeat);
        List<Integer> drawn = new ArrayList<>();
        double end = 0;
        double next = uniform;
        for (int i = 0; i < chances.length; i++) {
            end += chances[i];
            while (next < end) {
                drawn.add(i);
                next++;
            }
        }
        int[] examples = drawn.stream().mapToInt(Integer::intValue).toArray();
        double[] weights = new double[examples.length];
        for (int k = 0; k < weights.length; k++) {
            weights[k] = 1 / chances[examples[k]];
        }
        return new Selection(examples, weights);
    }

    /** Returns the expected number of draws of each example. */
    private static double[] chances(double[] sizes, double expected, boolean repeat) {
        double floor = 0;
        for (double size : sizes) {
            floor += 0.1 * size / sizes.length;
        }
        double[] chances = new double[sizes.length];
        boolean[] certain = new boolean[sizes.length];
        boolean settled = false;
        while (!settled) {
            settled = true;
            double all = 0;
            double left = expected;
            for (int i = 0; i < sizes.length; i++) {
                all += certain[i] ? 0 : sizes[i] + floor;
                left -= certain[i] ? 1 : 0;
            }
            for (int i = 0; i < sizes.length; i++) {
                // If all sizes are zero, all examples are equally likely.
                chances[i] = certain[i] ? 1 : all > 0 ? left * (sizes[i] + floor) / all : expected / sizes.length;
                if (!repeat && !certain[i] && chances[i] >= 1) {
                    certain[i] = true;
                    settled = false;
                }
            }
        }
        return chances;
    }

    /**
     * Returns an unbiased estimate of the sum over all examples from the values of the drawn ones.
     */
    double sum(double[] values) {
        double sum = 0;
        for (int k = 0; k < values.length; k++) {
            sum += weights[k] * values[k];
        }
        return sum;
    }
}
