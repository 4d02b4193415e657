package basin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.network.engine.Torch;
import basin.study.ExpansionRecipe;
import basin.study.Refusal;
import basin.study.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A network in a larger architecture computes the same function by either recipe, and its Fisher
 * information changes as documented.
 */
class FunctionPreservingExpansionTest {
    private static final int PAIRS = 200;

    /**
     * Returns a random shape and one that it fits into. Every kind of ratio occurs, including one,
     * and no added layers.
     */
    private static EncoderShape[] pair(RandomGenerator random) {
        int heads = 1 + random.nextInt(2);
        int width = heads * (2 + random.nextInt(3));
        int layers = 1 + random.nextInt(2);
        int intermediate = 3 + random.nextInt(6);
        int words = 2 + random.nextInt(5);
        int maxLength = 2 + random.nextInt(4);
        int k = 1 + random.nextInt(4);
        int m = 1 + random.nextInt(4);
        return new EncoderShape[] {
            new EncoderShape(words, maxLength, width, layers, heads, intermediate),
            new EncoderShape(words, maxLength, k * width, layers + random.nextInt(3), k * heads, m * intermediate)
        };
    }

    /** Returns random weights, including gains and biases. */
    private static float[] theta(EncoderShape shape, RandomGenerator random) {
        double[] draws = new double[shape.parameterCount()];
        Seeds.gaussian(random, draws);
        float[] theta = new float[draws.length];
        for (Parameter parameter : shape.parameters()) {
            for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
                theta[i] = (float) (0.4 * draws[i] + (parameter.isGain() ? 1 : 0));
            }
        }
        return theta;
    }

    private static TokenBatch batch(EncoderShape shape, RandomGenerator random) {
        int[][] sentences = new int[6][];
        int[] positions = new int[sentences.length];
        for (int i = 0; i < sentences.length; i++) {
            sentences[i] = random.ints(1 + random.nextInt(shape.maxLength()), 0, shape.vocabularySize())
                    .toArray();
            positions[i] = random.nextInt(sentences[i].length);
        }
        return TokenBatch.masked(sentences, positions);
    }

    private static double[] doubles(float[] theta) {
        double[] doubles = new double[theta.length];
        java.util.Arrays.setAll(doubles, i -> theta[i]);
        return doubles;
    }

    private static double[] exactScores(EncoderShape shape, float[] theta, TokenBatch batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return shape.network()
                        .logits(scope.create(doubles(theta)), batch)
                        .toDoubleArray();
            }
        });
    }

    private static float[] scores(EncoderShape shape, float[] theta, TokenBatch batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray parameters = scope.create(theta);
                return shape.network().logits(parameters, batch).toFloatArray();
            }
        });
    }

    /** Returns the enlarged weights, each rounded to float32. */
    private static float[] enlarged(FunctionPreservingExpansion expansion, float[] theta) {
        double[] exact = expansion.apply(doubles(theta));
        float[] enlarged = new float[exact.length];
        for (int i = 0; i < enlarged.length; i++) {
            enlarged[i] = (float) exact[i];
        }
        return enlarged;
    }

    @ParameterizedTest
    @EnumSource(ExpansionRecipe.class)
    void theScoresOfRandomPairsAreEqual(ExpansionRecipe recipe) {
        RandomGenerator random = Seeds.generator(31, "pairs " + recipe);
        double worst = 0;
        int poorlyConditioned = 0;
        for (int i = 0; i < PAIRS; i++) {
            EncoderShape[] pair = pair(random);
            float[] theta = theta(pair[0], random);
            TokenBatch batch = batch(pair[0], random);
            FunctionPreservingExpansion expansion = new FunctionPreservingExpansion(pair[0], pair[1], recipe);
            worst = Math.max(worst, expansion.difference(doubles(theta), batch));
            expansion.check(theta, batch);
            float[] before = scores(pair[0], theta, batch);
            float[] after = scores(pair[1], enlarged(expansion, theta), batch);
            double[] exact = exactScores(pair[0], theta, batch);
            double largest = 1;
            for (float score : before) {
                largest = Math.max(largest, Math.abs(score));
            }
            double rounded = 0;
            double moved = 0;
            for (int j = 0; j < before.length; j++) {
                rounded = Math.max(rounded, Math.abs(before[j] - exact[j]) / largest);
                moved = Math.max(moved, Math.abs(after[j] - before[j]) / largest);
            }
            // The rounding error of the logits of a three-unit network in float32 depends on the
            // processor's kernels. If the network's own logits already deviate by the bound, those
            // of the embedded network may deviate by as much again.
            boolean poor = rounded > 1e-5;
            poorlyConditioned += poor ? 1 : 0;
            assertThat(moved).as("pair %d, rounded by %.1e", i, rounded).isLessThan(poor ? 2 * rounded : 1e-5);
        }
        assertThat(worst).isLessThan(1e-10);
        assertThat(poorlyConditioned).isLessThanOrEqualTo(PAIRS / 100);
    }

    @Test
    void aWeightThatIsMissedIsNoticed() {
        EncoderShape small = new EncoderShape(4, 3, 4, 1, 2, 5);
        EncoderShape large = new EncoderShape(4, 3, 8, 2, 4, 10);
        RandomGenerator random = Seeds.generator(32, "missed");
        float[] theta = theta(small, random);
        TokenBatch batch = batch(small, random);
        FunctionPreservingExpansion tiled = new FunctionPreservingExpansion(small, large, ExpansionRecipe.TILED);
        float[] before = scores(small, theta, batch);
        float[] enlarged = enlarged(tiled, theta);
        for (Parameter parameter : large.parameters()) {
            boolean matters = !parameter.name().endsWith("key.bias")
                    && !parameter.name().contains(".layer.1.")
                    && !parameter.name().contains("position")
                    && !parameter.name().contains("word");
            if (matters) {
                float[] spoilt = enlarged.clone();
                spoilt[parameter.offset()] += 0.5f;
                float max = 0;
                float[] after = scores(large, spoilt, batch);
                for (int i = 0; i < after.length; i++) {
                    max = Math.max(max, Math.abs(after[i] - before[i]));
                }
                assertThat(max).as(parameter.name()).isGreaterThan(1e-4f);
            }
        }
    }

    /**
     * Returns Σ over examples and labels of p(y)·‖∂_tensor log p(y)‖², exactly: each tensor's share
     * of tr F.
     */
    private static Map<String, Double> fisher(EncoderShape shape, double[] theta, TokenBatch batch) {
        Map<String, Double> shares = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            TokenBatch one = batch.part(i, i + 1);
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(scope.create(theta));
                for (int label = 0; label < shape.vocabulary(); label++) {
                    int own = label;
                    NDArray log = Torch.recording(() -> shape.network()
                            .logits(leaf, one)
                            .logSoftmax(-1)
                            .get("0, " + own)
                            .sum());
                    double probability = Math.exp(log.getDouble());
                    double[] gradient = Torch.gradient(log, leaf).toDoubleArray();
                    for (Parameter parameter : shape.parameters()) {
                        double squares = 0;
                        for (int j = parameter.offset(); j < parameter.offset() + parameter.size(); j++) {
                            squares += gradient[j] * gradient[j];
                        }
                        shares.merge(parameter.name(), probability * squares / batch.size(), Double::sum);
                    }
                }
            }
        }
        return shares;
    }

    @Test
    void theFisherOfAHiddenMatrixStaysWhenTiledAndIsTheLeastThereIs() {
        EncoderShape small = new EncoderShape(4, 3, 6, 1, 2, 5);
        int k = 3;
        EncoderShape large = new EncoderShape(4, 3, k * 6, 1, k * 2, k * 5);
        RandomGenerator random = Seeds.generator(33, "fisher");
        float[] theta = theta(small, random);
        TokenBatch batch = batch(small, random);
        Map<String, Double> before = fisher(small, doubles(theta), batch);
        Map<String, Double> tiled = fisher(
                large,
                new FunctionPreservingExpansion(small, large, ExpansionRecipe.TILED).apply(doubles(theta)),
                batch);
        Map<String, Double> leading = fisher(
                large,
                new FunctionPreservingExpansion(small, large, ExpansionRecipe.LEADING).apply(doubles(theta)),
                batch);
        double hidden = 0;
        double led = 0;
        for (Parameter parameter : small.parameters()) {
            String name = parameter.name();
            double was = Objects.requireNonNull(before.get(name));
            if (was < 1e-12) {
                continue;
            }
            double ratio = Objects.requireNonNull(tiled.get(name)) / was;
            boolean matrix = parameter.shape().length > 1 && !FunctionPreservingExpansion.isTable(name);
            boolean stays = matrix || name.startsWith("lm_head.layer_norm") || name.equals("lm_head.bias");
            if (matrix) {
                hidden += was;
                led += Objects.requireNonNull(leading.get(name));
                assertThat(Objects.requireNonNull(leading.get(name)))
                        .as("%s: no recipe has less than the tiled one", name)
                        .isGreaterThan((1 - 1e-9) * was);
            }
            if (!name.contains("word_embeddings") && !name.startsWith("lm_head.layer_norm")) {
                assertThat(ratio).as(name).isCloseTo(stays ? 1 : 1.0 / k, org.assertj.core.api.Assertions.within(1e-9));
            }
        }
        assertThat(led / hidden).as("hidden matrices, the first copy leading").isGreaterThan(1.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9 | 1 | 3 | 5 | width is 9: give a whole multiple of 6",
                "12 | 1 | 4 | 7 | intermediate is 7: give a whole multiple of 5",
                "12 | 1 | 2 | 5 | heads is 2: give 4, so that a head keeps its 3 units",
                "3 | 1 | 1 | 5 | width is 3: give a whole multiple of 6",
            })
    void otherRatiosAreRefusedInOneSentence(int width, int layers, int heads, int intermediate, String expected) {
        EncoderShape small = new EncoderShape(4, 3, 6, 1, 2, 5);
        EncoderShape deep = new EncoderShape(4, 3, 6, 2, 2, 5);
        assertThatThrownBy(() -> new FunctionPreservingExpansion(deep, small, ExpansionRecipe.TILED))
                .hasMessageContaining("layers is 1: give at least 2");
        assertThatThrownBy(() -> new FunctionPreservingExpansion(
                        small, new EncoderShape(4, 3, width, layers, heads, intermediate), ExpansionRecipe.TILED))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected)
                .message()
                .doesNotContain("\n");
    }
}
