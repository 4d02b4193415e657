package basin.flatness.estimator;

import basin.network.TokenBatch;
import org.hipparchus.util.FastMath;

/**
 * Quadratic forms of a batch's loss from forward passes alone: v'Hv as a second difference of the loss, and v'Fv = E Var_p(Jv) with Jv as
 * a first difference of the scores, from the same passes. No backward pass, and no memory but a forward pass's.
 *
 * <p>A difference over a distance h errs by its square on account of the loss's fourth derivative and by the inverse square on account of
 * rounding. The distance suits the arithmetic ({@link #distance}) and is judged by halving it ({@link ForwardEstimator}).
 */
final class ForwardForms {
    /** ‖h·v‖ in single precision: found on trained encoders of 10⁴ to 10⁶ parameters to err least, at less than a part in a thousand. */
    private static final double SINGLE_DISTANCE = 0.3;
    /** The same in double precision, by the fourth root of the precisions' ratio. */
    private static final double DOUBLE_DISTANCE = 3e-3;

    private ForwardForms() {}

    /** v'Hv and v'Fv. */
    record Forms(double hessian, double fisher) {}

    /** How far to go from the weights, as a Euclidean length, in arithmetic of that precision. */
    static double distance(double precision) {
        return precision > 1e-10 ? SINGLE_DISTANCE : DOUBLE_DISTANCE;
    }

    /**
     * The forms of a direction.
     *
     * @param middle at the weights themselves
     * @param distance how far to go, as a Euclidean length
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

    /** v'Hv of every example, and v'Fv of every example. */
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
            // Example by example: the differences of small numbers are taken before large ones are added up.
            double second = (ahead.losses()[i] - middle.losses()[i]) + (behind.losses()[i] - middle.losses()[i]);
            forms[0][i] = second / (step * step);
            forms[1][i] = variances[i] / (4 * step * step);
        }
        return forms;
    }
}
