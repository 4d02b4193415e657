package basin.aggregator.statistics;

import java.util.Optional;

/**
 * A two-sided confidence interval.
 *
 * @param low lower end, finite
 * @param high upper end, finite, at least {@code low}
 * @param level nominal coverage, in (0, 1)
 * @param method method that produced the interval
 */
public record Interval(double low, double high, double level, Method method) {
    /** A method of computing a confidence interval. */
    public enum Method {
        /** Normal interval of atanh(r) with variance 1/(n − 3) (Fisher 1921). */
        FISHER_Z("Fisher z"),
        /**
         * Normal interval of atanh(rho) with variance (1 + rho²/2)/(n − 3) (Bonett and Wright
         * 2000).
         */
        BONETT_WRIGHT("Bonett-Wright"),
        /** Bonett–Wright with n − 3 − k in place of n − 3 for k covariates. */
        PARTIAL_BONETT_WRIGHT("Bonett-Wright, n - 3 - k"),
        /** The values of tau not rejected with the normal-copula standard error (Esscher 1924). */
        KENDALL_SCORE("Kendall score"),
        /**
         * BCa bootstrap over runs (Efron 1987) with Student's quantile for few runs (Hesterberg
         * 2015).
         */
        EXPANDED_BCA_BOOTSTRAP("BCa bootstrap over runs, expanded for few runs"),
        /**
         * Percentiles of the statistic over resampled runs (Efron 1979); too narrow with few runs.
         */
        PERCENTILE_BOOTSTRAP("percentile bootstrap over runs"),
        /**
         * Simultaneous interval from the largest of all differences under permuted outcomes
         * (Westfall and Young 1993).
         */
        PERMUTED_MAXIMUM("permuted outcomes, all differences together"),
        /**
         * Mean ± Student's quantile with n − 1 degrees of freedom times the standard error of the
         * mean (Student 1908).
         */
        STUDENT("Student's t over pairs"),
        /**
         * Normal interval from the standard errors of the measurements alone; ignores the variation
         * between pairs.
         */
        MEASUREMENT("measurement errors alone, normal");

        private final String title;

        Method(String title) {
            this.title = title;
        }

        /** Returns the method's name in words. */
        public String title() {
            return title;
        }
    }

    /**
     * Checks the ends and the level.
     *
     * @throws IllegalArgumentException if an end is not finite, the ends are in the wrong order, or
     *     the level is not in (0, 1)
     */
    public Interval {
        if (!(low <= high) || !Double.isFinite(low) || !Double.isFinite(high)) {
            throw new IllegalArgumentException(
                    "An interval's ends are " + low + " and " + high + ": give finite ends in order.");
        }
        ResamplingPlan.requireLevel(level);
    }

    /**
     * Returns this interval as a record field. Negative zeros become zeros because readers print
     * them differently.
     */
    public basin.record.Interval recorded() {
        return new basin.record.Interval(low + 0.0, high + 0.0, level);
    }

    /** Returns the interval of the negated value. */
    public Interval negated() {
        return new Interval(-high, -low, level, method);
    }

    /** Returns the methods of this interval and of the p-value in words. */
    public String methods(Optional<PValue> p) {
        return method.title() + p.map(own -> "; p: " + own.method().title()).orElse("");
    }

    /** Returns whether the value lies in the interval, ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
