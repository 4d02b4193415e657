package basin.lm.network;

import ai.djl.ndarray.NDArray;
import basin.lm.engine.Torch;

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
        return Torch.recording(() -> {
            Taps taps = new Taps();
            NDArray logits = encoder.maskedLogits(theta, batch, taps);
            return taps.squaredNorms(logits.logSoftmax(-1).mul(targets).sum().neg());
        });
    }
}
