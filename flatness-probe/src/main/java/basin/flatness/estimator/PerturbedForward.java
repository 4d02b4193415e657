package basin.flatness.estimator;

/**
 * A forward pass over a batch at perturbed weights, sample by sample. Immutable; its arrays are not to be changed.
 */
public interface PerturbedForward {
    /** Losses in nats, accumulated in float64. */
    double[] losses();

    /** Mean over a sample's predictions p of 1 − Σ_y p(y)²: the trace of a sampled label's covariance, from 0 to 1. */
    double[] spreads();

    /**
     * Mean over a sample's predictions of Var_p(z₁ − z₀), p this prediction and z the scores of two other passes over the same batch: the
     * quadratic form of the Fisher information when the passes lie on either side of this one.
     */
    double[] variances(PerturbedForward ahead, PerturbedForward behind);

    /** Of some samples only, by their numbers in the batch. */
    PerturbedForward only(int... samples);
}
