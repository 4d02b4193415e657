package basin.flatness.estimator;

import org.hipparchus.util.FastMath;

/**
 * Quadratic forms of a batch's loss from forward passes alone. v'Hv is a second difference of the
 * loss. v'Fv = E Var_p(Jv) uses Jv as a first difference of the scores, from the same passes. No
 * backward pass is needed, nor more memory than a forward pass takes.
 *
 * <p>A finite difference of step length h has a truncation error of order h², from the loss's
 * fourth derivative, and a rounding error of order h⁻². The default step length depends on the
 * precision ({@link #distance}); {@link ForwardDistance} checks it by halving.
 */
final class ForwardForms {
    /**
     * ‖h·v‖ in single precision. On trained encoders of 10⁴ to 10⁶ parameters it gave the smallest
     * error, below one part in a thousand.
     */
    private static final double SINGLE_DISTANCE = 0.3;
    /** The same in double precision, scaled by the fourth root of the ratio of the precisions. */
    private static final double DOUBLE_DISTANCE = 3e-3;

    private ForwardForms() {}

    /** The values of v'Hv and v'Fv. */
    record Forms(double hessian, double fisher) {}

    /**
     * Returns the default step length, a Euclidean norm, for arithmetic of the given relative
     * precision.
     */
    static double distance(double precision) {
        return precision > 1e-10 ? SINGLE_DISTANCE : DOUBLE_DISTANCE;
    }

    /**
     * Returns the forms of a direction, averaged over the batch.
     *
     * @param middle the batch at the unperturbed weights
     * @param size number of its examples
     * @param distance step length, as a Euclidean norm
     */
    static Forms of(Midpoint middle, int size, Direction direction, double distance) {
        double[][] each = ofExamples(middle, size, direction, distance);
        double second = 0;
        double fisher = 0;
        for (int i = 0; i < size; i++) {
            second += each[0][i];
            fisher += each[1][i];
        }
        return new Forms(second / size, fisher / size);
    }

    /** Returns v'Hv and v'Fv of every example, [2, examples]. */
    static double[][] ofExamples(Midpoint middle, int size, Direction direction, double distance) {
        double[][] forms = new double[2][size];
        double norm = FastMath.sqrt(Directions.squaredNorm(direction));
        if (norm == 0) {
            return forms;
        }
        double step = distance / norm;
        Midpoint.Differences moved = middle.differences(direction, step);
        for (int i = 0; i < size; i++) {
            forms[0][i] = moved.second(i) / (step * step);
            forms[1][i] = moved.variances()[i] / (4 * step * step);
        }
        return forms;
    }
}
