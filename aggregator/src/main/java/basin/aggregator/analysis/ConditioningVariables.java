package basin.aggregator.analysis;

import basin.aggregator.analysis.ComparedCheckpoints.Point;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The variables on which a correlation can be conditioned, as covariates or as strata. Their names
 * are those of an analysis file.
 */
final class ConditioningVariables {
    private static final double HALF_DOUBLING = Math.sqrt(2);

    private ConditioningVariables() {}

    /**
     * Returns the point's value of a covariate. Only its rank matters, so the number of parameters
     * needs no logarithm.
     *
     * @throws IllegalArgumentException if the name is not a covariate
     */
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

    /**
     * Returns a label of the point's stratum. Points with equal labels are in the same stratum.
     *
     * @throws IllegalArgumentException if a name is not a stratum
     */
    static String stratum(Point point, List<String> names) {
        return names.stream().map(name -> stratum(point, name)).collect(Collectors.joining("/"));
    }

    /**
     * Returns the label of one variable. Bins have fixed boundaries, so a run's stratum does not
     * depend on the other runs.
     */
    private static String stratum(Point point, String name) {
        return switch (name) {
            case "rate" -> String.valueOf(point.run().declared().spec().learningRate());
            case "size" -> point.run().declared().spec().size().name();
            case "steps" -> "steps " + doubling(point.checkpoint().published().step());
            case "norm" -> "norm " + halfDoubling(point.checkpoint().published().weightNorm());
            default -> throw new IllegalArgumentException("'" + name + "' is no stratum.");
        };
    }

    /** Returns k with {@code 2^k ≤ steps < 2^(k + 1)}, or −1 for zero steps. */
    static int doubling(int steps) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(steps);
    }

    /** Returns k with {@code 2^(k/2) ≤ norm < 2^((k + 1)/2)}. */
    static int halfDoubling(double norm) {
        int whole = Math.getExponent(norm);
        return 2 * whole + (Math.scalb(norm, -whole) >= HALF_DOUBLING ? 1 : 0);
    }

    /**
     * Returns a sentence on covariates that are the same in all runs and so have no effect; empty
     * if all vary.
     */
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
