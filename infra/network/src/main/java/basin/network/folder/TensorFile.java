package basin.network.folder;

import basin.study.Refusal;
import basin.study.file.ForeignJson;
import basin.study.file.UnfinishedFile;
import basin.study.file.Utf8Files;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The tensors of one safetensors file. The header is checked against the file's size before any
 * tensor is read: every tensor has the number of bytes that its shape and type imply, and together
 * they fill the file without gap or overlap. Immutable; thread-safe.
 *
 * @param dataStart the first byte after the header
 * @param tensors tensors by name
 */
record TensorFile(Path file, long dataStart, Map<String, Tensor> tensors) {
    private static final int LENGTH_BYTES = 8;
    /**
     * The longest accepted header, far above those of real models, which take about a hundred bytes
     * per tensor.
     */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int MAX_DIMENSIONS = 8;
    private static final int BYTES_AT_ONCE = 1 << 20;
    private static final String METADATA = "__metadata__";

    /** The number type of a tensor. */
    enum NumberType {
        /** IEEE double precision. */
        F64(8),
        /** IEEE single precision. */
        F32(4),
        /** IEEE half precision. */
        F16(2),
        /** The upper half of IEEE single precision. */
        BF16(2);

        private final int bytes;

        NumberType(int bytes) {
            this.bytes = bytes;
        }

        private double next(ByteBuffer buffer) {
            return switch (this) {
                case F64 -> buffer.getDouble();
                case F32 -> buffer.getFloat();
                case F16 -> Float.float16ToFloat(buffer.getShort());
                case BF16 -> Float.intBitsToFloat(buffer.getShort() << Short.SIZE);
            };
        }

        private static Optional<NumberType> named(String name) {
            return Arrays.stream(values())
                    .filter(type -> type.name().equals(name))
                    .findFirst();
        }
    }

