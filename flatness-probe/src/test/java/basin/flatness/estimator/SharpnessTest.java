package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.flatness.measurement.Measurement;
import basin.network.TokenBatch;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares sharpness with the exact Hessian and with the loss itself, and tests its intervals. All
 * seeds are fixed.
 */
class SharpnessTest {
    private static final TokenBatch EVERYTHING = TinyEncoder.LANGUAGE.everything();
    private static final double[] THETA = TinyEncoder.doubles(TinyEncoder.theta());
    private static final NetworkSurface ENCODER = Vectors.surface(TinyEncoder.SHAPE.network(), THETA, DataType.FLOAT64);
    private static final CountedLanguage WORDS = new CountedLanguage(4, 3, 64, 5);
    private static final SoftmaxRegression REGRESSION = regression();

    private static SoftmaxRegression regression() {
        SplittableRandom random = new SplittableRandom(9);
        double[] theta = new double[WORDS.maxLength() * WORDS.words() * WORDS.words()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = random.nextGaussian();
        }
        return new SoftmaxRegression(WORDS.words(), theta);
    }

    private static Measurement measure(
            LossSurface surface, BatchSource batches, String name, double radius, int pairs, long seed) {
        EstimatorSpec requested = new EstimatorSpec(Estimator.of(name), pairs, 16, seed, Optional.of(radius));
        return Estimators.of(requested)
                .measure(surface, batches, new MeasurementSettings(pairs, seed, 0.95))
                .getFirst();
    }

    /** Returns the trace of the tiny encoder's Hessian, with weighted diagonal entries. */
    private static double trace(double[] weights) {
        double[] diagonal = TinyEncoder.hessianDiagonalByDifferences(1e-4);
        return IntStream.range(0, weights.length)
                .mapToDouble(i -> weights[i] * diagonal[i])
                .sum();
    }

    @Test
    void averageSharpnessIsHalfTheSquaredRadiusTimesTheTrace() {
        double[] ones = IntStream.range(0, THETA.length).mapToDouble(i -> 1).toArray();
        halfTheSquaredRadius("sharpness.average", trace(ones), 0.005);
    }

    @Test
    void adaptiveSharpnessIsHalfTheSquaredRadiusTimesTheAdaptiveTrace() {
        double[] squares = IntStream.range(0, THETA.length)
                .mapToDouble(i -> THETA[i] * THETA[i])
                .toArray();
        halfTheSquaredRadius("sharpness.adaptive", trace(squares), 0.005);
    }

    /**
     * Tests the order of the error. With the same draws at ρ and ρ/2, the difference of sharpness ·
     * 2/ρ² is three quarters of the error of order ρ² at ρ, hence three times the error at ρ/2.
     * False-alarm rate: 6e-5.
     */
    private static void halfTheSquaredRadius(String name, double trace, double radius) {
        BatchSource batches = TinyEncoder.LANGUAGE.batches(16, 41);
        Measurement whole = measure(ENCODER, batches, name, radius, 400, 41);
        Measurement half = measure(ENCODER, batches, name, radius / 2, 400, 41);
        double atWhole = 2 * whole.value().value() / (radius * radius);
        double atHalf = 8 * half.value().value() / (radius * radius);
        double error = 8 * half.value().standardError() / (radius * radius);
        double fourthOrder = Math.abs(atWhole - atHalf) / 3;
        assertThat(fourthOrder).as("%s: what the fourth order leaves", name).isLessThan(0.01 * Math.abs(trace));
        assertThat(atHalf).as("%s, s.e. %s", name, error).isCloseTo(trace, within(4 * error + 2 * fourthOrder));
    }

    @Test
    void theStepOfSamIsTheLossesOwnRise() {
        double radius = 0.05;
        // Every batch is the whole language, so gradient and rise are the population's.
        Measurement measured = measure(ENCODER, pair -> EVERYTHING, "sharpness.sam", radius, 40, 1);
        ParameterVector gradient = ENCODER.gradient(EVERYTHING, Arena.ofAuto());
        double norm = gradient.norm();
        double expected = mean(ENCODER.losses(EVERYTHING, gradient, radius / norm)) - mean(ENCODER.losses(EVERYTHING));
        assertThat(measured.value().value()).isCloseTo(expected, within(1e-12));
        assertThat(measured.value().standardError()).isCloseTo(0, within(1e-12));
        // Compares the gradient with finite differences of the loss.
        double slope =
                (mean(ENCODER.losses(EVERYTHING, gradient, 1e-6)) - mean(ENCODER.losses(EVERYTHING, gradient, -1e-6)))
                        / 2e-6;
        assertThat(slope).isCloseTo(norm * norm, within(1e-7 * norm * norm));
    }

    @Test
    void noRandomStepRisesMoreThanTheStepOfSam() {
        // At a radius where the first-order term dominates; a random direction has a cosine of
        // about 1/√243 with the gradient.
        double radius = 0.01;
        double sam = measure(ENCODER, pair -> EVERYTHING, "sharpness.sam", radius, 40, 1)
                .value()
                .value();
        double here = mean(ENCODER.losses(EVERYTHING));
        for (int draw = 0; draw < 100; draw++) {
            Direction direction = ProbeSampler.normal(5, draw, 0, THETA.length);
            double norm = Math.sqrt(Directions.squaredNorm(direction));
            assertThat(mean(ENCODER.losses(EVERYTHING, direction, radius / norm)) - here)
                    .isLessThan(sam);
        }
    }

    private static double mean(double[] losses) {
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum / losses.length;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharpness.average", "sharpness.adaptive", "sharpness.sam"})
    void intervalsCover(String name) {
        // The reference is the mean of 40,000 other pairs, whose own error is a thirtieth of a
        // measurement's. False-alarm rate: 0.4 %.
        double radius = 0.3;
        int min = Estimator.Minimum.USUAL.pairs();
        double truth = measure(REGRESSION, WORDS.batches(16, 7), name, radius, 500 * min, 7)
                .value()
                .value();
        int covered = 0;
        for (int seed = 0; seed < 500; seed++) {
            Measurement measured =
                    measure(REGRESSION, WORDS.batches(16, 900_000L + seed), name, radius, min, 900_000L + seed);
            covered += measured.interval().low() <= truth
                            && truth <= measured.interval().high()
                    ? 1
                    : 0;
        }
        assertThat(covered).as("coverage of %s", name).isBetween(460, 490);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharpness.average", "sharpness.adaptive", "sharpness.sam"})
    void theSameBitsTwiceAndOthersForAnotherSeed(String name) {
        List<Measurement> measured = IntStream.of(3, 3, 4)
                .mapToObj(seed -> measure(ENCODER, TinyEncoder.LANGUAGE.batches(16, seed), name, 0.02, 40, seed))
                .toList();
        assertThat(measured.get(1)).isEqualTo(measured.get(0));
        assertThat(measured.get(2)).isNotEqualTo(measured.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharpness.average", "sharpness.adaptive", "sharpness.sam"})
    void float32AgreesWithFloat64(String name) {
        NetworkSurface single = Vectors.surface(
                TinyEncoder.SHAPE.network(), TinyEncoder.doubles(TinyEncoder.theta()), DataType.FLOAT32);
        BatchSource batches = TinyEncoder.LANGUAGE.batches(16, 3);
        double precise = measure(ENCODER, batches, name, 0.05, 40, 3).value().value();
        assertThat(measure(single, batches, name, 0.05, 40, 3).value().value())
                .isCloseTo(precise, within(1e-4 * precise));
    }
}
