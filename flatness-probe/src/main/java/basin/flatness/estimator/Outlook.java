package basin.flatness.estimator;

/** What a forward pass at displaced weights shows of a batch, example by example. Immutable; its arrays are not to be changed. */
public interface Outlook {
    /** Losses in nats, accumulated in float64. */
    double[] losses();

    /** Mean over an example's predictions p of 1 − Σ_y p(y)²: the trace of a sampled label's covariance, from 0 to 1. */
    double[] spreads();

    /** Mean over an example's predictions of ‖p − p*‖, the distance of prediction and target: from 0 to √2. */
    double[] misses();

    /**
     * Mean over an example's predictions of Var_p(z₁ − z₀), p this prediction and z the scores of two other passes over the same batch: the
     * quadratic form of the Fisher information when the passes lie on either side of this one.
     */
    double[] variances(Outlook ahead, Outlook behind);

    /** Of some examples only, by their numbers in the batch. */
    Outlook only(int... examples);
}
