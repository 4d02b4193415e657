package basin.aggregator.statistics;

import java.util.Optional;
import java.util.function.DoublePredicate;

/** Closed-form confidence intervals of correlations. */
final class ClosedForms {
    private ClosedForms() {}

    /**
     * Returns Fisher's z interval, atanh(r) ± z/√(n − 3). Empty at |r| = 1, where atanh is
     * infinite.
     */
    static Optional<Interval> fisherZ(double r, int n, double level) {
        if (Math.abs(r) >= 1 - 1e-12) {
            return Optional.empty();
        }
        return Optional.of(transformed(r, r, 1 / Math.sqrt(n - 3.0), level, Interval.Method.FISHER_Z));
    }

    /**
     * Returns Bonett and Wright's interval, atanh(rho) ± z·√((1 + rho²/2)/(n − 3 − k)) with k
     * covariates. If |rho| = 1, the interval is computed half a step inside (exchanging two
     * neighbours changes rho by 12/(n(n² − 1))), and its outer end is rho itself.
     */
    static Interval bonettWright(double rho, int n, int covariates, double level) {
        double halfStep = 6.0 / (n * (n * (double) n - 1));
        double inside = Math.clamp(rho, -1 + halfStep, 1 - halfStep);
        double error = Math.sqrt((1 + inside * inside / 2) / (n - 3.0 - covariates));
        return transformed(
                rho,
                inside,
                error,
                level,
                covariates == 0 ? Interval.Method.BONETT_WRIGHT : Interval.Method.PARTIAL_BONETT_WRIGHT);
    }

    private static Interval transformed(double r, double inside, double error, double level, Interval.Method method) {
        double centre = Normal.atanh(inside);
        double half = Normal.quantile(.5 + level / 2) * error;
        double low = StrictMath.tanh(centre - half);
        double high = StrictMath.tanh(centre + half);
        return new Interval(Math.min(r, low), Math.max(r, high), level, method);
    }

    /**
     * Returns the score interval of tau: the values of tau that a normal test with variance
     * {@link #tauVariance} does not reject, |estimate − tau| ≤ z·sd(tau). Unlike an interval with
     * the standard error at the estimate, it does not shrink to zero width at ±1. It also applies
     * to pairs within small strata.
     *
     * @param sizes runs in each stratum; one entry without strata
     */
    static Interval kendallScore(double tau, int[] sizes, double level) {
        double z = Normal.quantile(.5 + level / 2);
        return new Interval(
                scoreEnd(tau, -1, sizes, z), scoreEnd(tau, 1, sizes, z), level, Interval.Method.KENDALL_SCORE);
    }

    private static double scoreEnd(double tau, double end, int[] sizes, double z) {
        return boundary(tau, end, value -> Math.abs(tau - value) <= z * Math.sqrt(tauVariance(value, sizes)));
    }

    /**
     * Returns the accepted value at the boundary of the rejected ones. It is found by bisection
     * between an accepted and a rejected value.
     */
    static double boundary(double accepted, double rejected, DoublePredicate accepts) {
        double in = accepted;
        double out = rejected;
        for (int halving = 0; halving < 60; halving++) {
            double middle = .5 * (in + out);
            if (accepts.test(middle)) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return in;
    }

    /**
     * Returns the variance of (concordant − discordant) / pairs within strata. It assumes that x
     * and y are jointly normal, or monotone functions of jointly normal variables, with the same
     * population tau in every stratum. For a stratum of n runs and m = n(n − 1)/2 pairs, the
     * variance of the score is m·(1 − tau²) + 2m(n − 2)·(1/9 − (2/π·asin(r/2))²) with r =
     * sin(π·tau/2) (Esscher 1924).
     */
    static double tauVariance(double tau, int[] sizes) {
        double r = StrictMath.sin(Math.PI * tau / 2);
        double half = 2 / Math.PI * StrictMath.asin(r / 2);
        double shared = Math.max(0, 1.0 / 9 - half * half);
        double alone = Math.max(0, 1 - tau * tau);
        double variance = 0;
        double pairs = 0;
        for (int n : sizes) {
            double m = n * (n - 1.0) / 2;
            variance += m * alone + 2 * m * (n - 2.0) * shared;
            pairs += m;
        }
        return variance / (pairs * pairs);
    }
}
