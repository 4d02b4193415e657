package basin.aggregator.statistics;

import org.hipparchus.distribution.continuous.NormalDistribution;

/** The standard normal distribution, and atanh (Fisher's z) in strict arithmetic. */
final class Normal {
    private static final NormalDistribution STANDARD = new NormalDistribution(0, 1);

    private Normal() {}

    static double quantile(double probability) {
        return STANDARD.inverseCumulativeProbability(probability);
    }

    static double probability(double value) {
        return STANDARD.cumulativeProbability(value);
    }

    static double atanh(double value) {
        return .5 * (StrictMath.log1p(value) - StrictMath.log1p(-value));
    }
}
