package basin.network;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/**
 * The capability of a network to give the squared norms of per-sample gradients of a whole batch from one backward pass. Thread-safe.
 *
 * <p>The loss of sample i is L_i = −Σ_k Σ_y targets[k][y]·log p_k(y) in nats, over its predictions k. Targets are chosen in the light of the
 * scores: labels drawn from the model's own prediction, say. They are rows [predictions, vocabulary] that need not sum to one.
 */
public interface PerSampleGradients {
    /**
     * ‖∇_θ L_i‖² of every sample.
     *
     * @param theta flat parameters, float32 or float64
     * @param targets from scores to targets, both [predictions, vocabulary]; called once, unrecorded
     * @return one a sequence, in order
     */
    double[] squaredNorms(NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets);

    /**
     * The same norms tensor by tensor, a table that is used twice as one: over all tensors they add up to those of the whole gradient.
     *
     * @param theta flat parameters, float32 or float64
     * @param targets from scores to targets, both [predictions, vocabulary]; called once, unrecorded
     * @return tensors in the order of {@link Network#parameters()} × sequences
     */
    double[][] squaredNormsOfTensors(NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets);
}
