package basin.flatness.estimator;

import basin.network.Parameter;

/**
 * The results of one second-order product of a batch's loss with a direction v, accumulated in
 * float64. Immutable.
 *
 * <p>For a softmax cross-entropy with logits z(θ), Jacobian J = ∂z/∂θ, prediction p and target p*,
 * the Hessian is H = F + Σ_y (p(y) − p*(y)) ∇²z_y with the Fisher information F = J'(diag p −
 * pp')J. The form v'Fv = Var_p(Jv) comes at no extra cost, because the product Hv needs Jv.
 *
 * @param direction v; not copied, so the caller must not use it afterwards
 * @param hessianProduct Hv; not copied and not to be modified
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

    /** Returns v'Hv. */
    public double hessianForm() {
        return Orthonormal.dot(direction, hessianProduct);
    }

    /** Returns v_l'(Hv)_l over one tensor's entries; these sum over all tensors to v'Hv. */
    double hessianForm(Parameter tensor) {
        return Orthonormal.dot(direction, hessianProduct, tensor.offset(), tensor.end());
    }

    /** Returns ‖Hv‖². */
    public double squaredNorm() {
        return Directions.squaredNorm(hessianProduct);
    }

    /**
     * Returns ‖s∘Hv‖², with ∘ the elementwise product: the squared norm of a product in coordinates
     * scaled by s.
     */
    public double squaredNorm(double[] scale) {
        return Directions.squaredNorm(Directions.scaled(hessianProduct, scale));
    }
}
