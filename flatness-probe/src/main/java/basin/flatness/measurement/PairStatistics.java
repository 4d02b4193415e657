package basin.flatness.measurement;

import basin.record.Interval;
import basin.record.Measured;
import basin.study.Refusal;
import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.util.FastMath;

/** Mean, standard error and confidence interval of independent values, one per pair. */
public final class PairStatistics {
    /** Threshold below which the transformation is the identity to rounding. */
    private static final double MIN_SKEWNESS = 1e-6;

    private PairStatistics() {}

    /**
     * Returns the mean and its plain standard error.
     *
     * @param values at least two
     * @throws Refusal if a value is not finite
     */
    public static Measured mean(double[] values) {
        for (int pair = 0; pair < values.length; pair++) {
            if (!Double.isFinite(values[pair])) {
                throw new Refusal("pair " + pair + " gave " + values[pair]
                        + ": the loss has no finite curvature at these weights.");
            }
        }
        return new Measured(StatUtils.mean(values), FastMath.sqrt(StatUtils.variance(values) / values.length));
    }

    /**
     * Returns a confidence interval for the mean of independent values that corrects for skewness:
     * Student's t with Hall's cubic transformation (Hall, "On the removal of skewness by
     * transformation", J. R. Statist. Soc. B 54, 1992). Without skewness it is Student's interval.
     * Traces are sums of squares, so their plain interval is too low, too short on its upper side,
     * and undercovers.
     *
     * @param values at least three
     * @param confidence confidence level, between 0 and 1
     */
    public static Interval interval(double[] values, double confidence) {
        int n = values.length;
        double mean = StatUtils.mean(values);
        double deviation = FastMath.sqrt(StatUtils.variance(values));
        double skewness = skewness(values, mean);
        double reach = new TDistribution(n - 1.0).inverseCumulativeProbability((1 + confidence) / 2)
                / FastMath.sqrt((double) n);
        return new Interval(
                mean - deviation * untransformed(reach, skewness, n),
                mean - deviation * untransformed(-reach, skewness, n),
                confidence);
    }

    /**
     * Returns tr(A)²/‖A‖²_F from products at no further cost, because E‖Av‖² = ‖A‖²_F for a probe v
     * of independent signs. The squared mean is biased upwards by the mean's variance, which is
     * subtracted. Empty if the trace is then indistinguishable from zero.
     *
     * @param trace mean of v'Av over pairs
     * @param squaredNorms ‖Av‖², one per pair
     */
    public static Optional<Double> effectiveRank(Measured trace, double[] squaredNorms) {
        double square = trace.value() * trace.value() - trace.standardError() * trace.standardError();
        double frobenius = StatUtils.mean(squaredNorms);
        return square > 0 && frobenius > 0 ? Optional.of(square / frobenius) : Optional.empty();
    }

    /**
     * Returns the inverse of t ↦ t + γt²/3 + γ²t³/27 + γ/(6n), which removes the skewness of (mean
     * − truth)/deviation.
     */
    private static double untransformed(double y, double skewness, int n) {
        return FastMath.abs(skewness) < MIN_SKEWNESS
                ? y
                : 3 / skewness * (FastMath.cbrt(1 + skewness * (y - skewness / (6 * n))) - 1);
    }

    /** Returns the adjusted Fisher-Pearson coefficient, or 0 if all values are equal. */
    private static double skewness(double[] values, double mean) {
        int n = values.length;
        double squares = 0;
        double cubes = 0;
        for (double value : values) {
            double off = value - mean;
            squares += off * off;
            cubes += off * off * off;
        }
        double variance = squares / n;
        double skewness = cubes / n / (variance * FastMath.sqrt(variance));
        return Double.isFinite(skewness) ? skewness * FastMath.sqrt(n * (n - 1.0)) / (n - 2) : 0;
    }
}
