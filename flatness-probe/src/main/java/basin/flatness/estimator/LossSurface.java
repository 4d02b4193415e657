package basin.flatness.estimator;

import basin.network.Parameter;
import basin.network.TokenBatch;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * A differentiable loss over named parameters around fixed weights θ: an estimator's only view of a
 * network. Not thread-safe.
 *
 * <p>The loss of an example is the cross-entropy −Σ_y p*(y) log p(y), in nats, between the
 * example's target p* and the model's prediction p at the masked position. With several predictions
 * per example it is the mean of these terms. A batch's loss is the mean over its examples.
 * Splitting a batch into parts changes results by rounding only.
 *
 * <p>Vectors as long as θ are read in pieces as {@linkplain Direction directions}, or stored in
 * native memory of the caller's shared arena.
 */
public interface LossSurface {
    /** Returns the length of θ. */
    int parameters();

    /** Returns θ. */
    Direction theta();

    /**
     * Returns ‖J'(p·Σr − r)‖² of every example, with J the Jacobian of its scores, p the prediction
     * and r the probe's row in place of the label. For an example with P predictions it is ‖Σ
     * J'(p·Σr − r)‖²/P, whose mean over independent probes is the mean over the predictions.
     */
    double[] gradientNorms(TokenBatch batch, OutputProbe probe);

    /**
     * Returns the squared norm of the gradients of {@link #gradientNorms} summed over all examples,
     * at the cost of one ordinary gradient.
     */
    double joinedGradientNorm(TokenBatch batch, OutputProbe probe);

    /** Returns the named tensors of θ, in order and without gaps. */
    List<Parameter> tensors();

    /**
     * Returns {@link #gradientNorms} for each tensor; these sum over all tensors to the whole
     * gradient's.
     *
     * @return [tensors, examples]
     */
    double[][] gradientNormsOfTensors(TokenBatch batch, OutputProbe probe);

    /** Returns the gradient ∇L of the batch's loss, accumulated in float64. */
    ParameterVector gradient(TokenBatch batch, Arena memory);

    /**
     * Returns exact second-order products of the batch's loss, with the batch's targets, all from
     * one gradient graph.
     *
     * @return one product per direction, in order
     */
    List<CurvatureProduct> products(TokenBatch batch, List<? extends Direction> directions, Arena memory);

    /** Returns every example's loss at θ, in nats, accumulated in float64. */
    double[] losses(TokenBatch batch);

    /** Returns every example's loss at θ + step·direction, from a forward pass alone. */
    double[] losses(TokenBatch batch, Direction direction, double step);

    /**
     * Returns a batch at θ, for differences from forward passes. Takes no gradient and no more
     * memory than a forward pass, two perturbed copies of θ and some scores.
     */
    Midpoint midpoint(TokenBatch batch);

    /**
     * Returns the relative spacing of neighbouring floating-point numbers in the surface's
     * arithmetic.
     */
    double precision();
}
