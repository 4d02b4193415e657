package basin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.engine.Torch;
import basin.study.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The network's derivatives compared with finite differences, and its optimised paths with direct
 * computation, in float64.
 */
class EncoderTest {
    private static final EncoderShape SHAPE = new EncoderShape(5, 4, 4, 2, 2, 6);
    private static final RobertaPreNormNetwork ENCODER = new RobertaPreNormNetwork(SHAPE.transformer());
    /**
     * Different lengths exercise padding, and repeated words exercise the addition of embedding
     * gradients.
     */
    private static final int[][] SENTENCES = {{0, 1, 2, 0}, {3, 3}, {4, 1, 4}, {2, 2, 2, 2}, {0}};

    private static final TokenBatch BATCH = TokenBatch.masked(SENTENCES, new int[] {1, 0, 2, 3, 0});

    private static double[] theta() {
        float[] initial = Initialisation.of(SHAPE, 0.4, 7);
        RandomGenerator random = Seeds.generator(8, "jitter");
        double[] theta = new double[initial.length];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = initial[i] + 0.2 * (random.nextDouble() - 0.5);
        }
        return theta;
    }

    private static double loss(double[] theta) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray t = scope.create(theta);
                return CrossEntropy.of(ENCODER.logits(t, BATCH), BATCH).getDouble();
            }
        });
    }

    private static double[] gradient(double[] theta, TokenBatch batch) {
        return Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray t = Torch.leaf(scope.create(theta));
                NDArray loss = CrossEntropy.of(ENCODER.logits(t, batch), batch);
                return Torch.gradient(loss, t).toDoubleArray();
            }
        });
    }

    @Test
    void theGradientOfEveryParameterEqualsFiniteDifferences() {
        double[] theta = theta();
        double[] gradient = gradient(theta, BATCH);
        double step = 1e-5;
        for (Parameter parameter : SHAPE.parameters()) {
            for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
                double kept = theta[i];
                theta[i] = kept + step;
                double up = loss(theta);
                theta[i] = kept - step;
                double down = loss(theta);
                theta[i] = kept;
                assertThat(gradient[i])
                        .as("%s, number %d", parameter.name(), i - parameter.offset())
                        .isCloseTo((up - down) / (2 * step), within(1e-8));
            }
        }
    }

    @Test
    void theHessianVectorProductEqualsFiniteDifferencesOfTheGradient() {
        double[] theta = theta();
        RandomGenerator random = Seeds.generator(9, "direction");
        double[] v = random.doubles(theta.length, -1, 1).toArray();
        double[] product = Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray t = Torch.leaf(scope.create(theta));
                NDArray loss = CrossEntropy.of(ENCODER.logits(t, BATCH), BATCH);
                NDArray g = Torch.gradientWithGraph(loss, t);
                NDArray first = Torch.products(g, List.of(t), scope.create(v)).singletonOrThrow();
                // A second product from the same graph must not depend on the first.
                assertThat(Torch.products(g, List.of(t), scope.create(v)).singletonOrThrow())
                        .isEqualTo(first);
                return first.toDoubleArray();
            }
        });
        double step = 1e-5;
        double[] up = theta.clone();
        double[] down = theta.clone();
        for (int i = 0; i < v.length; i++) {
            up[i] += step * v[i];
            down[i] -= step * v[i];
        }
        double[] above = gradient(up, BATCH);
        double[] below = gradient(down, BATCH);
        for (int i = 0; i < v.length; i++) {
            assertThat(product[i]).isCloseTo((above[i] - below[i]) / (2 * step), within(1e-6));
        }
    }

    @Test
    void perExampleNormsEqualALoopOfSingleGradients() {
        double[] theta = theta();
        double[] norms = Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray t = scope.create(theta);
                return ENCODER.squaredNorms(t, BATCH, EncoderTest::labels);
            }
        });
        for (int i = 0; i < SENTENCES.length; i++) {
            double[] own = gradient(theta, BATCH.part(i, i + 1));
            double norm = 0;
            for (double g : own) {
                norm += g * g;
            }
            assertThat(norms[i]).isCloseTo(norm, within(1e-10 * Math.max(1, norm)));
        }
    }

    @Test
    void normsOfTensorsAreThoseOfTheirPartsOfTheGradient() {
        double[] theta = theta();
        double[][] norms = Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray t = scope.create(theta);
                return ENCODER.squaredNormsOfTensors(t, BATCH, EncoderTest::labels);
            }
        });
        List<Parameter> tensors = ENCODER.parameters();
        assertThat(norms).hasNumberOfRows(tensors.size());
        for (int i = 0; i < SENTENCES.length; i++) {
            double[] own = gradient(theta, BATCH.part(i, i + 1));
            for (int tensor = 0; tensor < tensors.size(); tensor++) {
                Parameter parameter = tensors.get(tensor);
                double norm = 0;
                for (int k = parameter.offset(); k < parameter.offset() + parameter.size(); k++) {
                    norm += own[k] * own[k];
                }
                assertThat(norms[tensor][i])
                        .as("%s, sentence %d", parameter.name(), i)
                        .isCloseTo(norm, within(1e-10 * Math.max(1, norm)));
            }
        }
    }

    @Test
    void theShortcutAboveTheLastLayerChangesNothing() {
        Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray t = scope.create(theta());
                double[] quick = ENCODER.logits(t, BATCH).toDoubleArray();
                double[] all = ENCODER.logits(t, everywhere(BATCH)).toDoubleArray();
                int vocabulary = SHAPE.vocabulary();
                int before = 0;
                for (int i = 0; i < BATCH.size(); i++) {
                    int from = (before + BATCH.placeOf(i)) * vocabulary;
                    assertThat(Arrays.copyOfRange(all, from, from + vocabulary))
                            .containsExactly(
                                    Arrays.copyOfRange(quick, i * vocabulary, (i + 1) * vocabulary), within(1e-12));
                    before += BATCH.lengthOf(i);
                }
                return quick;
            }
        });
    }

    @Test
    void paddingChangesNothing() {
        Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray t = scope.create(theta());
                double[] together = ENCODER.logits(t, BATCH).toDoubleArray();
                for (int i = 0; i < SENTENCES.length; i++) {
                    TokenBatch alone = TokenBatch.masked(new int[][] {SENTENCES[i]}, new int[] {BATCH.placeOf(i) - 1});
                    double[] own = ENCODER.logits(t, alone).toDoubleArray();
                    for (int w = 0; w < own.length; w++) {
                        assertThat(together[i * own.length + w]).isCloseTo(own[w], within(1e-12));
                    }
                }
                return 0;
            }
        });
    }

    /** Returns the batch with every token of every sequence as a prediction place. */
    private static TokenBatch everywhere(TokenBatch batch) {
        int[] sequences = IntStream.range(0, batch.size())
                .flatMap(i -> IntStream.generate(() -> i).limit(batch.lengthOf(i)))
                .toArray();
        int[] places = IntStream.range(0, batch.size())
                .flatMap(i -> IntStream.range(0, batch.lengthOf(i)))
                .toArray();
        return batch.predictingAt(sequences, places);
    }

    private static NDArray labels(NDArray logits) {
        return CrossEntropy.targets(logits.getManager(), BATCH, SHAPE.vocabulary(), DataType.FLOAT64);
    }

    @Test
    void theStartTokensStateStandsForTheSentence() {
        TokenBatch batch = TokenBatch.plain(SENTENCES, length -> EncoderShape.START);
        Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray theta = scope.create(theta());
                double[] some = ENCODER.sentenceStates(theta, batch).toDoubleArray();
                double[] all = ENCODER.states(theta, batch).toDoubleArray();
                int width = SHAPE.width();
                assertThat(some).hasSize(SENTENCES.length * width);
                for (int i = 0; i < some.length; i++) {
                    int place = i / width * batch.length();
                    assertThat(some[i]).isCloseTo(all[place * width + i % width], within(1e-12));
                }
                return null;
            }
        });
    }

    @Test
    void theBackwardPassReadsNoMemoryThatJavaHasFreed() {
        double[] theta = theta();
        double[] expected = gradient(theta, BATCH);
        for (int round = 0; round < 5; round++) {
            double[] gradient = Torch.recording(() -> {
                try (NDManager scope = Torch.scope()) {
                    NDArray t = Torch.leaf(scope.create(theta));
                    NDArray loss = CrossEntropy.of(ENCODER.logits(t, BATCH), BATCH);
                    // Unreferenced buffers are freed, and the next allocation reuses their memory.
                    System.gc();
                    for (int i = 0; i < 200; i++) {
                        java.nio.ByteBuffer.allocateDirect(8).putDouble(0, Double.NaN);
                    }
                    return Torch.gradient(loss, t).toDoubleArray();
                }
            });
            assertThat(gradient).isEqualTo(expected);
        }
    }
}
