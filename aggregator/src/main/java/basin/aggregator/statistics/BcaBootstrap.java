package basin.aggregator.statistics;

import java.util.Arrays;
import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * The bias-corrected and accelerated (BCa) bootstrap over runs (Efron 1987), resampled within
 * strata. The acceleration for several strata follows Davison and Hinkley (Bootstrap Methods and
 * their Application, 1997, equation 5.28). Resamples on which the statistic is undefined are
 * dropped. If they are more than 5 % of all resamples, no interval is returned.
 */
final class BcaBootstrap {
    private static final double MAX_UNDEFINED = .05;
    private static final double EQUAL = 1e-12;

    private final double[] replicates;
    private final double bias;
    private final double acceleration;
    private final int runs;

    private BcaBootstrap(double[] replicates, double bias, double acceleration, int runs) {
        this.replicates = replicates;
        this.bias = bias;
        this.acceleration = acceleration;
        this.runs = runs;
    }

    /**
     * Draws the resamples.
     *
     * @param start index of each stratum's first run, followed by the number of runs; runs are
     *     ordered by stratum
     * @return empty if the estimate does not lie inside the distribution of the resamples, if all
     *     resamples equal it, if the acceleration is undefined, or if the statistic is undefined on
     *     too many resamples
     */
    static Optional<BcaBootstrap> draw(CountedStatistic statistic, int[] start, int resamples, NamedDraws random) {
        double estimate = statistic.estimate();
        int[] counts = new int[statistic.runs()];
        double[] drawn = new double[resamples];
        for (int resample = 0; resample < resamples; resample++) {
            for (int s = 0; s + 1 < start.length; s++) {
                random.resample(counts, start[s], start[s + 1]);
            }
            drawn[resample] = statistic.at(counts);
        }
        double[] replicates = Arrays.stream(drawn)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        double share = shareBelow(replicates, estimate);
        double acceleration = acceleration(statistic, start);
        if (Double.isNaN(acceleration)
                || replicates.length < (1 - MAX_UNDEFINED) * resamples
                || share <= 0
                || share >= 1
                || Arrays.stream(replicates).allMatch(value -> Math.abs(value - estimate) <= EQUAL)) {
            return Optional.empty();
        }
        return Optional.of(new BcaBootstrap(replicates, Normal.quantile(share), acceleration, counts.length));
    }

    /** Returns the fraction of the replicates below a value. Replicates equal to it count half. */
    private static double shareBelow(double[] replicates, double value) {
        int below = 0;
        int equal = 0;
        for (double replicate : replicates) {
            if (Math.abs(replicate - value) <= EQUAL) {
                equal++;
            } else if (replicate < value) {
                below++;
            }
        }
        return (below + .5 * equal) / replicates.length;
    }

    private static double acceleration(CountedStatistic statistic, int[] start) {
        int[] counts = CountedStatistic.once(statistic.runs());
        double squares = 0;
        double cubes = 0;
        for (int s = 0; s + 1 < start.length; s++) {
            int size = start[s + 1] - start[s];
            double[] leftOut = new double[size];
            double mean = 0;
            for (int i = 0; i < size; i++) {
                counts[start[s] + i] = 0;
                leftOut[i] = statistic.at(counts);
                counts[start[s] + i] = 1;
                mean += leftOut[i] / size;
            }
            double weight = (size - 1.0) / size;
            for (double value : leftOut) {
                double influence = weight * (mean - value);
                squares += influence * influence;
                cubes += influence * influence * influence;
            }
        }
        return cubes / (6 * squares * Math.sqrt(squares));
    }

    /**
     * Returns Efron's BCa interval, expanded for a small number of runs n. The normal quantile is
     * replaced by √(n/(n − 1)) times Student's quantile with n − 1 degrees of freedom (Hesterberg
     * 2015, The American Statistician 69, section 4.2.3). The first factor is needed because the
     * standard deviation over resamples of n runs is too small by it; Student's quantile is needed
     * because the standard deviation is estimated from n runs only.
     */
    Interval expanded(double level) {
        double z = expansion() * new TDistribution(runs - 1.0).inverseCumulativeProbability(.5 + level / 2);
        double low = quantile(replicates, adjusted(-z));
        double high = quantile(replicates, adjusted(z));
        return new Interval(Math.min(low, high), Math.max(low, high), level, Interval.Method.EXPANDED_BCA_BOOTSTRAP);
    }

    private double expansion() {
        return Math.sqrt(runs / (runs - 1.0));
    }

    /**
     * Returns 1 minus the level of the widest expanded interval that excludes the value. The result
     * is at least 2/(resamples + 1).
     */
    PValue expandedP(double value) {
        double min = 1.0 / (replicates.length + 1);
        double share = Math.clamp(shareBelow(replicates, value), min, 1 - min);
        double shifted = Normal.quantile(share) - bias;
        double z = shifted / (1 + acceleration * shifted) - bias;
        double tail = new TDistribution(runs - 1.0).cumulativeProbability(-Math.abs(z) / expansion());
        return new PValue(Math.clamp(2 * tail, 2 * min, 1), PValue.Method.EXPANDED_BCA_INVERSION, replicates.length);
    }

    private double adjusted(double z) {
        double shifted = bias + z;
        return Normal.probability(bias + shifted / (1 - acceleration * shifted));
    }

    /**
     * Returns a quantile by interpolation between the order statistics at (B + 1) × probability,
     * limited to the smallest and largest of the B values.
     */
    static double quantile(double[] sorted, double probability) {
        double place = Math.clamp(probability * (sorted.length + 1), 1, sorted.length);
        int under = (int) place;
        double lower = sorted[under - 1];
        double upper = sorted[Math.min(under, sorted.length - 1)];
        return lower + (place - under) * (upper - lower);
    }
}
