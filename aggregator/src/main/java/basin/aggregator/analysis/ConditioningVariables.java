package basin.aggregator.analysis;

import basin.aggregator.analysis.ComparedCheckpoints.Point;
import java.util.List;
import java.util.stream.Collectors;

/** What of a run's point can be held: by value as a covariate, or in common as a stratum. Names are those of an analysis file. */
final class ConditioningVariables {
    private static final double HALF_DOUBLING = Math.sqrt(2);

    private ConditioningVariables() {}

    /** The point's value of a covariate. Only its rank counts, so that parameters stand for their logarithm. */
    static double covariate(Point point, String name) {
        return switch (name) {
            case "loss" -> point.minusLoss();
            case "rate" -> point.run().declared().spec().learningRate();
            case "size" -> point.run().declared().parameters();
            case "steps" -> point.checkpoint().published().step();
            case "norm" -> point.checkpoint().published().weightNorm();
            default -> throw new IllegalArgumentException("'" + name + "' is no covariate.");
        };
    }

    /** What runs of the point's stratum have in common: equal texts are one stratum. */
    static String stratum(Point point, List<String> names) {
        return names.stream().map(name -> stratum(point, name)).collect(Collectors.joining("/"));
    }

    /** Bins have fixed ends, so that no run's stratum depends on which other runs there are. */
    private static String stratum(Point point, String name) {
        return switch (name) {
            case "rate" -> String.valueOf(point.run().declared().spec().learningRate());
            case "size" -> point.run().declared().spec().size().name();
            case "steps" -> "steps " + doubling(point.checkpoint().published().step());
            case "norm" -> "norm " + halfDoubling(point.checkpoint().published().weightNorm());
            default -> throw new IllegalArgumentException("'" + name + "' is no stratum.");
        };
    }

    /** k for 2^k ≤ steps < 2^(k + 1); −1 for none. */
    static int doubling(int steps) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(steps);
    }

    /** k for 2^(k/2) ≤ norm < 2^((k + 1)/2). */
    static int halfDoubling(double norm) {
        int whole = Math.getExponent(norm);
        return 2 * whole + (Math.scalb(norm, -whole) >= HALF_DOUBLING ? 1 : 0);
    }

    /** One sentence on covariates that tell nothing, being the same everywhere; empty where all vary. */
    static String constant(List<Point> points, List<String> names) {
        String same = names.stream()
                .filter(name -> points.stream()
                                .mapToDouble(point -> covariate(point, name))
                                .distinct()
                                .count()
                        == 1)
                .collect(Collectors.joining(", "));
        return same.isEmpty() ? "" : "The same in all runs, so that nothing is to be held: " + same + ".";
    }
}
