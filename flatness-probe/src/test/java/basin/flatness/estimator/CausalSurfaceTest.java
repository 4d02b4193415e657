package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.flatness.measurement.Measurement;
import basin.language.Grammars;
import basin.language.Pcfg;
import basin.network.DecoderShape;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.study.Estimator;
import basin.study.Quantity;
import basin.study.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares estimators on a network that predicts every next word with the population's curvature.
 * The reference uses forward passes alone: every diagonal second derivative is a second difference
 * of the loss over all sentences of the language.
 */
class CausalSurfaceTest {
    private static final Pcfg LANGUAGE = Grammars.random(3, 2, 3, 2);
    private static final LanguageModel DECODER = LanguageModel.of(new DecoderShape(2, 3, 4, 1, 2, 4, true));
    private static final NetworkSurface SURFACE = Vectors.surface(DECODER.network(), theta(), DataType.FLOAT64);
    private static final Map<Quantity, Double> TRUTH = new HashMap<>();

    private static double[] theta() {
        double[] theta = new double[DECODER.shape().parameterCount()];
        Seeds.gaussian(Seeds.generator(17, "weights"), theta);
        for (int i = 0; i < theta.length; i++) {
            theta[i] *= 0.6;
        }
        return theta;
    }

    private static TokenBatch batch(int[]... sentences) {
        return DECODER.training(sentences, new int[sentences.length])
                .withTargets(
                        EncoderShape.FIRST_WORD,
                        Arrays.stream(sentences)
                                .flatMap(sentence -> Arrays.stream(LANGUAGE.nextWords(sentence)))
                                .toArray(double[][]::new));
    }

    /** Computes every population quantity, with each sentence weighted by its probability. */
    @BeforeAll
    static void enumerate() {
        List<int[]> sentences = LANGUAGE.sentences(100).orElseThrow();
        assertThat(sentences.stream().map(sentence -> sentence.length).distinct())
                .hasSizeGreaterThan(1);
        TokenBatch all = batch(sentences.toArray(int[][]::new));
        double[] probabilities = sentences.stream()
                .mapToDouble(sentence -> Math.exp(LANGUAGE.logProbability(sentence)))
                .toArray();
        double[] theta = theta();
        double hessian = 0;
        double adaptive = 0;
        double fisher = 0;
        Midpoint middle = SURFACE.midpoint(all);
        for (int i = 0; i < theta.length; i++) {
            double[][] forms = ForwardForms.ofExamples(middle, all.size(), Vectors.unit(theta.length, i), 1e-4);
            for (int k = 0; k < probabilities.length; k++) {
                hessian += probabilities[k] * forms[0][k];
                adaptive += probabilities[k] * theta[i] * theta[i] * forms[0][k];
                fisher += probabilities[k] * forms[1][k];
            }
        }
        TRUTH.put(Quantity.HESSIAN_TRACE, hessian);
        TRUTH.put(Quantity.ADAPTIVE_TRACE, adaptive);
        TRUTH.put(Quantity.FISHER_TRACE, fisher);
        TRUTH.put(Quantity.HESSIAN_FISHER_GAP, hessian - fisher);
        TRUTH.put(Quantity.DATA_FISHER_TRACE, dataFisher(sentences, probabilities));
    }

    /**
     * Returns the mean over a sentence's words of the expected squared gradient over the possible
     * next words, from gradients of single words.
     */
    private static double dataFisher(List<int[]> sentences, double[] probabilities) {
        double sum = 0;
        for (int k = 0; k < probabilities.length; k++) {
            TokenBatch whole = batch(sentences.get(k));
            for (int place = 0; place < whole.predictions(); place++) {
                for (int word = 0; word < LANGUAGE.vocabularySize(); word++) {
                    TokenBatch one =
                            TokenBatch.of(new int[][] {whole.sequence(0)}, new int[1], new int[] {place}, new int[] {
                                EncoderShape.FIRST_WORD + word
                            });
                    sum += probabilities[k]
                            * whole.targetOf(place)[word]
                            / whole.predictions()
                            * Vectors.squaredNorm(Vectors.gradient(SURFACE, one));
                }
            }
        }
        return sum;
    }

