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
import basin.study.Sha256;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A network prepared for evaluation; its weights are not to be modified. Thread-safe for reading.
 *
 * @param model the model with its forward pass
 * @param theta flat parameters
 * @param dtype dtype of its forward and backward passes
 * @param digest digest of shape, parameters and platform; equal for networks that compute the same
 */
@SuppressWarnings("ArrayRecordComponent") // As large as the network; shared and read only.
record EvaluatedNetwork(LanguageModel model, float[] theta, DataType dtype, String digest) implements TokenStates {

    /**
     * Returns a network with the given parameters on a platform.
     *
     * @throws IllegalArgumentException if {@code theta} does not have the shape's number of
     *     parameters
     */
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
                model,
                theta,
                dtype,
                Ids.of(shape.getClass().getSimpleName(), shape, platform, Sha256.hex(bytes.array())));
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
                taker.take(from, to, zeroPadded(batch, states(home, weights, batch)));
            });
        }
    }

    /** Returns an array in the network's dtype. */
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

    /** Returns states padded with zeros to the longest possible sequence. */
    private float[] zeroPadded(TokenBatch batch, float[] states) {
        if (batch.length() == sequence() && !batch.padded()) {
            return states;
        }
        int width = width();
        float[] zeroPadded = new float[batch.size() * sequence() * width];
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(
                    states, i * batch.length() * width, zeroPadded, i * sequence() * width, batch.lengthOf(i) * width);
        }
        return zeroPadded;
    }
}
