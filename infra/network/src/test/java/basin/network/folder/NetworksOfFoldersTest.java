package basin.network.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.CrossEntropy;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.Network;
import basin.network.Parameter;
import basin.network.RecurrentShape;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks from folders (fixtures: reference_folders.py) have correct derivatives. */
class NetworksOfFoldersTest {
    private static FolderModel model(String name) {
        return FolderModel.open(folder(name));
    }

    private static Path folder(String name) {
        return Path.of(Reference.FIXTURES, name);
    }

    @Test
    void whatTheFilesHold() {
        assertThat(model("gpt2-f16").storedAs()).isEqualTo("F16");
        assertThat(model("gpt2-f16").unused()).containsExactly("h.0.attn.bias");
        assertThat(model("bert-bf16").storedAs()).isEqualTo("BF16");
        assertThat(model("gpt2").unused()).isEmpty();
        assertThat(model("gpt2").network().causal()).isTrue();
        assertThat(model("bert").network().causal()).isFalse();
        // Tied weights are counted once: 11·8 words, 7·8 places, two layers of 12·8² + 13·8, the
        // last norm.
        assertThat(model("gpt2").network().parameterCount()).isEqualTo(88 + 56 + 2 * (768 + 104) + 16);
    }

    private static NDArray loss(Network network, NDArray theta, TokenBatch batch) {
        NDArray logits = network.logits(theta, batch);
        float[] rows = new float[batch.predictions() * network.vocabulary()];
        for (int place = 0; place < batch.predictions(); place++) {
            rows[place * network.vocabulary() + (place + 2) % network.vocabulary()] = 1;
        }
        NDArray targets = theta.getManager().create(rows, logits.getShape()).toType(theta.getDataType(), false);
        return CrossEntropy.of(logits, targets);
    }

