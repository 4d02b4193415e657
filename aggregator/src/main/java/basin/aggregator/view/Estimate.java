package basin.aggregator.view;

import basin.record.Measured;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A measured number with the interval that every figure draws and every table prints. Immutable.
 *
 * @param standardError in the unit of the value, 0 or more
 * @param low lower end of the interval at {@link #CONFIDENCE}
 * @param high upper end of it
 */
public record Estimate(double value, double standardError, double low, double high) {
    /** Coverage of the interval. */
    public static final double CONFIDENCE = 0.95;

    /** Beyond so many degrees of freedom Student's quantile is the normal one to four digits. */
    private static final int MAX_DEGREES = 10_000;

    /** Student's quantiles by degrees of freedom. At most {@link #MAX_DEGREES} are ever asked for. */
    private static final Map<Integer, Double> QUANTILES = new ConcurrentHashMap<>();

    /**
     * Mean of repetitions: Student's interval with one degree of freedom less than there are.
     *
     * @param repetitions behind the standard error. With one the error comes from elsewhere, such as the binomial law, and the interval is normal
     */
    static Estimate of(Measured measured, int repetitions) {
        return within(measured, repetitions > 1 ? repetitions - 1 : MAX_DEGREES);
    }

    /** A value whose error is known: normal interval. */
    static Estimate of(Measured measured) {
        return within(measured, MAX_DEGREES);
    }

    /** The one less the other, two independent means of as many repetitions: Welch's degrees of freedom, rounded down. */
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
