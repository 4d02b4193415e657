package basin.lm.network;

import ai.djl.ndarray.NDArray;
import basin.lm.engine.Torch;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Squared norms of per-example gradients, for a whole batch from one backward pass. Thread-safe. */
public final class PerExampleGradients {
    private PerExampleGradients() {}

    /**
     * ‖∇_θ L_i‖² of every example, L_i = −Σ_y targets[i][y]·log p_i(y) in nats.
     *
     * @param targets [size, vocabulary]; rows need not sum to one
     * @return one a sentence, in order
     */
    public static double[] squaredNorms(Encoder encoder, NDArray theta, TokenBatch batch, NDArray targets) {
        return squaredNorms(encoder, theta, batch, logits -> targets);
    }

    /**
     * As {@link #squaredNorms(Encoder, NDArray, TokenBatch, NDArray)}, the targets chosen in the light of the scores: labels drawn
     * from the model's own prediction, say.
     *
     * @param targets from scores to targets, both [size, vocabulary]; called once, unrecorded
     */
    public static double[] squaredNorms(
            Encoder encoder, NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets) {
        return tapped(encoder, theta, batch, targets, Taps::squaredNorms);
    }

    /**
     * The same norms tensor by tensor, a table that is used twice as one: they add up to those of the whole gradient.
     *
     * @param targets from scores to targets, both [size, vocabulary]; called once, unrecorded
     * @return tensors in the order of {@link EncoderShape#parameters()} × sentences
     */
    public static double[][] squaredNormsOfTensors(
            Encoder encoder, NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets) {
        return tapped(encoder, theta, batch, targets, Taps::squaredNormsOfTensors);
    }

    private static <T> T tapped(
            Encoder encoder,
            NDArray theta,
            TokenBatch batch,
            UnaryOperator<NDArray> targets,
            BiFunction<Taps, NDArray, T> read) {
        return Torch.recording(() -> {
            Taps taps = new Taps();
            NDArray logits = encoder.maskedLogits(theta, batch, taps);
            NDArray chosen = Torch.unrecorded(() -> targets.apply(logits));
            return read.apply(taps, logits.logSoftmax(-1).mul(chosen).sum().neg());
        });
    }
}
