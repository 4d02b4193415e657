package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.flatness.measurement.PairStatistics;
import basin.flatness.measurement.ProgressListener;
import basin.network.TokenBatch;
import basin.record.Eigenvalue;
import basin.record.Interval;
import basin.record.Measured;
import basin.record.SpectralDensity;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.SampleSize;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares eigenvalues and their density with those of full matrices. All seeds are fixed. */
class SpectrumTest {
    private static final TokenBatch EVERYTHING = TinyEncoder.LANGUAGE.everything();
    private static final double[] THETA = TinyEncoder.doubles(TinyEncoder.theta());
    private static final NetworkSurface ENCODER = Vectors.surface(TinyEncoder.SHAPE.network(), THETA, DataType.FLOAT64);
    private static final double[][] HESSIAN = hessian(ENCODER, EVERYTHING);
    /** Exact eigenvalues, in descending order. */
    private static final double[] EXACT = eigenvalues(HESSIAN);

    private static final CountedLanguage WORDS = new CountedLanguage(4, 3, 64, 5);
    private static final SoftmaxRegression REGRESSION = regression();

    private static SoftmaxRegression regression() {
        SplittableRandom random = new SplittableRandom(9);
        double[] theta = new double[WORDS.maxLength() * WORDS.words() * WORDS.words()];
        Arrays.setAll(theta, i -> random.nextGaussian());
        return new SoftmaxRegression(WORDS.words(), theta);
    }

    private static double[][] hessian(LossSurface surface, TokenBatch batch) {
        return Vectors.hessian(surface, batch);
    }

