package basin.network.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.network.LanguageModel;
import basin.network.Parameter;
import basin.network.RecurrentShape;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.Refusal;
import basin.study.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * A bidirectional LSTM compared with an implementation in plain loops, and its derivatives with
 * finite differences, in float64.
 */
class RecurrentEncoderTest {
    private static final RecurrentShape SHAPE = new RecurrentShape(5, 4, 3, 2);
    private static final LanguageModel MODEL = LanguageModel.of(SHAPE);
    /** Different lengths, so that sequences are padded, and repeated words. */
    private static final int[][] SENTENCES = {{0, 1, 2, 0}, {3, 3}, {4, 1, 4}, {2}};

    private static final int[] POSITIONS = {1, 0, 2, 0};
    private static final TokenBatch BATCH = MODEL.training(SENTENCES, POSITIONS);

    private static double[] theta() {
        double[] theta = new double[SHAPE.parameterCount()];
        Seeds.gaussian(Seeds.generator(8, "weights"), theta);
        for (int i = 0; i < theta.length; i++) {
            theta[i] *= 0.6;
        }
        return theta;
    }

    /** The network in plain loops, one sentence at a time, from the equations of a cell. */
    private static final class Reference {
        private final Map<String, double[]> tensors = new HashMap<>();

        Reference(double[] theta) {
            for (Parameter parameter : SHAPE.parameters()) {
                tensors.put(
                        parameter.name(),
                        Arrays.copyOfRange(theta, parameter.offset(), parameter.offset() + parameter.size()));
            }
        }

        private double[] tensor(String name) {
            return Objects.requireNonNull(tensors.get(name), name);
        }

        private static double sigmoid(double x) {
            return 1 / (1 + Math.exp(-x));
        }

        /** Returns both directions' states of each token. */
        double[][] states(int[] tokens) {
            int width = SHAPE.width();
            double[][] x = new double[tokens.length][];
            for (int t = 0; t < tokens.length; t++) {
                x[t] = Arrays.copyOfRange(tensor("embedding.weight"), tokens[t] * width, (tokens[t] + 1) * width);
            }
            for (int layer = 0; layer < SHAPE.layers(); layer++) {
                double[][] out = new double[tokens.length][2 * width];
                for (int direction = 0; direction < 2; direction++) {
                    String at = "_l" + layer + (direction == 0 ? "" : "_reverse");
                    double[] h = new double[width];
                    double[] c = new double[width];
                    for (int step = 0; step < tokens.length; step++) {
                        int t = direction == 0 ? step : tokens.length - 1 - step;
                        double[] z = tensor("lstm.bias_ih" + at).clone();
                        for (int row = 0; row < z.length; row++) {
                            for (int k = 0; k < x[t].length; k++) {
                                z[row] += tensor("lstm.weight_ih" + at)[row * x[t].length + k] * x[t][k];
                            }
                            for (int k = 0; k < width; k++) {
                                z[row] += tensor("lstm.weight_hh" + at)[row * width + k] * h[k];
                            }
                        }
                        h = new double[width];
                        for (int k = 0; k < width; k++) {
                            c[k] = sigmoid(z[width + k]) * c[k] + sigmoid(z[k]) * Math.tanh(z[2 * width + k]);
                            h[k] = sigmoid(z[3 * width + k]) * Math.tanh(c[k]);
                            out[t][direction * width + k] = h[k];
                        }
                    }
                }
                x = out;
            }
            return x;
        }

        double[] scores(int[] tokens, int place) {
            int width = SHAPE.width();
            double[] state = states(tokens)[place];
            double[] projected = tensor("head.bias").clone();
            for (int row = 0; row < width; row++) {
                for (int k = 0; k < 2 * width; k++) {
                    projected[row] += tensor("head.weight")[row * 2 * width + k] * state[k];
                }
            }
            double[] scores = tensor("decoder.bias").clone();
            for (int token = 0; token < scores.length; token++) {
                for (int k = 0; k < width; k++) {
                    scores[token] += tensor("embedding.weight")[token * width + k] * projected[k];
                }
            }
            return scores;
        }
    }

    private static int[] tokens(int[] sentence, int masked) {
        int[] tokens = new int[sentence.length + 1];
        tokens[0] = EncoderShape.START;
        for (int t = 0; t < sentence.length; t++) {
            tokens[t + 1] = t == masked ? EncoderShape.MASK : EncoderShape.FIRST_WORD + sentence[t];
        }
        return tokens;
    }

