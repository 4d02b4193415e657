package basin.flatness.estimator;

/**
 * A forward pass over a batch at perturbed weights, with values per sample. Immutable; its arrays
 * are not to be modified.
 */
public interface PerturbedForward {
    /** Returns the losses in nats, accumulated in float64. */
    double[] losses();

    /**
     * Returns, for each sample, the mean over its predictions p of 1 − Σ_y p(y)²: the trace of a
     * sampled label's covariance, from 0 to 1.
     */
    double[] spreads();

    /**
     * Returns, for each sample, the mean over its predictions of Var_p(z₁ − z₀), where p is this
     * pass's prediction and z₁, z₀ are the scores of two other passes over the same batch. This is
     * the quadratic form of the Fisher information if the two passes lie on either side of this
     * one.
     */
    double[] variances(PerturbedForward ahead, PerturbedForward behind);

    /** Returns the pass restricted to some samples, given by their indices in the batch. */
    PerturbedForward only(int... samples);
}
