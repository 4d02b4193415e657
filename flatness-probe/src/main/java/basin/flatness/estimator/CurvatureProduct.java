package basin.flatness.estimator;

/**
 * What one second-order product of a batch's loss with a direction v gives, accumulated in float64. Immutable.
 *
 * <p>For a softmax cross-entropy with logits z(θ), Jacobian J = ∂z/∂θ, prediction p and target p*, the Hessian is H = F + Σ_y
 * (p(y) − p*(y)) ∇²z_y with the Fisher information F = J'(diag p − pp')J: v'Fv = Var_p(Jv) comes with the product Hv because
 * Jv does.
 */
public final class CurvatureProduct {
    private final double[] direction;
    private final double[] hessianProduct;
    private final double fisherForm;

    /**
     * @param direction v, not copied: the caller gives it away
     * @param hessianProduct Hv, not copied either
     * @param fisherForm v'Fv
     */
    public CurvatureProduct(double[] direction, double[] hessianProduct, double fisherForm) {
        if (direction.length != hessianProduct.length) {
            throw new IllegalArgumentException("The direction has " + direction.length + " entries and its product "
                    + hessianProduct.length + ": give as many.");
        }
        this.direction = direction;
        this.hessianProduct = hessianProduct;
        this.fisherForm = fisherForm;
    }

    /** Hv; not to be changed. */
    double[] hessianProduct() {
        return hessianProduct;
    }

    /** v'Hv. */
    public double hessianForm() {
        return Orthonormal.dot(direction, hessianProduct);
    }

    /** v_l'(Hv)_l over a block's entries alone: over all blocks these add up to v'Hv. */
    double hessianForm(Block block) {
        double sum = 0;
        for (int i = block.from(); i < block.to(); i++) {
            sum += direction[i] * hessianProduct[i];
        }
        return sum;
    }

    /** v'Fv. */
    public double fisherForm() {
        return fisherForm;
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
