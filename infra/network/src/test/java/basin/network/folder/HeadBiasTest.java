package basin.network.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.network.Network;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.Seeds;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The choice between a head's two biases in the logits. {@code transformers} ties {@code
 * decoder.bias} to the other one if the tables are tied. If they are not, {@code decoder.bias} is
 * added to the logits and the other one has no effect.
 *
 * <p>The head is constructed so that the result can be derived by hand. Its last LayerNorm has gain
 * 0 and bias c, so that its output is c at every place. The decoder's table is 0, so that the
 * logits are the bias b and nothing below has a gradient. The trace of the Fisher information is
 * that of the softmax regression on c: (1 + ‖c‖²)(1 − Σ p²), where p is the softmax of b.
 */
class HeadBiasTest {
    private static final int VOCABULARY = 11;
    private static final double[] BIAS = {.5, -1, 2, 0, 1.5, -.25, 1, .75, -2, .125, 3};
    private static final double[] OTHER_BIAS = {3, 1, -1, 2, .5, .25, -3, 1, 0, -1, .5};
    private static final double[] STATE = {1, -.5, 2, .25, 0, -1, 1.5, .75};

    @TempDir
    private Path folder;

    /** The layouts whose heads have two biases, with the folder that each is made from. */
    enum Head {
        ROBERTA("roberta-general", "lm_head.bias", "lm_head.decoder.", "lm_head.layer_norm."),
        BERT("bert", "cls.predictions.bias", "cls.predictions.decoder.", "cls.predictions.transform.LayerNorm.");

        private final String model;
        private final String bias;
        private final String decoder;
        private final String norm;

        Head(String model, String bias, String decoder, String norm) {
            this.model = model;
            this.bias = bias;
            this.decoder = decoder;
            this.norm = norm;
        }
    }

    /** The tensors of a model, written one after the other. */
    private static final class Tensors {
        private final List<Parameter> parameters = new ArrayList<>();
        private final List<float[]> values = new ArrayList<>();
        private int offset;

        void add(String name, long[] shape, float[] numbers) {
            parameters.add(new Parameter(name, shape, offset, true));
            values.add(numbers);
            offset += numbers.length;
        }

        void write(Path file) throws IOException {
            float[] all = new float[offset];
            for (int i = 0; i < values.size(); i++) {
                System.arraycopy(values.get(i), 0, all, parameters.get(i).offset(), values.get(i).length);
            }
            SafetensorsWriter.write(file, parameters, all);
        }
    }

    private static float[] narrow(double[] numbers) {
        float[] single = new float[numbers.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = (float) numbers[i];
        }
        return single;
    }

    /** Returns everything except the decoder; the bias is {@link #OTHER_BIAS}. */
    private Tensors body(Head head, boolean tied) throws IOException {
        Path from = Path.of("src/test/resources/basin/network/folder", head.model);
        ObjectMapper json = new ObjectMapper();
        JsonNode config = json.readTree(from.resolve("config.json").toFile());
        ((ObjectNode) config).put("tie_word_embeddings", tied);
        Files.writeString(folder.resolve("config.json"), json.writeValueAsString(config));
        RandomGenerator random = Seeds.generator(3, "weights");
        Tensors tensors = new Tensors();
        for (Parameter parameter : FolderModel.open(from).network().parameters()) {
            float[] numbers = new float[parameter.size()];
            if (parameter.name().equals(head.bias)) {
                numbers = narrow(OTHER_BIAS);
            } else if (parameter.name().equals(head.norm + "bias")) {
                numbers = narrow(STATE);
            } else if (!parameter.name().equals(head.norm + "weight")) {
                Seeds.gaussian(random, numbers);
            }
            if (!parameter.name().startsWith(head.decoder)) {
                tensors.add(parameter.name(), parameter.shape(), numbers);
            }
        }
        return tensors;
    }

    private static double[] softmax(double[] scores) {
        double sum = Arrays.stream(scores).map(Math::exp).sum();
        return Arrays.stream(scores).map(score -> Math.exp(score) / sum).toArray();
    }

    /**
     * Returns the logits at one place and the trace of the Fisher information there, exact over
     * labels.
     */
    private static double[][] scoresAndTrace(Network network, double[] weights) {
        TokenBatch batch = TokenBatch.at(new int[][] {{0, 3, 5, 2}}, new int[1], new int[] {2});
        try (NDManager scope = Torch.scope()) {
            NDArray theta = scope.create(weights);
            double[] scores =
                    Torch.unrecorded(() -> network.logits(theta, batch).toDoubleArray());
            double[] p = softmax(scores);
            double trace = 0;
            for (int label = 0; label < p.length; label++) {
                double[] row = new double[p.length];
                row[label] = 1;
                trace += p[label]
                        * network.squaredNorms(
                                        theta,
                                        batch,
                                        logits -> Torch.array(scope, row, logits.getDataType(), 1, row.length))[0];
            }
            return new double[][] {scores, {trace}};
        }
    }

    @ParameterizedTest
    @EnumSource
    void untiedTheDecodersBiasIsAdded(Head head) throws IOException {
        Tensors tensors = body(head, false);
        tensors.add(head.decoder + "weight", new long[] {VOCABULARY, 8}, new float[VOCABULARY * 8]);
        tensors.add(head.decoder + "bias", new long[] {VOCABULARY}, narrow(BIAS));
        tensors.write(folder.resolve("model.safetensors"));
        FolderModel model = FolderModel.open(folder);
        assertThat(model.unused()).isEmpty();
        assertThat(model.network().parameterCount()).isEqualTo(tensors.offset);
        double[][] found = scoresAndTrace(model.network(), model.theta());
        assertThat(found[0]).containsExactly(BIAS, within(1e-12));
        double squares = Arrays.stream(softmax(BIAS)).map(p -> p * p).sum();
        double state = Arrays.stream(STATE).map(x -> x * x).sum();
        assertThat(found[1][0]).isCloseTo((1 + state) * (1 - squares), within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void anUntiedFileWithOneBiasHasItAdded(Head head) throws IOException {
        Tensors tensors = body(head, false);
        tensors.add(head.decoder + "weight", new long[] {VOCABULARY, 8}, new float[VOCABULARY * 8]);
        tensors.write(folder.resolve("model.safetensors"));
        FolderModel model = FolderModel.open(folder);
        assertThat(model.unused()).isEmpty();
        assertThat(scoresAndTrace(model.network(), model.theta())[0]).containsExactly(OTHER_BIAS, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void tiedTheTwoAreOne(Head head) throws IOException {
        Tensors tensors = body(head, true);
        tensors.write(folder.resolve("model.safetensors"));
        double[] theta = FolderModel.open(folder).theta();
        tensors.add(head.decoder + "bias", new long[] {VOCABULARY}, narrow(OTHER_BIAS));
        tensors.write(folder.resolve("model.safetensors"));
        FolderModel model = FolderModel.open(folder);
        assertThat(model.unused()).isEmpty();
        assertThat(model.theta()).isEqualTo(theta);
        assertThat(model.notes()).isEmpty();
        tensors.values.set(tensors.values.size() - 1, narrow(BIAS));
        tensors.write(folder.resolve("model.safetensors"));
        FolderModel other = FolderModel.open(folder);
        assertThat(other.network().parameterCount()).isEqualTo(theta.length + VOCABULARY);
        assertThat(other.notes())
                .singleElement()
                .asString()
                .contains(head.decoder + "bias", head.bias, "tie_word_embeddings is true");
    }
}