    /**
     * The type, shape and place of a tensor.
     *
     * @param type empty if it contains no floating-point numbers of a supported type, such as a
     *     mask of bytes
     * @param typeName type name in the file
     * @param shape sizes, row-major
     * @param from its first byte, counted from the end of the header
     * @param to the byte after its last
     */
    record Tensor(Optional<NumberType> type, String typeName, List<Long> shape, long from, long to) {
        long numbers() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    /**
     * Reads a file's header.
     *
     * @throws UnfinishedFile if the file is shorter than its header says
     * @throws Refusal if the file is no valid safetensors file
     */
    static TensorFile open(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < LENGTH_BYTES) {
                throw new UnfinishedFile(
                        file + " has " + size + " bytes, too few for a safetensors file: fetch or save it again.");
            }
            long length = buffer(read(channel, 0, LENGTH_BYTES)).getLong();
            String announced = file + " announces a header of " + Long.toUnsignedString(length) + " bytes in a file of "
                    + size + ": it is ";
            if (length < 2 || length > MAX_HEADER_BYTES) {
                throw new Refusal(announced + "no safetensors file; fetch or save it again.");
            }
            if (length > size - LENGTH_BYTES) {
                throw new UnfinishedFile(announced + "cut off; fetch or save it again.");
            }
            byte[] header = read(channel, LENGTH_BYTES, Math.toIntExact(length));
            return new TensorFile(file, LENGTH_BYTES + length, tensors(file, header, size - LENGTH_BYTES - length));
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    private static Map<String, Tensor> tensors(Path file, byte[] header, long dataBytes) {
        JsonNode root;
        try {
            root = ForeignJson.parse(
                    Utf8Files.decode(header, "The header of " + file),
                    "The header of " + file,
                    "the file is damaged; fetch or save it again");
        } catch (UnfinishedFile damaged) {
            // The header has the announced length, so more writing cannot mend it.
            throw new Refusal(String.valueOf(damaged.getMessage()), damaged);
        }
        if (!root.isObject()) {
            throw wrong(file, "is no JSON object");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), dataBytes));
            }
        }
        long end = 0;
        for (Map.Entry<String, Tensor> next : tensors.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Tensor> one) ->
                                one.getValue().from())
                        .thenComparingLong(one -> one.getValue().to()))
                .toList()) {
            if (next.getValue().from() != end) {
                throw wrong(
                        file,
                        "begins '" + next.getKey() + "' at byte "
                                + next.getValue().from() + ", "
                                + (next.getValue().from() > end ? "after a gap" : "within another tensor")
                                + " that ends at byte " + end);
            }
            end = next.getValue().to();
        }
        if (end != dataBytes) {
            throw wrong(file, "describes " + end + " bytes of numbers, and the file holds " + dataBytes);
        }
        return tensors;
    }

    private static Tensor tensor(Path file, String name, JsonNode node, long dataBytes) {
        JsonNode shape = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!node.path("dtype").isTextual()
                || !shape.isArray()
                || shape.size() > MAX_DIMENSIONS
                || !natural(shape)
                || offsets.size() != 2
                || !natural(offsets)) {
            throw wrong(file, "gives '" + name + "' no dtype, shape and pair of data_offsets in whole numbers");
        }
        String typeName = node.path("dtype").asText();
        long from = offsets.get(0).asLong();
        long to = offsets.get(1).asLong();
        if (from > to) {
            throw wrong(file, "puts '" + name + "' at bytes " + from + " to " + to);
        }
        List<Long> sizes = new ArrayList<>();
        shape.forEach(one -> sizes.add(one.asLong()));
        Tensor tensor = new Tensor(NumberType.named(typeName), typeName, List.copyOf(sizes), from, to);
        long bytes;
        try {
            long numbers = tensor.numbers();
            bytes = tensor.type().isEmpty()
                    ? to - from
                    : Math.multiplyExact(numbers, tensor.type().get().bytes);
        } catch (ArithmeticException tooLarge) {
            bytes = -1;
        }
        if (bytes != to - from) {
            throw wrong(
                    file,
                    "gives '" + name + "', " + typeName + " of shape " + sizes + ", " + (to - from)
                            + " bytes instead of " + (bytes < 0 ? "more than there are" : bytes));
        }
        if (to > dataBytes) {
            throw new UnfinishedFile("The header of " + file + " puts '" + name + "' at bytes " + from + " to " + to
                    + " of " + dataBytes + " that the file holds behind it: it is cut off; fetch or save it again.");
        }
        return tensor;
    }

    private static boolean natural(JsonNode list) {
        for (JsonNode one : list) {
            if (!one.isIntegralNumber() || !one.canConvertToLong() || one.asLong() < 0) {
                return false;
            }
        }
        return true;
    }

    private static Refusal wrong(Path file, String what) {
        return new Refusal("The header of " + file + " " + what + ": the file is damaged; fetch or save it again.");
    }

    static Refusal unreadable(Path file, IOException why) {
        String sentence = file + " cannot be read: check that it is there, whole, and that you may read it.";
        return why instanceof NoSuchFileException ? new UnfinishedFile(sentence) : new Refusal(sentence, why);
    }

    /**
     * Reads some of a tensor's numbers exactly into a part of a vector.
     *
     * @param first number, row-major, that is read first
     * @throws Refusal if a number is not finite or the file cannot be read
     */
    void read(String name, long first, long count, double[] into, int offset) {
        Tensor tensor = Objects.requireNonNull(tensors.get(name));
        NumberType type = tensor.type()
                .orElseThrow(() -> new Refusal("The weights of '" + name + "' in " + file + " are " + tensor.typeName()
                        + ": give F64, F32, F16 or BF16."));
        int at = offset;
        long begin = tensor.from() + first * type.bytes;
        long end = begin + count * type.bytes;
        try (FileChannel channel = FileChannel.open(file)) {
            for (long from = begin; from < end; from += BYTES_AT_ONCE) {
                int bytes = (int) Math.min(BYTES_AT_ONCE, end - from);
                ByteBuffer buffer = buffer(read(channel, dataStart + from, bytes));
                while (buffer.hasRemaining()) {
                    double value = type.next(buffer);
                    if (!Double.isFinite(value)) {
                        throw new Refusal("The weights of '" + name + "' in " + file + " hold " + value + " at place "
                                + (first + at - offset) + ": give finite numbers.");
                    }
                    into[at++] = value;
                }
            }
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    private static byte[] read(FileChannel channel, long from, int count) throws IOException {
        byte[] bytes = new byte[count];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes;
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
