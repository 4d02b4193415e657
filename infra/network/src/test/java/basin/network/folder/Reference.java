package basin.network.folder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The logits that {@code transformers} gives for a folder, in float32 and in float64; written by
 * reference_folders.py.
 */
record Reference(JsonNode expected) {
    /** The folders that are kept. */
    static final String FIXTURES = "src/test/resources/basin/network/folder";

    /** Returns the folders that are kept, or those in another folder that a property names. */
    static List<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(System.getProperty("basin.references", FIXTURES)))) {
            return folders.sorted().toList();
        }
    }

    static Reference of(Path folder) throws IOException {
        return new Reference(
                new ObjectMapper().readTree(folder.resolve("expected.json").toFile()));
    }

    /** Returns a batch with every token of every sequence as a prediction place. */
    TokenBatch batch() {
        int[][] rows = StreamSupport.stream(expected.get("sequences").spliterator(), false)
                .map(row -> StreamSupport.stream(row.spliterator(), false)
                        .mapToInt(JsonNode::asInt)
                        .toArray())
                .toArray(int[][]::new);
        return TokenBatch.at(
                rows,
                IntStream.range(0, rows.length)
                        .flatMap(row -> Arrays.stream(rows[row]).map(token -> row))
                        .toArray(),
                Arrays.stream(rows)
                        .flatMapToInt(row -> IntStream.range(0, row.length))
                        .toArray());
    }

    /** Returns the logits of all places, one after the other. */
    double[] logits(DataType dtype) {
        return StreamSupport.stream(
                        expected.get(dtype == DataType.FLOAT64 ? "float64" : "float32")
                                .spliterator(),
                        false)
                .flatMap(sequence -> StreamSupport.stream(sequence.spliterator(), false))
                .flatMapToDouble(place ->
                        StreamSupport.stream(place.spliterator(), false).mapToDouble(JsonNode::asDouble))
                .toArray();
    }

    /** Returns the largest difference of the reference's float32 from its float64. */
    double rounding() {
        double[] exact = logits(DataType.FLOAT64);
        double[] single = logits(DataType.FLOAT32);
        return IntStream.range(0, exact.length)
                .mapToDouble(i -> Math.abs(exact[i] - single[i]))
                .max()
                .orElseThrow();
    }

    /** Returns the largest difference of a folder's logits, as they are read, from these. */
    double difference(Path folder, DataType dtype) {
        FolderModel model = FolderModel.open(folder);
        double[] reference = logits(dtype);
        double[] own = Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray theta = scope.create(model.theta()).toType(dtype, false);
                return Torch.doubles(model.network().logits(theta, batch()));
            }
        });
        if (own.length != reference.length) {
            return Double.POSITIVE_INFINITY;
        }
        return IntStream.range(0, own.length)
                .mapToDouble(i -> Math.abs(own[i] - reference[i]))
                .max()
                .orElseThrow();
    }
}