    private static double[] eigenvalues(double[][] matrix) {
        double[][] symmetric = new double[matrix.length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix.length; j++) {
                symmetric[i][j] = (matrix[i][j] + matrix[j][i]) / 2;
            }
        }
        return new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(symmetric), 1e-14, true).getEigenvalues();
    }

    private static Findings find(LossSurface surface, BatchSource batches, int dataSets, long seed) {
        return Estimators.of(new EstimatorSpec(Estimator.SPECTRUM_LANCZOS, dataSets, 80, seed))
                .find(surface, batches, new MeasurementSettings(dataSets, seed, 0.95), ProgressListener.NONE);
    }

    private static Spectrum spectrum(LossSurface surface, BatchSource batches, int dataSets, long seed) {
        return find(surface, batches, dataSets, seed).spectrum().orElseThrow();
    }

    private static Lanczos.Product times(double[][] matrix) {
        return (x, memory) -> Vectors.of(times(matrix, Vectors.array(x)));
    }

    private static double[] times(double[][] matrix, double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = Orthonormal.dot(matrix[i], x);
        }
        return y;
    }

    @Test
    void theEigenvaluesOfTheWholeLanguageAreThoseOfTheWholeMatrix() {
        // Every data set is the whole language, so only start vectors differ, and all must give the
        // same result.
        Spectrum found = spectrum(ENCODER, dataSet -> EVERYTHING, 8, 1);
        assertThat(found.top()).hasSize(SpectrumEstimator.LARGEST);
        for (int rank = 0; rank < found.top().size(); rank++) {
            holds(found.top().get(rank), EXACT[rank]);
        }
        holds(found.lowest(), EXACT[EXACT.length - 1]);
    }

    private static void holds(Eigenvalue found, double exact) {
        assertThat(found.residual()).isLessThanOrEqualTo(1e-3 * EXACT[0]);
        assertThat(found.value().value()).isCloseTo(exact, within(found.residual() + 1e-10 * EXACT[0]));
        assertThat(found.value().standardError()).isLessThanOrEqualTo(found.residual() + 1e-10 * EXACT[0]);
    }

    @Test
    void everyPointOfALongRunIsAnEigenvalueAndNoneComesTwice() {
        Lanczos run = Lanczos.run(
                times(HESSIAN), ProbeSampler.signs(3, 0, 0, THETA.length), new Lanczos.Goal(243, 243, 1, 0));
        double[] points = run.points();
        // Beyond these the spectrum is the null space with its rounding errors.
        int reported = 0;
        while (reported < points.length && points[reported] > 1e-6 * EXACT[0]) {
            assertThat(points[reported]).as("point %d", reported).isCloseTo(EXACT[reported], within(1e-8 * EXACT[0]));
            reported++;
        }
        assertThat(reported).isGreaterThan(30);
        for (int k = 0; k < points.length; k++) {
            double point = points[k];
            double nearest = Arrays.stream(EXACT)
                    .map(exact -> Math.abs(exact - point))
                    .min()
                    .orElseThrow();
            assertThat(nearest).isLessThanOrEqualTo(run.residuals()[k] + 1e-8 * EXACT[0]);
        }
        assertThat(Arrays.stream(run.weights()).sum()).isCloseTo(1, within(1e-10));
    }

    @Test
    void theFirstMomentsAreThoseOfTheMatrixItself() {
        double[] start = Vectors.array(ProbeSampler.signs(4, 0, 0, THETA.length));
        Lanczos run = Lanczos.run(times(HESSIAN), Vectors.of(start), new Lanczos.Goal(24, 24, 1, 0));
        double[] image = start;
        for (int power = 1; power <= 6; power++) {
            image = times(HESSIAN, image);
            double moment = Orthonormal.dot(start, image) / start.length;
            double quadrature = 0;
            for (int k = 0; k < run.points().length; k++) {
                quadrature += run.weights()[k] * Math.pow(run.points()[k], power);
            }
            assertThat(quadrature).as("moment %d", power).isCloseTo(moment, within(1e-9 * Math.pow(EXACT[0], power)));
        }
    }

    @Test
    void countsAreThoseOfTheExactEigenvaluesWithinTheirErrors() {
        // The runs go to the end, so that every eigenvalue is a node and a bin's count is unbiased.
        // False-alarm rate: 2e-4 in all.
        double[][] counts = new double[SpectralAxis.bins()][60];
        for (int draw = 0; draw < 60; draw++) {
            Lanczos run = Lanczos.run(
                    times(HESSIAN), ProbeSampler.signs(5, draw, 0, THETA.length), new Lanczos.Goal(243, 243, 1, 0));
            for (int k = 0; k < run.points().length; k++) {
                counts[SpectralAxis.bin(run.points()[k])][draw] += THETA.length * run.weights()[k];
            }
        }
        int[] exact = new int[SpectralAxis.bins()];
        for (double eigenvalue : EXACT) {
            exact[SpectralAxis.bin(eigenvalue)]++;
        }
        for (int bin = 0; bin < exact.length; bin++) {
            Measured count = PairStatistics.mean(counts[bin]);
            assertThat(count.value())
                    .as("bin from %s", SpectralAxis.ofEdges().get(bin))
                    .isCloseTo(exact[bin], within(4.5 * count.standardError() + 1e-6));
        }
    }

    @Test
    void theDensityIntegratesToTheParametersAndItsMomentsAreThoseOfTheSameDraws() {
        BatchSource batches = TinyEncoder.LANGUAGE.batches(27, 31);
        SpectralDensity density = spectrum(ENCODER, batches, 24, 31).density();
        assertThat(density.counts().stream().mapToDouble(Double::doubleValue).sum())
                .isCloseTo(THETA.length, within(1e-9 * THETA.length));
        double[] forms = new double[24];
        double[] squares = new double[24];
        for (int dataSet = 0; dataSet < 24; dataSet++) {
            CurvatureProduct product = Vectors.products(
                            ENCODER, batches.batch(dataSet), ProbeSampler.signs(31, dataSet, 0, THETA.length))
                    .getFirst();
            forms[dataSet] = product.hessianForm();
            squares[dataSet] = product.squaredNorm();
        }
        assertThat(density.trace().value()).isCloseTo(PairStatistics.mean(forms).value(), within(1e-8 * EXACT[0]));
        assertThat(density.trace().standardError())
                .isCloseTo(PairStatistics.mean(forms).standardError(), within(1e-8 * EXACT[0]));
        assertThat(density.squares().value())
                .isCloseTo(PairStatistics.mean(squares).value(), within(1e-8 * EXACT[0] * EXACT[0]));
        double trace = IntStream.range(0, HESSIAN.length)
                .mapToDouble(i -> HESSIAN[i][i])
                .sum();
        // False-alarm rate: 6e-5.
        assertThat(density.trace().value())
                .isCloseTo(trace, within(4 * density.trace().standardError()));
    }

    @Test
    void theLargestEigenvalueOfFewSentencesLiesAboveThePopulations() {
        // By Jensen's inequality far above with 4 sentences, less so with 64.
        double exact = eigenvalues(hessian(REGRESSION, WORDS.everything()))[0];
        Measured few = spectrum(REGRESSION, WORDS.batches(4, 31), 200, 31)
                .top()
                .getFirst()
                .value();
        Measured more = spectrum(REGRESSION, WORDS.batches(64, 31), 200, 31)
                .top()
                .getFirst()
                .value();
        assertThat(few.value() - 4 * few.standardError()).isGreaterThan(more.value());
        assertThat(more.value() + 4 * more.standardError()).isGreaterThan(exact);
    }

    @Test
    void softmaxRegressionHasTheEigenvaluesOfItsClosedForm() {
        double[] exact = eigenvalues(hessian(REGRESSION, WORDS.everything()));
        Spectrum found = spectrum(REGRESSION, dataSet -> WORDS.everything(), 8, 1);
        for (int rank = 0; rank < found.top().size(); rank++) {
            assertThat(found.top().get(rank).value().value())
                    .isCloseTo(exact[rank], within(found.top().get(rank).residual() + 1e-10));
        }
        // The Hessian is a covariance, so no eigenvalue is negative.
        assertThat(found.lowest().value().value()).isCloseTo(0, within(1e-10));
    }

    @Tag("sampled")
    @Test
    void intervalsCoverAtTheLeastDataSets() {
        // The reference is the mean over other data sets, eight times as many as seeds. A share of
        // seeds may deviate by 2.9 of its standard deviations. False-alarm rate: 1 % for all three.
        int seeds = SampleSize.of(60, 300);
        Spectrum truth = spectrum(REGRESSION, WORDS.batches(80, 7), 8 * seeds, 7);
        int[] covered = new int[3];
        for (int seed = 0; seed < seeds; seed++) {
            Spectrum found = spectrum(REGRESSION, WORDS.batches(80, 500_000L + seed), 8, 500_000L + seed);
            for (int rank = 0; rank < covered.length; rank++) {
                Interval interval = found.top().get(rank).interval();
                double value = truth.top().get(rank).value().value();
                covered[rank] += interval.low() <= value && value <= interval.high() ? 1 : 0;
            }
        }
        double deviation = Math.sqrt(0.95 * 0.05 / seeds);
        for (int count : covered) {
            assertThat(count / (double) seeds).isCloseTo(0.95, within(2.915 * deviation));
        }
    }

    @Test
    void theSameBitsTwiceAndNearlyTheSameInFloat32() {
        BatchSource batches = TinyEncoder.LANGUAGE.batches(80, 3);
        Findings found = find(ENCODER, batches, 8, 3);
        assertThat(find(ENCODER, batches, 8, 3)).isEqualTo(found);
        assertThat(find(ENCODER, batches, 8, 4)).isNotEqualTo(found);
        NetworkSurface single = Vectors.surface(
                TinyEncoder.SHAPE.network(), TinyEncoder.doubles(TinyEncoder.theta()), DataType.FLOAT32);
        Spectrum singles = find(single, batches, 8, 3).spectrum().orElseThrow();
        Spectrum doubles = found.spectrum().orElseThrow();
        for (int rank = 0; rank < doubles.top().size(); rank++) {
            assertThat(singles.top().get(rank).value().value())
                    .isCloseTo(doubles.top().get(rank).value().value(), within(1e-3 * EXACT[0]));
        }
        assertThat(found.measurements().getFirst().value())
                .isEqualTo(doubles.top().getFirst().value());
    }

    @Test
    void fewDataSetsAreRefused() {
        assertThatThrownBy(() -> new EstimatorSpec(Estimator.SPECTRUM_LANCZOS, 7, 100, 1))
                .hasMessageStartingWith("flatness.pairs is 7: give a whole number from 8");
        assertThatThrownBy(() -> spectrum(ENCODER, TinyEncoder.LANGUAGE.batches(16, 3), 8, 3))
                .hasMessageContaining("give at least 8 and 640");
    }

    @Test
    void theAxisIsSymmetricAndHoldsEverything() {
        List<Double> edges = SpectralAxis.ofEdges();
        assertThat(edges).isSorted().doesNotHaveDuplicates();
        for (int i = 0; i < edges.size(); i++) {
            assertThat(edges.get(i)).isEqualTo(-edges.get(edges.size() - 1 - i));
            assertThat(SpectralAxis.bin(edges.get(i))).isEqualTo(Math.min(i, SpectralAxis.bins() - 1));
        }
        assertThat(SpectralAxis.bin(0)).isEqualTo(SpectralAxis.bins() / 2);
        assertThat(SpectralAxis.bin(-1e9)).isZero();
        assertThat(SpectralAxis.bin(1e9)).isEqualTo(SpectralAxis.bins() - 1);
    }
}
