package basin.flatness.estimator;

import basin.network.Parameter;
import basin.network.TokenBatch;
import java.util.List;

/**
 * A differentiable loss over named parameters around fixed weights θ: all that an estimator sees of a network. One thread at a time.
 *
 * <p>The loss of an example is the cross-entropy −Σ_y p*(y) log p(y), in nats, of the model's prediction p at the masked
 * position to the example's target p*, or the mean of such terms where every example has several predictions; a batch's loss is the
 * mean over its examples. How an implementation cuts a batch into parts changes nothing but rounding.
 */
public interface LossSurface {

    /** The length of θ. */
    int parameters();

    /** A copy of θ. */
    double[] theta();

    /**
     * ‖J'(p·Σr − r)‖² of every example, J the Jacobian of its scores, p the prediction and r what the probe puts in the label's place; where
     * an example has P predictions, ‖Σ J'(p·Σr − r)‖²/P, whose mean over independent probes is the mean over the predictions.
     */
    double[] gradientNorms(TokenBatch batch, OutputProbe probe);

    /** The same with the gradients of all examples added before the norm is taken: one ordinary gradient's cost. */
    double joinedGradientNorm(TokenBatch batch, OutputProbe probe);

    /** Every named tensor of θ, in order and without gaps. */
    List<Parameter> tensors();

    /**
     * {@link #gradientNorms} tensor by tensor: over all tensors they add up to the whole gradient's.
     *
     * @return tensors × examples
     */
    double[][] gradientNormsOfTensors(TokenBatch batch, OutputProbe probe);

    /** ∇L of the batch's loss, as long as θ, accumulated in float64. */
    double[] gradient(TokenBatch batch);

    /**
     * Exact second-order products of the batch's loss, targets as the batch states them, all from one gradient graph.
     *
     * @param directions each as long as θ
     * @return one a direction, in order
     */
    List<CurvatureProduct> products(TokenBatch batch, List<double[]> directions);

    /** A forward pass at θ + step·direction; no gradient is taken, and no more memory than that of a forward pass. */
    PerturbedForward forward(TokenBatch batch, double[] direction, double step);

    /** How far apart neighbouring numbers of its arithmetic are, relative to their size. */
    double precision();
}
