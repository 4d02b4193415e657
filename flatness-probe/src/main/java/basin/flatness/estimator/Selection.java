package basin.flatness.estimator;

import java.util.ArrayList;
import java.util.List;

/**
 * Some of a batch's examples, drawn with unequal chances by systematic sampling (Madow, "On the theory of systematic sampling, II", 1949):
 * points at equal distances, moved by one uniform number, on the line of the examples' sizes laid end to end. An example is met as often as
 * its size asks for on average, so that a sum over the met ones, each divided by its expected number of meetings, has the sum over all for
 * its mean (Horvitz and Thompson, 1952).
 *
 * @param examples the examples that were met, an example as often as it was
 * @param weights of each, one over its expected number of meetings
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one probe.
record Selection(int[] examples, double[] weights) {
    /**
     * Draws.
     *
     * @param sizes not negative, one an example; a tenth of their mean is added to each, so that no weight is ever large
     * @param expected meetings in all
     * @param uniform in [0, 1)
     * @param repeat whether an example larger than the distance of points may be met several times; otherwise it is met once for certain
     */
    static Selection of(double[] sizes, double expected, double uniform, boolean repeat) {
        double[] chances = chances(sizes, expected, repeat);
        List<Integer> met = new ArrayList<>();
        double end = 0;
        double next = uniform;
        for (int i = 0; i < chances.length; i++) {
            end += chances[i];
            while (next < end) {
                met.add(i);
                next++;
            }
        }
        int[] examples = met.stream().mapToInt(Integer::intValue).toArray();
        double[] weights = new double[examples.length];
        for (int k = 0; k < weights.length; k++) {
            weights[k] = 1 / chances[examples[k]];
        }
        return new Selection(examples, weights);
    }

    /** The expected meetings of each example. */
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
                // Where nothing is of any size all are alike.
                chances[i] = certain[i] ? 1 : all > 0 ? left * (sizes[i] + floor) / all : expected / sizes.length;
                if (!repeat && !certain[i] && chances[i] >= 1) {
                    certain[i] = true;
                    settled = false;
                }
            }
        }
        return chances;
    }

    /** An unbiased estimate of the sum over all examples of what has these values at the met ones. */
    double sum(double[] values) {
        double sum = 0;
        for (int k = 0; k < values.length; k++) {
            sum += weights[k] * values[k];
        }
        return sum;
    }
}
