package basin.flatness.estimator;

/**
 * A batch at the unperturbed weights θ, from which second differences go to either side. Closing it
 * frees its memory. Not thread-safe; returned arrays have one number per sample and are not to be
 * modified.
 */
public interface Midpoint extends AutoCloseable {
    /**
     * Returns, for each sample, the mean over its predictions p of 1 − Σ_y p(y)²: the trace of a
     * sampled label's covariance, from 0 to 1.
     */
    double[] spreads();

    /** Returns the losses at θ and at θ ± step·direction, from forward passes alone. */
    Differences differences(Direction direction, double step);

    /** Returns the batch restricted to some samples, given by their indices, to be closed too. */
    Midpoint only(int... samples);

    /**
     * Returns whether the scores at θ are kept, so that differences take two forward passes instead
     * of three.
     */
    boolean isKept();

    @Override
    void close();

    /**
     * Forward passes along a line.
     *
     * @param middle losses at θ in nats, accumulated in float64
     * @param ahead losses at θ + step·direction
     * @param behind losses at θ − step·direction
     * @param variances for each sample, the mean over its predictions of Var_p(z₁ − z₀), where p is
     *     the prediction at θ and z₁, z₀ are the scores ahead and behind; over 4·step² it is the
     *     quadratic form of the Fisher information
     */
    @SuppressWarnings("ArrayRecordComponent") // As many as samples; read only.
    record Differences(double[] middle, double[] ahead, double[] behind, double[] variances) {
        /** Returns (ahead − middle) + (behind − middle), of one sample. */
        double second(int sample) {
            // Differences of small numbers are taken sample by sample, before large numbers are
            // summed.
            return (ahead[sample] - middle[sample]) + (behind[sample] - middle[sample]);
        }
    }
}
