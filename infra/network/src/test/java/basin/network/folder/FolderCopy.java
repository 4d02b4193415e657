package basin.network.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A copy of a model's folder whose files are changed. The weights are in one file. */
record FolderCopy(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "__metadata__";

    static FolderCopy of(Path whole, Path into) throws IOException {
        Path own = Files.createTempDirectory(into, "copy");
        try (Stream<Path> files = Files.list(whole)) {
            for (Path file : files.toList()) {
                Files.copy(file, own.resolve(file.getFileName().toString()));
            }
        }
        return new FolderCopy(own);
    }

    /** Changes the configuration. */
    FolderCopy config(Consumer<ObjectNode> change) throws IOException {
        Path file = path.resolve("config.json");
        ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
        change.accept(root);
        Files.writeString(file, root.toString());
        return this;
    }

    @SuppressWarnings("ArrayRecordComponent") // Created for one change.
    private record Tensor(String dtype, long[] shape, byte[] bytes) {}

    private FolderCopy tensors(Consumer<Map<String, Tensor>> change) throws IOException {
        Path file = path.resolve("model.safetensors");
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(all.getLong())];
        all.get(header);
        byte[] data = new byte[all.remaining()];
        all.get(data);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : JSON.readTree(header).properties()) {
            if (!entry.getKey().equals(METADATA)) {
                JsonNode node = entry.getValue();
                tensors.put(
                        entry.getKey(),
                        new Tensor(
                                node.get("dtype").asText(),
                                JSON.convertValue(node.get("shape"), long[].class),
                                Arrays.copyOfRange(
                                        data,
                                        node.get("data_offsets").get(0).asInt(),
                                        node.get("data_offsets").get(1).asInt())));
            }
        }
        change.accept(tensors);
        ObjectNode root = JSON.createObjectNode();
        int end = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey()).put("dtype", tensor.dtype());
            node.set("shape", JSON.valueToTree(tensor.shape()));
            node.putArray("data_offsets").add(end).add(end + tensor.bytes().length);
            end += tensor.bytes().length;
        }
        byte[] written = JSON.writeValueAsBytes(root);
        ByteBuffer out = ByteBuffer.allocate(8 + written.length + end).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(written.length).put(written);
        tensors.values().forEach(tensor -> out.put(tensor.bytes()));
        Files.write(file, out.array());
        return this;
    }

    /** Gives tensors other names. */
    FolderCopy renamed(UnaryOperator<String> name) throws IOException {
        return tensors(all -> {
            Map<String, Tensor> old = new LinkedHashMap<>(all);
            all.clear();
            old.forEach((own, tensor) -> all.put(name.apply(own), tensor));
        });
    }

    /** Leaves out a tensor. */
    FolderCopy without(String name) throws IOException {
        return tensors(all -> all.remove(name));
    }

    /** Adds a copy of a tensor under another name, scaled. */
    FolderCopy added(String name, String like, float factor) throws IOException {
        return tensors(all -> {
            Tensor tensor = Objects.requireNonNull(all.get(like));
            ByteBuffer bytes = ByteBuffer.wrap(tensor.bytes().clone()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < bytes.capacity(); i += Float.BYTES) {
                bytes.putFloat(i, bytes.getFloat(i) * factor);
            }
            all.put(name, new Tensor(tensor.dtype(), tensor.shape(), bytes.array()));
        });
    }

    /** Gives the numbers of all tensors another type of the same size. */
    FolderCopy typed(String dtype) throws IOException {
        return tensors(all -> all.replaceAll((name, tensor) -> new Tensor(dtype, tensor.shape(), tensor.bytes())));
    }

    /**
     * Orders the rows of tensors anew.
     *
     * @param ending ending of the tensors' names
     * @param from maps a row to the row whose numbers it gets
     */
    FolderCopy rows(String ending, IntUnaryOperator from) throws IOException {
        return tensors(all -> all.replaceAll((name, tensor) -> {
            if (!name.endsWith(ending)) {
                return tensor;
            }
            int rows = Math.toIntExact(tensor.shape()[0]);
            int each = tensor.bytes().length / rows;
            ByteBuffer ordered = ByteBuffer.allocate(tensor.bytes().length);
            for (int row = 0; row < rows; row++) {
                ordered.put(tensor.bytes(), from.applyAsInt(row) * each, each);
            }
            return new Tensor(tensor.dtype(), tensor.shape(), ordered.array());
        }));
    }
}
