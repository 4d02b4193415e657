package basin.evaluator.protocol;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.NetworkShape;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import java.util.Arrays;

/** The final states of all tokens of sentences, first token included, from a frozen network. */
final class TokenStates {
    /** Sentences a forward pass: fixed, so that the numbers do not depend on who asks. */
    static final int PART = 250;

    private TokenStates() {}

    /** Takes the states of sentences {@code from} to {@code to}: [to − from, longest sequence, width], zero at padding. */
    @FunctionalInterface
    interface Taker {
        void take(int from, int to, float[] states);
    }

    /** Reads all sentences, part by part, in order. */
    static void read(EvaluatedNetwork network, int[][] sentences, Taker taker) throws InterruptedException {
        try (NDManager home = Torch.scope()) {
            NDArray theta = parameters(home, network);
            for (int from = 0; from < sentences.length; from += PART) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("Interrupted while reading states.");
                }
                int to = Math.min(sentences.length, from + PART);
                TokenBatch batch = network.model().plain(Arrays.copyOfRange(sentences, from, to));
                taker.take(from, to, filled(network.model().shape(), batch, states(home, network, theta, batch)));
            }
        }
    }

    /** The parameters as an array of the network's arithmetic. */
    static NDArray parameters(NDManager manager, EvaluatedNetwork network) {
        NDArray theta = manager.create(network.theta());
        return network.dtype() == DataType.FLOAT32 ? theta : theta.toType(network.dtype(), false);
    }

    private static float[] states(NDManager home, EvaluatedNetwork network, NDArray theta, TokenBatch batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope(home)) {
                theta.attach(scope);
                try {
                    return network.model()
                            .network()
                            .states(theta, batch)
                            .toType(DataType.FLOAT32, false)
                            .toFloatArray();
                } finally {
                    theta.attach(home);
                }
            }
        });
    }

    /** Rows as long as the longest sequence of all, zeros where a sentence has ended. */
    private static float[] filled(NetworkShape shape, TokenBatch batch, float[] states) {
        if (batch.length() == shape.longestSequence() && !batch.padded()) {
            return states;
        }
        int width = shape.stateWidth();
        float[] filled = new float[batch.size() * shape.longestSequence() * width];
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(
                    states,
                    i * batch.length() * width,
                    filled,
                    i * shape.longestSequence() * width,
                    batch.lengthOf(i) * width);
        }
        return filled;
    }
}
