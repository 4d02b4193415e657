package basin.evaluator.protocol;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.LanguageModel;
import basin.network.NetworkShape;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.Ids;
import basin.study.PlatformSpec;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A network as it is to be evaluated; its weights are not to be changed. Thread-safe for reading.
 *
 * @param model its forward pass
 * @param theta flat parameters
 * @param dtype arithmetic of its passes
 * @param digest of shape, parameters and arithmetic: equal for networks that compute the same
 */
@SuppressWarnings("ArrayRecordComponent") // As large as the network; shared and read only.
record EvaluatedNetwork(LanguageModel model, float[] theta, DataType dtype, String digest) implements TokenStates {

    static EvaluatedNetwork of(LanguageModel model, float[] theta, PlatformSpec platform) {
        NetworkShape shape = model.shape();
        if (theta.length != shape.parameterCount()) {
            throw new IllegalArgumentException("the checkpoint has " + theta.length
                    + " parameters: give weights of a network with " + shape.parameterCount() + ".");
        }
        DataType dtype = Torch.dtype(platform.dtype());
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(theta.length, Float.BYTES));
        bytes.asFloatBuffer().put(theta);
        return new EvaluatedNetwork(
                model, theta, dtype, Ids.of(shape.getClass().getSimpleName(), shape, platform, Ids.hex(bytes.array())));
    }

    @Override
    public int width() {
        return model.shape().stateWidth();
    }

    @Override
    public int sequence() {
        return model.shape().longestSequence();
    }

    @Override
    public void read(int[][] sentences, Taker taker) throws InterruptedException {
        try (NDManager home = Torch.scope()) {
            NDArray weights = array(home, theta);
            TokenStates.forEachPart(sentences.length, "reading states", (from, to) -> {
                TokenBatch batch = model.plain(Arrays.copyOfRange(sentences, from, to));
                taker.take(from, to, filled(batch, states(home, weights, batch)));
            });
        }
    }

    /** An array of the network's arithmetic. */
    NDArray array(NDManager manager, float[] values) {
        NDArray array = manager.create(values);
        return dtype == DataType.FLOAT32 ? array : array.toType(dtype, false);
    }

    private float[] states(NDManager home, NDArray weights, TokenBatch batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope(home)) {
                weights.attach(scope);
                try {
                    return model.network()
                            .states(weights, batch)
                            .toType(DataType.FLOAT32, false)
                            .toFloatArray();
                } finally {
                    weights.attach(home);
                }
            }
        });
    }

    /** Rows as long as the longest sequence of all, zeros where a sentence has ended. */
    private float[] filled(TokenBatch batch, float[] states) {
        if (batch.length() == sequence() && !batch.padded()) {
            return states;
        }
        int width = width();
        float[] filled = new float[batch.size() * sequence() * width];
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(
                    states, i * batch.length() * width, filled, i * sequence() * width, batch.lengthOf(i) * width);
        }
        return filled;
    }
}
