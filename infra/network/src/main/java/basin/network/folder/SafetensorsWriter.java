package basin.network.folder;

import basin.network.Parameter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A writer of named float32 tensors to safetensors files. Thread-safe. */
public final class SafetensorsWriter {
    /**
     * The multiple to which the header's length is rounded up, so that the numbers after it are
     * aligned.
     */
    private static final int ALIGNMENT = 8;

    private static final int NUMBERS_AT_ONCE = 16_384;
    private static final ObjectMapper JSON = new ObjectMapper();

    private SafetensorsWriter() {}

    /**
     * Writes the flat vector's tensors in the order of their offsets.
     *
     * @param theta the flat vector, float32
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, List<Parameter> parameters, float[] theta) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        // Older loaders check whose layout the tensors have, and refuse a file without this field.
        header.putObject("__metadata__").put("format", "pt");
        for (Parameter parameter : parameters) {
            ObjectNode tensor = header.putObject(parameter.name());
            tensor.put("dtype", "F32");
            ArrayNode shape = tensor.putArray("shape");
            Arrays.stream(parameter.shape()).forEach(shape::add);
            long from = (long) Float.BYTES * parameter.offset();
            tensor.putArray("data_offsets").add(from).add(from + (long) Float.BYTES * parameter.size());
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong(padded.length).array());
            out.write(padded);
            ByteBuffer numbers =
                    ByteBuffer.allocate(Float.BYTES * NUMBERS_AT_ONCE).order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < theta.length; from += NUMBERS_AT_ONCE) {
                int count = Math.min(NUMBERS_AT_ONCE, theta.length - from);
                numbers.clear();
                numbers.asFloatBuffer().put(theta, from, count);
                out.write(numbers.array(), 0, Float.BYTES * count);
            }
        }
    }
}
