package basin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import basin.network.engine.Torch;
import basin.study.Json;
import basin.study.Refusal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A bit-exact conversion of weights to and from safetensors with Hugging Face's names. Thread-safe.
 */
public final class Weights {
    /** The longest header, some hundred bytes for each tensor. */
    private static final int MAX_HEADER_BYTES = 10_000_000;

    private static final JsonMapper JSON = JsonMapper.builder(Json.ofOthers()).build();

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
        if (header < 2
                || header > MAX_HEADER_BYTES
                || header > bytes.length - 8L
                || bytes.length - 8L - header != numbers) {
            throw new Refusal("these weights have " + bytes.length + " bytes with a header of " + header
                    + ": a network of this shape has " + numbers + " bytes of numbers behind the header.");
        }
        JsonNode tensors = header(bytes, (int) header);
        FloatBuffer all = ByteBuffer.wrap(bytes, 8 + (int) header, (int) numbers)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] theta = new float[shape.parameterCount()];
        for (Parameter parameter : shape.parameters()) {
            JsonNode tensor = tensors.path(parameter.name());
            long from = tensor.at("/data_offsets/0").asLong(-1);
            if (!tensor.path("dtype").asText().equals("F32")
                    || !hasShape(tensor.path("shape"), parameter.shape())
                    || from < 0
                    || from % Float.BYTES != 0
                    || from + (long) Float.BYTES * parameter.size()
                            != tensor.at("/data_offsets/1").asLong(-1)
                    || from + (long) Float.BYTES * parameter.size() > numbers) {
                throw new Refusal("the weights of '" + parameter.name() + "' are "
                        + (tensor.isObject() ? tensor : "missing") + ": give F32 of shape "
                        + Arrays.toString(parameter.shape()) + ".");
            }
            all.get((int) (from / Float.BYTES), theta, parameter.offset(), parameter.size());
            for (int i = parameter.offset(); i < parameter.end(); i++) {
                if (!Float.isFinite(theta[i])) {
                    throw new Refusal(
                            "the weights of '" + parameter.name() + "' hold " + theta[i] + ": give finite numbers.");
                }
            }
        }
        return theta;
    }

    private static JsonNode header(byte[] bytes, int length) {
        try {
            return JSON.readTree(bytes, 8, length);
        } catch (JsonProcessingException e) {
            throw new Refusal("these weights have a header that is no JSON (" + Json.reason(e) + ").", e);
        } catch (IOException e) {
            throw new Refusal("these weights have a header that is no text.", e);
        }
    }

    private static boolean hasShape(JsonNode given, long[] wanted) {
        boolean same = given.size() == wanted.length;
        for (int i = 0; same && i < wanted.length; i++) {
            same = given.get(i).isIntegralNumber() && given.get(i).asLong() == wanted[i];
        }
        return same;
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