    @Test
    void scoresAndStatesAreThoseOfPlainLoops() {
        Reference reference = new Reference(theta());
        int vocabulary = SHAPE.vocabulary();
        Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray theta = scope.create(theta());
                double[] scores = MODEL.network().logits(theta, BATCH).toDoubleArray();
                TokenBatch plain = MODEL.plain(SENTENCES);
                double[] states = MODEL.network().states(theta, plain).toDoubleArray();
                double[] whole = MODEL.network().sentenceStates(theta, plain).toDoubleArray();
                assertThat(scores).hasSize(SENTENCES.length * vocabulary);
                int both = SHAPE.stateWidth();
                for (int i = 0; i < SENTENCES.length; i++) {
                    assertThat(Arrays.copyOfRange(scores, i * vocabulary, (i + 1) * vocabulary))
                            .containsExactly(
                                    reference.scores(tokens(SENTENCES[i], POSITIONS[i]), POSITIONS[i] + 1),
                                    within(1e-13));
                    double[][] own = reference.states(tokens(SENTENCES[i], -1));
                    for (int t = 0; t < own.length; t++) {
                        int from = (i * plain.length() + t) * both;
                        assertThat(Arrays.copyOfRange(states, from, from + both))
                                .containsExactly(own[t], within(1e-13));
                    }
                    double[] expected = own[0].clone();
                    System.arraycopy(own[own.length - 1], 0, expected, 0, SHAPE.width());
                    assertThat(Arrays.copyOfRange(whole, i * both, (i + 1) * both))
                            .containsExactly(expected, within(1e-13));
                }
                return true;
            }
        });
    }

    private static double loss(double[] theta) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return MODEL.loss(scope.create(theta), BATCH).getDouble();
            }
        });
    }

    private static double[] gradient(double[] theta) {
        return Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(scope.create(theta));
                return Torch.gradient(MODEL.loss(leaf, BATCH), leaf).toDoubleArray();
            }
        });
    }

    @Test
    void theGradientOfEveryParameterEqualsFiniteDifferences() {
        double[] theta = theta();
        double[] gradient = gradient(theta);
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
                        .isCloseTo((up - down) / (2 * step), within(1e-9));
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
                NDArray leaf = Torch.leaf(scope.create(theta));
                NDArray slope = Torch.gradientWithGraph(MODEL.loss(leaf, BATCH), leaf);
                return Torch.products(slope, List.of(leaf), scope.create(v))
                        .singletonOrThrow()
                        .toDoubleArray();
            }
        });
        double step = 1e-5;
        double[] up = theta.clone();
        double[] down = theta.clone();
        for (int i = 0; i < v.length; i++) {
            up[i] += step * v[i];
            down[i] -= step * v[i];
        }
        double[] above = gradient(up);
        double[] below = gradient(down);
        for (int i = 0; i < v.length; i++) {
            assertThat(product[i]).isCloseTo((above[i] - below[i]) / (2 * step), within(1e-7));
        }
    }

    @Test
    void forgetGatesBeginOpen() {
        float[] theta = Initialisation.of(SHAPE, 0.4, 7);
        int width = SHAPE.width();
        for (Parameter parameter : SHAPE.parameters()) {
            float[] own = Arrays.copyOfRange(theta, parameter.offset(), parameter.offset() + parameter.size());
            if (parameter.name().startsWith("lstm.bias")) {
                float[] open = new float[4 * width];
                Arrays.fill(open, width, 2 * width, 1);
                assertThat(own).as(parameter.name()).containsExactly(open);
            } else if (parameter.name().endsWith("bias")) {
                assertThat(own).as(parameter.name()).containsOnly(0);
                assertThat(parameter.decays()).isFalse();
            } else {
                assertThat(own).as(parameter.name()).doesNotContain(0);
                assertThat(parameter.decays()).isTrue();
            }
        }
        assertThat(SHAPE.parameterCount()).isEqualTo(9 * 3 + 2 * (12 * 3 + 36 + 12) + 2 * (12 * 6 + 36 + 12) + 21 + 9);
    }

    @Test
    void aShapeThatCannotBeIsRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> new RecurrentShape(5, 4, 0, 1))
                .withMessage("width is 0: give a whole number of at least 1.");
    }
}
