package basin.aggregator.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random points from populations with known coefficients. */
final class Draws {
    private Draws() {}

    /**
     * Draws independent points, jointly normal with correlation r. Strata shift x and y in opposite
     * directions.
     */
    static List<RunPoint> normal(Random random, double r, int... sizes) {
        List<RunPoint> points = new ArrayList<>();
        for (int s = 0; s < sizes.length; s++) {
            for (int i = 0; i < sizes[s]; i++) {
                double x = random.nextGaussian();
                double y = r * x + Math.sqrt(1 - r * r) * random.nextGaussian();
                points.add(RunPoint.of("run-" + s + "-" + i, x + s, y - 3 * s).in("stratum-" + s));
            }
        }
        return points;
    }

    /** Draws from a few distinct values, so that most are tied. */
    static double[] tied(Random random, int n, int distinct) {
        return random.doubles(n).map(u -> Math.floor(u * distinct)).toArray();
    }

    static double[] plain(Random random, int n) {
        return random.doubles(n).toArray();
    }

    static List<RunPoint> points(double[] x, double[] y) {
        List<RunPoint> points = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            points.add(RunPoint.of(String.format("run-%03d", i), x[i], y[i]));
        }
        return points;
    }

    /** Returns the population rho of a normal pair with this r. */
    static double rhoOf(double r) {
        return 6 / Math.PI * Math.asin(r / 2);
    }

    /** Returns the population tau of a normal pair with this r. */
    static double tauOf(double r) {
        return 2 / Math.PI * Math.asin(r);
    }

    static Inference.Estimate estimate(Inference inference) {
        if (inference instanceof Inference.Estimate estimate) {
            return estimate;
        }
        throw new AssertionError("Not an estimate: " + inference);
    }
}