    private static BatchSource batches(int size) {
        return new LanguageBatches(LANGUAGE, DECODER, size, 11);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "paired",
                "fisher.output",
                "fisher.batch",
                "fisher.soft",
                "fisher.selected",
                "hessian.split",
                "hessian.refined",
                "adaptive.forward"
            })
    void liesWithinFourStandardErrorsOfTheTruth(String name) {
        FlatnessEstimator estimator = Estimators.of(Estimator.of(name));
        int size = Math.ceilDiv(estimator.minExamples(), 80);
        // False-alarm rate: 6e-5 per quantity, for thirteen quantities.
        for (Measurement measured :
                estimator.measure(SURFACE, batches(size), new MeasurementSettings(80, 11, EstimatorKit.CONFIDENCE))) {
            double truth = Objects.requireNonNull(TRUTH.get(measured.quantity()));
            assertThat(measured.value().value())
                    .as("%s of %s, s.e. %s", measured.quantity(), name, measured.value())
                    .isCloseTo(truth, within(4 * measured.value().standardError() + 1e-6 * Math.abs(truth)));
            assertThat(measured.value().standardError()).isPositive();
        }
    }

    @Test
    void theGradientOfASentencesWholeLossIsThatOfFiniteDifferences() {
        TokenBatch one = batch(LANGUAGE.sentences(100).orElseThrow().getLast());
        double[] gradient = Vectors.gradient(SURFACE, one);
        double[] differences = new double[gradient.length];
        double step = 1e-5;
        for (int i = 0; i < gradient.length; i++) {
            Direction unit = Vectors.unit(gradient.length, i);
            differences[i] = (SURFACE.losses(one, unit, step)[0] - SURFACE.losses(one, unit, -step)[0]) / (2 * step);
        }
        assertThat(gradient).containsExactly(differences, within(1e-8));
        // A probe at the first word of each target gives the gradient of the loss of those words,
        // times the square root of their number.
        TokenBatch first = one.withLabels(new int[one.predictions()]);
        double norm = SURFACE.gradientNorms(one, (OutputProbe.Labels) (example, place) -> 0)[0];
        assertThat(norm)
                .isCloseTo(
                        one.predictions() * Vectors.squaredNorm(Vectors.gradient(SURFACE, first)),
                        within(1e-9 * (1 + norm)));
    }

    @Test
    void layersAddUpAndTheSplitOfABatchChangesOnlyRounding() {
        TokenBatch batch = batches(9).batch(0);
        OutputProbe probe = ProbeSampler.outputSigns(3, 0, 0);
        double[] whole = SURFACE.gradientNorms(batch, probe);
        double[] sums = new double[batch.size()];
        for (double[] own : SURFACE.gradientNormsOfTensors(batch, probe)) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += own[i];
            }
        }
        assertThat(sums).containsExactly(whole, within(1e-10));
        NetworkSurface parts = SURFACE.inPartsOf(20);
        Direction signs = ProbeSampler.signs(3, 0, 0, SURFACE.parameters());
        CurvatureProduct one = Vectors.products(SURFACE, batch, signs).getFirst();
        CurvatureProduct other = Vectors.products(parts, batch, signs).getFirst();
        assertThat(other.hessianForm()).isCloseTo(one.hessianForm(), within(1e-10));
        assertThat(other.fisherForm()).isCloseTo(one.fisherForm(), within(1e-10));
        assertThat(parts.joinedGradientNorm(batch, probe))
                .isCloseTo(SURFACE.joinedGradientNorm(batch, probe), within(1e-9));
        assertThat(parts.losses(batch, signs, 0.01)).containsExactly(SURFACE.losses(batch, signs, 0.01), within(1e-12));
    }
}
