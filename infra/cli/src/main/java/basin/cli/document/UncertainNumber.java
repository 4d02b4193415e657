package basin.cli.document;

import basin.record.Finding;
import basin.record.Interval;
import java.util.Optional;

/**
 * A number with its uncertainty.
 *
 * @param value the best estimate, in {@code unit}
 * @param stderr standard error, in {@code unit}; null if it is not known
 * @param low lower end of the confidence interval, in {@code unit}; null if there is no interval
 * @param high upper end of the confidence interval, in {@code unit}; null if there is no interval
 * @param confidence confidence level of the interval, between 0 and 1; null if there is none
 * @param n number of independent observations behind the estimate
 * @param unit unit of the value and its uncertainty; 1 for a pure number
 */
public record UncertainNumber(
        double value,
        Optional<Double> stderr,
        Optional<Double> low,
        Optional<Double> high,
        Optional<Double> confidence,
        long n,
        String unit) {
    /** The unit of a pure number, such as a correlation or an accuracy. */
    private static final String PURE = "1";

    /** Returns a number with the interval that it has, if any. */
    public static UncertainNumber of(
            double value, Optional<Double> stderr, Optional<Interval> interval, long n, String unit) {
        return new UncertainNumber(
                value,
                stderr,
                interval.map(Interval::low),
                interval.map(Interval::high),
                interval.map(Interval::confidence),
                n,
                unit);
    }

    /** Returns a pure number with the interval that it has, if any. */
    static UncertainNumber of(double value, Optional<Interval> interval, long n) {
        return of(value, Optional.empty(), interval, n, PURE);
    }

    /** Returns the estimate of a row of correlations; empty if it has none. */
    public static Optional<UncertainNumber> of(Finding finding) {
        return finding.value().map(value -> of(value, finding.interval(), finding.runs()));
    }
}
