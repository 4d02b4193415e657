package basin.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.lm.engine.Torch;
import basin.lm.network.AdamW;
import basin.lm.network.Encoder;
import basin.lm.network.TokenBatch;
import java.nio.FloatBuffer;

/** Takes optimiser steps: gradients from the engine, the update in Java on flat arrays. One thread. */
final class Stepper implements AutoCloseable {
    private final NDManager home = Torch.scope();
    private final Encoder encoder;
    private final AdamW optimiser;
    private final float[] decays;
    private final float[] theta;
    private final float[] first;
    private final float[] second;
    private final boolean shortcut;
    private final NDArray leaf;

    Stepper(Encoder encoder, AdamW optimiser, TrainingState state) {
        this(encoder, optimiser, state, true);
    }

    /** Without the shortcut every place is computed, which changes the speed alone. */
    Stepper(Encoder encoder, AdamW optimiser, TrainingState state, boolean shortcut) {
        this.shortcut = shortcut;
        this.encoder = encoder;
        this.optimiser = optimiser;
        this.decays = AdamW.decays(encoder.shape());
        this.theta = state.theta().clone();
        this.first = state.firstMoment().clone();
        this.second = state.secondMoment().clone();
        this.leaf = Torch.leaf(home.create(theta));
    }

    /** One step; the loss before it, in nats a masked word. Nothing is changed where that is no number. */
    double step(int step, double rate, TokenBatch batch) {
        double loss;
        float[] gradient;
        try (NDManager scope = Torch.scope(home)) {
            leaf.attach(scope);
            try {
                NDArray value = Torch.recording(() -> Encoder.crossEntropy(
                        shortcut ? encoder.maskedLogits(leaf, batch) : encoder.maskedLogitsInFull(leaf, batch),
                        encoder.labels(scope, batch, leaf.getDataType())));
                loss = value.getFloat();
                gradient = Torch.gradient(value, leaf).toFloatArray();
            } finally {
                leaf.attach(home);
            }
        }
        if (Double.isFinite(loss)) {
            optimiser.step(step, rate, theta, gradient, first, second, decays);
            Torch.unrecorded(() -> {
                leaf.set(FloatBuffer.wrap(theta));
                return loss;
            });
        }
        return loss;
    }

    float[] theta() {
        return theta.clone();
    }

    float[] firstMoment() {
        return first.clone();
    }

    float[] secondMoment() {
        return second.clone();
    }

    @Override
    public void close() {
        home.close();
    }
}
