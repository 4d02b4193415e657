package basin.flatness.estimator;

import basin.record.Interval;
import basin.record.Measured;
import org.hipparchus.util.FastMath;

/**
 * Confidence sequences for a running mean. The intervals hold simultaneously at all looks: the
 * probability that any of them misses the true mean is at most 1 − confidence, asymptotically and
 * from the first look on (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central
 * limit theory and asymptotic confidence sequences", Annals of Statistics 2024, theorem 2.2).
 */
final class AnytimeInterval {
    private AnytimeInterval() {}

    /**
     * Returns the interval after n values.
     *
     * @param mean mean of the values so far and its plain standard error
     * @param values number n of values so far
     * @param tightest number of values at which the sequence is tightest
     * @param confidence simultaneous coverage, between 0 and 1
     */
    static Interval of(Measured mean, int values, int tightest, double confidence) {
        double alpha = 1 - confidence;
        // The optimal ρ² for a given number of values solves a Lambert equation; this is its usual
        // close approximation.
        double logarithm = -2 * FastMath.log(alpha);
        double rho2 = (logarithm + FastMath.log(logarithm + 1)) / tightest;
        double scaled = values * rho2 + 1;
        double reach = mean.standardError()
                * FastMath.sqrt(2 * scaled / (values * rho2) * FastMath.log(FastMath.sqrt(scaled) / alpha));
        return new Interval(mean.value() - reach, mean.value() + reach, confidence);
    }
}