    private static double[] gradient(Network network, double[] weights, TokenBatch batch) {
        return Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray theta = Torch.leaf(scope.create(weights));
                return Torch.gradient(loss(network, theta, batch), theta).toDoubleArray();
            }
        });
    }

    private static double loss(Network network, double[] weights, TokenBatch batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return loss(network, scope.create(weights), batch).getDouble();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("basin.network.folder.Reference#folders")
    void gradientsAndProductsEqualFiniteDifferences(Path folder) {
        FolderModel model = FolderModel.open(folder);
        Network network = model.network();
        TokenBatch batch =
                TokenBatch.at(new int[][] {{0, 5, 3, 9, 7}, {0, 3, 3}}, new int[] {0, 0, 1}, new int[] {1, 4, 2});
        double[] theta = model.theta();
        double[] gradient = gradient(network, theta, batch);
        double step = 1e-6;
        for (Parameter parameter : network.parameters()) {
            // Some numbers of each tensor.
            int stride = parameter.size() / 2 + 1;
            for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i += stride) {
                double kept = theta[i];
                theta[i] = kept + step;
                double up = loss(network, theta, batch);
                theta[i] = kept - step;
                double down = loss(network, theta, batch);
                theta[i] = kept;
                assertThat(gradient[i])
                        .as("%s, number %d", parameter.name(), i - parameter.offset())
                        .isCloseTo((up - down) / (2 * step), within(1e-7));
            }
        }
        double[] v =
                Seeds.generator(9, "direction").doubles(theta.length, -1, 1).toArray();
        double[] product = Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(scope.create(theta));
                NDArray first = Torch.gradientWithGraph(loss(network, leaf, batch), leaf);
                return Torch.products(first, List.of(leaf), scope.create(v))
                        .singletonOrThrow()
                        .toDoubleArray();
            }
        });
        double[] above = gradient(network, displaced(theta, v, step), batch);
        double[] below = gradient(network, displaced(theta, v, -step), batch);
        for (int i = 0; i < v.length; i++) {
            assertThat(product[i])
                    .isCloseTo((above[i] - below[i]) / (2 * step), within(1e-5 + 1e-6 * Math.abs(product[i])));
        }
    }

    private static double[] displaced(double[] theta, double[] v, double step) {
        return IntStream.range(0, v.length)
                .mapToDouble(i -> theta[i] + step * v[i])
                .toArray();
    }

    @Test
    void aNetworkLikeOurOwnIsOneOfOurOwn() {
        FolderModel model = model("roberta");
        LanguageModel own = reading(model.network()).orElseThrow();
        assertThat(own.shape()).isInstanceOf(EncoderShape.class);
        int[][] words = {{1, 0, 5, 3}, {0, 4}};
        TokenBatch batch = TokenBatch.at(new int[][] {{0, 5, 3, 9, 7}, {0, 4, 3}}, new int[] {0, 1}, new int[] {2, 2});
        Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                double[] expected = own.shape()
                        .network()
                        .logits(scope.create(model.theta()), TokenBatch.masked(words, new int[] {1, 1}))
                        .toDoubleArray();
                assertThat(model.network()
                                .logits(scope.create(model.theta()), batch)
                                .toDoubleArray())
                        .containsExactly(expected, within(1e-12));
                return null;
            }
        });
        assertThat(reading(model("roberta-general").network())).isEmpty();
        assertThat(reading(model("bert").network())).isEmpty();
    }

    /** Reads a network as a model of as many words as its vocabulary has besides special tokens. */
    private static Optional<LanguageModel> reading(Network network) {
        return LanguageModel.reading(network, network.vocabulary() - EncoderShape.FIRST_WORD);
    }

    /**
     * Sequences of several lengths, one with a repeated token, and one to three predictions each.
     */
    private static final TokenBatch SEVERAL = TokenBatch.at(
            new int[][] {{0, 5, 3, 9, 5}, {0, 3, 3}, {2, 4, 7, 6}},
            new int[] {0, 0, 1, 2, 2, 2},
            new int[] {1, 4, 2, 0, 1, 3});

    private static final TokenBatch ONE_EACH = TokenBatch.at(
            new int[][] {{0, 5, 3, 9, 5}, {0, 3, 3}, {2, 4, 7, 6}}, new int[] {0, 1, 2}, new int[] {4, 2, 1});

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "opt", "gpt_neox", "llama-biased", "olmo2", "hf_olmo-gains"})
    void aRestrictedModelHasTheSameLogits(String name) {
        FolderModel model = model(name);
        int[] tokens = {7, 0, 5, 3};
        double[] whole = logits(model, new int[] {0, 5, 3, 7});
        double[] restricted = logits(model.restrictedTo(tokens), new int[] {1, 2, 3, 0});
        int vocabulary = model.network().vocabulary();
        for (int i = 0; i < restricted.length; i++) {
            assertThat(restricted[i])
                    .isCloseTo(whole[i / tokens.length * vocabulary + tokens[i % tokens.length]], within(1e-12));
        }
    }

    private static double[] logits(FolderModel model, int[] sequence) {
        TokenBatch batch = TokenBatch.at(new int[][] {sequence}, new int[sequence.length], new int[] {0, 1, 2, 3});
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return Torch.doubles(model.network().logits(scope.create(model.theta()), batch));
            }
        });
    }

    static List<Arguments> networks() throws IOException {
        List<Arguments> networks = new ArrayList<>();
        for (Path folder : Reference.folders()) {
            FolderModel model = FolderModel.open(folder);
            networks.add(Arguments.of(folder.getFileName().toString(), model.network(), model.theta()));
        }
        Network recurrent = new RecurrentShape(7, 5, 3, 2).network();
        double[] weights = new double[recurrent.parameterCount()];
        Seeds.gaussian(Seeds.generator(5, "weights"), weights);
        networks.add(Arguments.of("lstm", recurrent, weights));
        return networks;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void perSampleNormsEqualALoopOfSingleGradients(String name, Network network, double[] weights) {
        for (TokenBatch batch : List.of(ONE_EACH, SEVERAL)) {
            normsEqualALoop(network, weights, batch, DataType.FLOAT64, 1e-10);
            normsEqualALoop(network, weights, batch, DataType.FLOAT32, 1e-5);
        }
    }

    private static void normsEqualALoop(
            Network network, double[] weights, TokenBatch batch, DataType dtype, double allowed) {
        UnaryOperator<NDArray> targets =
                logits -> CrossEntropy.targets(logits.getManager(), batch, network.vocabulary(), logits.getDataType());
        double[] norms;
        double[][] ofTensors;
        try (NDManager scope = Torch.scope()) {
            NDArray theta = Torch.array(scope, weights, dtype, weights.length);
            norms = network.squaredNorms(theta, batch, targets);
            ofTensors = network.squaredNormsOfTensors(theta, batch, targets);
        }
        for (int i = 0; i < batch.size(); i++) {
            TokenBatch one = batch.part(i, i + 1);
            double[] own = Torch.recording(() -> {
                try (NDManager scope = Torch.scope()) {
                    NDArray theta = Torch.leaf(Torch.array(scope, weights, dtype, weights.length));
                    return Torch.doubles(Torch.gradient(CrossEntropy.of(network.logits(theta, one), one), theta));
                }
            });
            double whole = 0;
            for (double number : own) {
                whole += number * number;
            }
            assertThat(norms[i]).isCloseTo(whole, within(allowed * Math.max(1, whole)));
            for (int tensor = 0; tensor < ofTensors.length; tensor++) {
                Parameter parameter = network.parameters().get(tensor);
                double norm = 0;
                for (int k = parameter.offset(); k < parameter.end(); k++) {
                    norm += own[k] * own[k];
                }
                assertThat(ofTensors[tensor][i])
                        .as("%s of %s, sequence %d", parameter.name(), network.type(), i)
                        .isCloseTo(norm, within(allowed * Math.max(1, whole)));
            }
        }
    }
}
