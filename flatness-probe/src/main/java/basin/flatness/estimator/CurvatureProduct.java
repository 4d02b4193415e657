package basin.flatness.estimator;

import basin.network.Parameter;

/**
 * What one second-order product of a batch's loss with a direction v gives, accumulated in float64. Immutable.
 *
 * <p>For a softmax cross-entropy with logits z(θ), Jacobian J = ∂z/∂θ, prediction p and target p*, the Hessian is H = F + Σ_y
 * (p(y) − p*(y)) ∇²z_y with the Fisher information F = J'(diag p − pp')J: v'Fv = Var_p(Jv) comes with the product Hv because
 * Jv does.
 *
 * @param direction v, not copied: the caller gives it away
 * @param hessianProduct Hv, not copied either; not to be changed
 * @param fisherForm v'Fv
 */
@SuppressWarnings("ArrayRecordComponent") // As long as the network has parameters; shared and read only.
public record CurvatureProduct(double[] direction, double[] hessianProduct, double fisherForm) {
    public CurvatureProduct {
        if (direction.length != hessianProduct.length) {
            throw new IllegalArgumentException("The direction has " + direction.length + " entries and its product "
                    + hessianProduct.length + ": give as many.");
        }
    }

    /** v'Hv. */
    public double hessianForm() {
        return Orthonormal.dot(direction, hessianProduct);
    }

    /** v_l'(Hv)_l over a tensor's entries alone: over all tensors these add up to v'Hv. */
    double hessianForm(Parameter tensor) {
        return Orthonormal.dot(direction, hessianProduct, tensor.offset(), tensor.end());
    }

    /** ‖Hv‖². */
    public double squaredNorm() {
        return Directions.squaredNorm(hessianProduct);
    }

    /** ‖s∘Hv‖², entry by entry: the squared norm of a product in coordinates scaled by s. */
    public double squaredNorm(double[] scale) {
        return Directions.squaredNorm(Directions.scaled(hessianProduct, scale));
    }
}
