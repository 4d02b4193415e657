package basin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.network.engine.Torch;
import basin.study.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A bit-exact conversion of weights to and from safetensors with Hugging Face's names. Thread-safe.
 */
public final class Weights {
    private Weights() {}

    /** Returns the flat parameters as safetensors. */
    public static byte[] encode(NetworkShape shape, float[] theta) {
        try (NDManager scope = Torch.scope()) {
            NDList tensors = new NDList();
            for (Parameter parameter : shape.parameters()) {
                NDArray tensor = scope.create(
                        Arrays.copyOfRange(theta, parameter.offset(), parameter.end()), new Shape(parameter.shape()));
                tensor.setName(parameter.name());
                tensors.add(tensor);
            }
            return tensors.encode(NDList.Encoding.SAFETENSORS);
        }
    }

    /** Returns safetensors without any tensor, for a run without weights. */
    public static byte[] none() {
        // Eight bytes with the header's length, little-endian, and a header that is an empty
        // object.
        return new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    }

    /**
     * Returns the flat parameters of a network of that shape.
     *
     * @throws Refusal if the bytes are not finite float32 weights of such a network
     */
    public static float[] decode(NetworkShape shape, byte[] bytes) {
        long numbers = 4L * shape.parameterCount();
        long header = bytes.length < 8
                ? -1
                : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (header < 2 || header > bytes.length - 8L || bytes.length - 8L - header != numbers) {
            throw new Refusal("these weights have " + bytes.length + " bytes with a header of " + header
                    + ": a network of this shape has " + numbers + " bytes of numbers behind the header.");
        }
        try (NDManager scope = Torch.scope()) {
            Map<String, NDArray> named = new HashMap<>();
            for (NDArray tensor : NDList.decode(scope, bytes)) {
                named.put(tensor.getName(), tensor);
            }
            float[] theta = new float[shape.parameterCount()];
            for (Parameter parameter : shape.parameters()) {
                NDArray tensor = named.get(parameter.name());
                if (tensor == null
                        || tensor.getDataType() != DataType.FLOAT32
                        || !tensor.getShape().equals(new Shape(parameter.shape()))) {
                    throw new Refusal("the weights of '" + parameter.name() + "' are "
                            + (tensor == null ? "missing" : tensor.getDataType() + " of shape " + tensor.getShape())
                            + ": give FLOAT32 of shape " + new Shape(parameter.shape()) + ".");
                }
                float[] values = tensor.toFloatArray();
                for (float value : values) {
                    if (!Float.isFinite(value)) {
                        throw new Refusal(
                                "the weights of '" + parameter.name() + "' hold " + value + ": give finite numbers.");
                    }
                }
                System.arraycopy(values, 0, theta, parameter.offset(), values.length);
            }
            return theta;
        }
    }

    /** Returns the same numbers in float64. */
    public static double[] widened(float[] theta) {
        double[] wide = new double[theta.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = theta[i];
        }
        return wide;
    }
}
