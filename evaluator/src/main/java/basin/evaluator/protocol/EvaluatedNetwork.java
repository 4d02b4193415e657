package basin.evaluator.protocol;

import ai.djl.ndarray.types.DataType;
import basin.network.LanguageModel;
import basin.network.NetworkShape;
import basin.study.Ids;
import basin.study.PlatformSpec;
import basin.study.Refusal;
import java.nio.ByteBuffer;

/**
 * A network as it is to be evaluated; its weights are not to be changed. Thread-safe for reading.
 *
 * @param model its forward pass
 * @param theta flat parameters
 * @param dtype arithmetic of its passes
 * @param digest of shape, parameters and arithmetic: equal for networks that compute the same
 */
@SuppressWarnings("ArrayRecordComponent") // As large as the network; shared and read only.
record EvaluatedNetwork(LanguageModel model, float[] theta, DataType dtype, String digest) {

    static EvaluatedNetwork of(LanguageModel model, float[] theta, PlatformSpec platform) {
        NetworkShape shape = model.shape();
        if (theta.length != shape.parameterCount()) {
            throw new IllegalArgumentException("the checkpoint has " + theta.length
                    + " parameters: give weights of a network with " + shape.parameterCount() + ".");
        }
        DataType dtype = switch (platform.dtype()) {
            case "float32" -> DataType.FLOAT32;
            case "float64" -> DataType.FLOAT64;
            default -> throw new Refusal("platform.dtype is '" + platform.dtype() + "': give float32 or float64.");
        };
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(theta.length, Float.BYTES));
        bytes.asFloatBuffer().put(theta);
        return new EvaluatedNetwork(
                model, theta, dtype, Ids.of(shape.getClass().getSimpleName(), shape, platform, Ids.hex(bytes.array())));
    }
}
