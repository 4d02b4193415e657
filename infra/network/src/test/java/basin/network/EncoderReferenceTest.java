package basin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.network.engine.Torch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The network's logits equal those of Hugging Face's implementation with the same weights and names
 * (fixture: reference_logits.py).
 */
class EncoderReferenceTest {

    @Test
    void logitsAreThoseOfTheReference() throws IOException {
        JsonNode fixture;
        try (InputStream in = EncoderReferenceTest.class.getResourceAsStream("reference.json")) {
            fixture = new ObjectMapper().readTree(in);
        }
        EncoderShape shape = new EncoderShape(
                fixture.get("vocabularySize").asInt(),
                fixture.get("maxLength").asInt(),
                fixture.get("width").asInt(),
                fixture.get("layers").asInt(),
                fixture.get("heads").asInt(),
                fixture.get("intermediate").asInt());
        double[] theta = theta(shape, fixture.get("weights"));
        TokenBatch batch = TokenBatch.masked(matrix(fixture.get("sentences")), row(fixture.get("positions")));
        double[] logits = Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray parameters = scope.create(theta);
                return shape.network().logits(parameters, batch).toDoubleArray();
            }
        });
        int at = 0;
        for (JsonNode sentence : fixture.get("logits")) {
            for (JsonNode expected : sentence) {
                assertThat(logits[at++]).isCloseTo(expected.asDouble(), within(1e-12));
            }
        }
        assertThat(at).isEqualTo(logits.length);
    }

    private static double[] theta(EncoderShape shape, JsonNode weights) {
        TreeSet<String> names = new TreeSet<>();
        for (Iterator<String> all = weights.fieldNames(); all.hasNext(); ) {
            names.add(all.next());
        }
        assertThat(shape.parameters()).extracting(Parameter::name).containsExactlyInAnyOrderElementsOf(names);
        double[] theta = new double[shape.parameterCount()];
        for (Parameter parameter : shape.parameters()) {
            JsonNode values = weights.get(parameter.name());
            assertThat(values.size()).as(parameter.name()).isEqualTo(parameter.size());
            for (int i = 0; i < parameter.size(); i++) {
                theta[parameter.offset() + i] = values.get(i).asDouble();
            }
        }
        return theta;
    }

    private static int[][] matrix(JsonNode rows) {
        int[][] matrix = new int[rows.size()][];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = row(rows.get(i));
        }
        return matrix;
    }

    private static int[] row(JsonNode values) {
        int[] row = new int[values.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = values.get(i).asInt();
        }
        return row;
    }
}
