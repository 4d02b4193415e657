package basin.aggregator.statistics;

import java.util.Optional;

/**
 * How much of the spread of a measured quantity over runs is the runs' own: (variance between runs − mean squared standard
 * error) / variance between runs. Error of measurement shrinks Pearson's r by √(reliability of x · reliability of y)
 * (Spearman 1904), and rank correlations about as much.
 *
 * @param value in [0, 1]; 0 where the standard errors explain all of the spread
 * @param betweenRuns sample variance of the measured values over runs (divisor n − 1), in squared units of the quantity
 * @param meanSquaredError mean of the squared standard errors, in the same unit
 * @param runs number of runs, at least two
 */
public record Reliability(double value, double betweenRuns, double meanSquaredError, int runs) {
    /**
     * Computes the reliability of values with standard errors, run by run.
     *
     * @return empty for fewer than two runs, or where all values are equal
     * @throws IllegalArgumentException if the arrays differ in length, a value is not finite, or a standard error is negative
     */
    public static Optional<Reliability> of(double[] values, double[] standardErrors) {
        if (values.length != standardErrors.length) {
            throw new IllegalArgumentException("There are " + values.length + " values and " + standardErrors.length
                    + " standard errors: give one standard error a value.");
        }
        int n = values.length;
        double mean = 0;
        double squaredErrors = 0;
        for (int i = 0; i < n; i++) {
            if (!Double.isFinite(values[i]) || !Double.isFinite(standardErrors[i]) || standardErrors[i] < 0) {
                throw new IllegalArgumentException("Value " + values[i] + " has the standard error " + standardErrors[i]
                        + ": give finite values and errors of at least zero.");
            }
            mean += values[i] / n;
            squaredErrors += standardErrors[i] * standardErrors[i] / n;
        }
        if (n < 2 || PointChecks.isConstant(values)) {
            return Optional.empty();
        }
        double variance = 0;
        for (double value : values) {
            variance += (value - mean) * (value - mean) / (n - 1);
        }
        double share = Math.clamp((variance - squaredErrors) / variance, 0, 1);
        return Optional.of(new Reliability(share, variance, squaredErrors, n));
    }

    /** Whether the root mean squared standard error is below a third of the standard deviation between runs. */
    public boolean errorsAreSmall() {
        return meanSquaredError < betweenRuns / 9;
    }

    /** The factor by which errors in both quantities shrink their Pearson correlation, in [0, 1]. */
    public double attenuationWith(Reliability other) {
        return Math.sqrt(value * other.value);
    }
}
