package basin.flatness.estimator;

import basin.record.Interval;
import basin.record.Measured;
import org.hipparchus.util.FastMath;

/**
 * Intervals for a running mean that hold at all looks together: the chance that any of them misses the truth is at most 1 − confidence
 * (asymptotically, from the first look on; Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic
 * confidence sequences", Annals of Statistics 2024, theorem 2.2).
 */
final class AnytimeInterval {
    private AnytimeInterval() {}

    /**
     * The interval after so many values.
     *
     * @param mean of the values so far and its plain standard error
     * @param values so far
     * @param tightest number of values at which the sequence is made to be tightest
     */
    static Interval of(Measured mean, int values, int tightest, double confidence) {
        double alpha = 1 - confidence;
        // The best ρ² for a given number of values solves a Lambert equation; this is its usual close approximation.
        double logarithm = -2 * FastMath.log(alpha);
        double rho2 = (logarithm + FastMath.log(logarithm + 1)) / tightest;
        double scaled = values * rho2 + 1;
        double reach = mean.standardError()
                * FastMath.sqrt(2 * scaled / (values * rho2) * FastMath.log(FastMath.sqrt(scaled) / alpha));
        return new Interval(mean.value() - reach, mean.value() + reach, confidence);
    }
}
