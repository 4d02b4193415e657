package basin.flatness.estimator;

import basin.network.TokenBatch;
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
     * @param middle forward pass at the unperturbed weights
     * @param distance step length, as a Euclidean norm
     */
    static Forms of(
            LossSurface surface, TokenBatch batch, PerturbedForward middle, double[] direction, double distance) {
        double[][] each = ofExamples(surface, batch, middle, direction, distance);
        double second = 0;
        double fisher = 0;
        for (int i = 0; i < batch.size(); i++) {
            second += each[0][i];
            fisher += each[1][i];
        }
        return new Forms(second / batch.size(), fisher / batch.size());
    }

    /** Returns v'Hv and v'Fv of every example, [2, examples]. */
    static double[][] ofExamples(
            LossSurface surface, TokenBatch batch, PerturbedForward middle, double[] direction, double distance) {
        double[][] forms = new double[2][batch.size()];
        double norm = FastMath.sqrt(Directions.squaredNorm(direction));
        if (norm == 0) {
            return forms;
        }
        double step = distance / norm;
        PerturbedForward ahead = surface.forward(batch, direction, step);
        PerturbedForward behind = surface.forward(batch, direction, -step);
        double[] variances = middle.variances(ahead, behind);
        for (int i = 0; i < batch.size(); i++) {
            // Differences of small numbers are taken example by example, before large numbers are
            // summed.
            double second = (ahead.losses()[i] - middle.losses()[i]) + (behind.losses()[i] - middle.losses()[i]);
            forms[0][i] = second / (step * step);
            forms[1][i] = variances[i] / (4 * step * step);
        }
        return forms;
    }
}
