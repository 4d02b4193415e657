package basin.aggregator.statistics;

import java.util.Optional;
import java.util.function.DoublePredicate;

/** Intervals of correlations in closed form. */
final class ClosedForms {
    private ClosedForms() {}

    /** Fisher's z: atanh(r) ± z/√(n − 3). Empty at |r| = 1, where it has no finite value. */
    static Optional<Interval> fisherZ(double r, int n, double level) {
        if (Math.abs(r) >= 1 - 1e-12) {
            return Optional.empty();
        }
        return Optional.of(transformed(r, r, 1 / Math.sqrt(n - 3.0), level, Interval.Method.FISHER_Z));
    }

    /**
     * Bonett and Wright: atanh(rho) ± z·√((1 + rho²/2)/(n − 3 − k)) with k covariates. A perfect rho is taken half a step (one
     * exchange of neighbours moves it by 12/(n(n² − 1))) inside, and the outer end is rho itself.
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
     * The values of tau that a normal test with {@link #tauVariance} does not reject: |estimate − tau| ≤ z·sd(tau). Unlike an
     * interval with the error taken at the estimate it keeps its width at ±1, and it stands for pairs within small strata.
     *
     * @param sizes runs in each stratum; one entry where there are no strata
     */
    static Interval kendallScore(double tau, int[] sizes, double level) {
        double z = Normal.quantile(.5 + level / 2);
        return new Interval(
                scoreEnd(tau, -1, sizes, z), scoreEnd(tau, 1, sizes, z), level, Interval.Method.KENDALL_SCORE);
    }

    private static double scoreEnd(double tau, double end, int[] sizes, double z) {
        return boundary(tau, end, value -> Math.abs(tau - value) <= z * Math.sqrt(tauVariance(value, sizes)));
    }

    /** The accepted value next to those rejected, found by bisection between one that is accepted and one that is not. */
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
     * Variance of the share of concordant less discordant pairs within strata when x and y are jointly normal, or any monotone
     * functions of such, with the same population tau in every stratum. For a stratum of n runs and m = n(n − 1)/2 pairs the
     * score's variance is m·(1 − tau²) + 2m(n − 2)·(1/9 − (2/π·asin(r/2))²), r = sin(π·tau/2) (Esscher 1924).
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
