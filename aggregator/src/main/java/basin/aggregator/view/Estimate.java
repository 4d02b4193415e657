package basin.aggregator.view;

import basin.record.Measured;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A measured value with the interval that all figures and tables show. Immutable.
 *
 * @param value the measured value
 * @param standardError standard error in the unit of the value, at least 0
 * @param low lower end of the interval at {@link #CONFIDENCE}
 * @param high upper end of the interval at {@link #CONFIDENCE}
 */
public record Estimate(double value, double standardError, double low, double high) {
    /** Nominal coverage of the interval. */
    public static final double CONFIDENCE = 0.95;

    /**
     * The number of degrees of freedom beyond which Student's quantile equals the normal one to
     * four digits.
     */
    private static final int MAX_DEGREES = 10_000;

    /**
     * Student's quantiles by degrees of freedom. The map has at most {@link #MAX_DEGREES} entries.
     */
    private static final Map<Integer, Double> QUANTILES = new ConcurrentHashMap<>();

    /**
     * Returns a mean over repetitions with Student's interval and repetitions − 1 degrees of
     * freedom.
     *
     * @param repetitions repetitions behind the standard error; with one, the error has another
     *     source, such as the binomial distribution, and the interval is normal
     */
    static Estimate of(Measured measured, int repetitions) {
        return within(measured, repetitions > 1 ? repetitions - 1 : MAX_DEGREES);
    }

    /** Returns a value with known standard error and its normal interval. */
    public static Estimate of(Measured measured) {
        return within(measured, MAX_DEGREES);
    }

    /**
     * Returns the first mean minus the second. Both are independent means over the same number of
     * repetitions; the interval uses Welch's degrees of freedom, rounded down.
     */
    static Estimate difference(Measured one, Measured other, int repetitions) {
        double own = one.standardError() * one.standardError();
        double others = other.standardError() * other.standardError();
        Measured difference = new Measured(one.value() - other.value(), Math.sqrt(own + others));
        if (repetitions < 2 || own + others == 0) {
            return of(difference);
        }
        double degrees = (repetitions - 1) * (own + others) * (own + others) / (own * own + others * others);
        return within(difference, (int) Math.min(MAX_DEGREES, degrees));
    }

    private static Estimate within(Measured measured, int degrees) {
        double quantile = QUANTILES.computeIfAbsent(
                Math.min(MAX_DEGREES, degrees),
                some -> new TDistribution(some).inverseCumulativeProbability(0.5 + CONFIDENCE / 2));
        double half = quantile * measured.standardError();
        return new Estimate(
                measured.value(), measured.standardError(), measured.value() - half, measured.value() + half);
    }
}
