package basin.flatness.estimator;

import basin.network.Parameter;
import java.util.List;

/**
 * The results of one second-order product of a batch's loss with a direction v, accumulated in
 * float64. Immutable.
 *
 * <p>For a softmax cross-entropy with logits z(θ), Jacobian J = ∂z/∂θ, prediction p and target p*,
 * the Hessian is H = F + Σ_y (p(y) − p*(y)) ∇²z_y with the Fisher information F = J'(diag p −
 * pp')J. The form v'Fv = Var_p(Jv) comes at no extra cost, because the product Hv needs Jv.
 *
 * @param direction v
 * @param hessianProduct Hv; not to be modified
 * @param fisherForm v'Fv
 */
public record CurvatureProduct(Direction direction, ParameterVector hessianProduct, double fisherForm) {
    public CurvatureProduct {
        if (direction.size() != hessianProduct.size()) {
            throw new IllegalArgumentException("The direction has " + direction.size() + " entries and its product "
                    + hessianProduct.size() + ": give as many.");
        }
    }

    /** Returns v'Hv. */
    public double hessianForm() {
        return Directions.dot(direction, hessianProduct);
    }

    /** Returns v_l'(Hv)_l over each tensor's entries; these sum over all tensors to v'Hv. */
    double[] hessianForms(List<Parameter> tensors) {
        return Directions.dots(direction, hessianProduct, tensors);
    }

    /** Returns ‖Hv‖². */
    public double squaredNorm() {
        return Directions.squaredNorm(hessianProduct);
    }

    /**
     * Returns ‖|θ|∘Hv‖², with ∘ the elementwise product: the squared norm of a product in
     * coordinates scaled by |θ|.
     */
    public double squaredNormScaledBy(Direction theta) {
        return Directions.squaredNorm(Directions.scaled(hessianProduct, theta));
    }
}
