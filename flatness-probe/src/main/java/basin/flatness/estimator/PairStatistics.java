package basin.flatness.estimator;

import basin.events.Interval;
import basin.events.Measured;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.util.FastMath;

/** Mean, standard error and Student-t interval of values that were drawn independently, one a pair. */
final class PairStatistics {
    private PairStatistics() {}

    /**
     * The mean and its plain standard error.
     *
     * @param values at least two
     * @throws ArithmeticException where one is no finite number
     */
    static Measured mean(double[] values) {
        for (int pair = 0; pair < values.length; pair++) {
            if (!Double.isFinite(values[pair])) {
                throw new ArithmeticException("pair " + pair + " gave " + values[pair]
                        + ": the loss has no finite curvature at these weights.");
            }
        }
        return new Measured(StatUtils.mean(values), FastMath.sqrt(StatUtils.variance(values) / values.length));
    }

    /** The Student-t interval of a mean over so many independent values. */
    static Interval interval(Measured mean, int values, double confidence) {
        double quantile = new TDistribution(values - 1.0).inverseCumulativeProbability((1 + confidence) / 2);
        double reach = quantile * mean.standardError();
        return new Interval(mean.value() - reach, mean.value() + reach, confidence);
    }
}
