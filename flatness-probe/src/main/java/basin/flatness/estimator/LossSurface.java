package basin.flatness.estimator;

import java.util.List;

/**
 * The masked loss of a network around fixed weights θ: all that an estimator sees of it. One thread at a time.
 *
 * <p>The loss of an example is the cross-entropy −Σ_y p*(y) log p(y), in nats, of the model's prediction p at the masked
 * position to the example's target p*; a batch's loss is the mean over its examples. How an implementation cuts a batch into
 * parts changes nothing but rounding.
 */
public interface LossSurface {

    /** The length of θ. */
    int parameters();

    /** A copy of θ. */
    double[] theta();

    /**
     * ‖∇_θ log p(y)‖² of every example, its label y drawn from the model's own prediction by inversion: y is the first word at
     * which the cumulative probability exceeds the example's uniform number. The mean over examples and draws is tr F.
     *
     * @param uniforms one an example, in [0, 1)
     */
    double[] sampledGradientNorms(MaskedBatch batch, double[] uniforms);

    /** Every named tensor of θ, in order and without gaps. */
    List<Block> blocks();

    /**
     * {@link #sampledGradientNorms} block by block: over all blocks they add up to the whole gradient's.
     *
     * @param uniforms one an example, in [0, 1)
     * @return blocks × examples
     */
    double[][] sampledGradientNormsOfBlocks(MaskedBatch batch, double[] uniforms);

    /** ∇L of the batch's loss, as long as θ, accumulated in float64. */
    double[] gradient(MaskedBatch batch);

    /**
     * Exact second-order products of the batch's loss, targets as the batch states them, all from one gradient graph.
     *
     * @param directions each as long as θ
     * @return one a direction, in order
     */
    List<CurvatureProduct> products(MaskedBatch batch, List<double[]> directions);

    /**
     * ‖J's‖² of every example, J the Jacobian of its scores and s = √p∘u − p·Σ√p∘u with independent signs u: s has the covariance
     * diag p − pp' of a sampled label's error, so that the mean over examples and draws is tr F, without the rare draws of a label.
     */
    double[] probedGradientNorms(MaskedBatch batch, OutputSigns signs);

    /** A forward pass at θ + step·direction; no gradient is taken, and no more memory than that of a forward pass. */
    Outlook look(MaskedBatch batch, double[] direction, double step);

    /** How far apart neighbouring numbers of its arithmetic are, relative to their size. */
    double precision();
}
