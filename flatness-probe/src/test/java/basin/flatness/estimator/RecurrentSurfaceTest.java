package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.network.RecurrentShape;
import basin.network.TokenBatch;
import basin.study.Estimator;
import basin.study.Quantity;
import basin.study.SampleSize;
import basin.study.Seeds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Runs the kit on a bidirectional LSTM of 111 parameters in float64. It uses tabulated matrices of
 * all contexts, computed from the engine's exact second derivatives, because a thousand repetitions
 * would otherwise take too long. Tests compare the engine's surface with the table method by
 * method.
 */
class RecurrentSurfaceTest extends EstimatorKit {
    private static final CountedLanguage LANGUAGE = TinyEncoder.LANGUAGE;
    private static final TokenBatch EVERYTHING = LANGUAGE.everything();
    private static final RecurrentShape SHAPE = new RecurrentShape(3, 3, 2, 1);
    private static final double[] THETA = weights();
    private static final NetworkSurface ENGINE = Vectors.surface(SHAPE.network(), THETA, DataType.FLOAT64);
    private static final NetworkSurface PARTS = ENGINE.inPartsOf(21);
    private static final TabulatedSurface TABLE = new TabulatedSurface(ENGINE, SHAPE.network(), EVERYTHING);
    private static final double[][] HESSIAN = TABLE.hessian(EVERYTHING);
    private static final Map<Quantity, Double> TRUTH = exactTruth();

    private static double[] weights() {
        double[] theta = new double[SHAPE.parameterCount()];
        Seeds.gaussian(Seeds.generator(17, "weights"), theta);
        return theta;
    }

    /** Returns a part of the estimators in every build, because the encoder's test has all. */
    @Override
    List<FlatnessEstimator> coverage() {
        return SampleSize.isWhole()
                ? super.coverage()
                : List.of(Estimators.of(Estimator.of("fisher.output")), Estimators.of(Estimator.of("hessian.split")));
    }

    @Override
    LossSurface surface(int part) {
        return TABLE;
    }

    @Override
    CountedLanguage language() {
        return LANGUAGE;
    }

    @Override
    int batch() {
        return 8;
    }

    @Override
    Map<Quantity, Double> truth() {
        return TRUTH;
    }

    private static Map<Quantity, Double> exactTruth() {
        double hessian = 0;
        double adaptive = 0;
        for (int i = 0; i < THETA.length; i++) {
            hessian += HESSIAN[i][i];
            adaptive += THETA[i] * THETA[i] * HESSIAN[i][i];
        }
        double fisher = TABLE.fisherTrace(EVERYTHING);
        return Map.of(
                Quantity.FISHER_TRACE,
                fisher,
                Quantity.HESSIAN_TRACE,
                hessian,
                Quantity.ADAPTIVE_TRACE,
                adaptive,
                Quantity.HESSIAN_FISHER_GAP,
                hessian - fisher,
                Quantity.DATA_FISHER_TRACE,
                TABLE.dataFisherTrace(EVERYTHING));
    }

    @Override
    double[] hessianDiagonal() {
        double[] diagonal = new double[HESSIAN.length];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = HESSIAN[i][i];
        }
        return diagonal;
    }

    @Override
    double[] fisherDiagonal() {
        return TABLE.fisherDiagonal(EVERYTHING);
    }

    @Test
    void theExactHessianIsSymmetricAndHasTheDiagonalOfSecondDifferences() {
        // Uses losses and scores at perturbed weights alone, and no derivative of the engine.
        Midpoint middle = ENGINE.midpoint(EVERYTHING);
        double[] fisher = fisherDiagonal();
        double largest = 0;
        for (double[] row : HESSIAN) {
            for (double entry : row) {
                largest = Math.max(largest, Math.abs(entry));
            }
        }
        for (int i = 0; i < THETA.length; i++) {
            ForwardForms.Forms forms = ForwardForms.of(middle, EVERYTHING.size(), Vectors.unit(THETA.length, i), 1e-4);
            assertThat(HESSIAN[i][i]).as("entry %d", i).isCloseTo(forms.hessian(), within(1e-6 * largest));
            assertThat(fisher[i]).as("of the Fisher, %d", i).isCloseTo(forms.fisher(), within(1e-6 * largest));
            for (int j = 0; j < i; j++) {
                assertThat(HESSIAN[i][j]).as("entry %d, %d", i, j).isCloseTo(HESSIAN[j][i], within(1e-12 * largest));
            }
        }
    }

    @Test
    void theEnginesSurfaceIsThatOfTheMatricesHoweverABatchIsCut() {
        TokenBatch batch = LANGUAGE.batches(13, 5).batch(0);
        Direction[] directions = {
            ProbeSampler.signs(3, 0, 0, THETA.length),
            Directions.scaled(ProbeSampler.signs(3, 0, 1, THETA.length), Vectors.of(THETA))
        };
        for (LossSurface surface : List.of(ENGINE, PARTS)) {
            for (OutputProbe probe : List.of(
                    ProbeSampler.outputSigns(3, 0, 0),
                    ProbeSampler.targetSigns(3, 0, 0),
                    ProbeSampler.labels(3, 0, 0, batch.size()))) {
                same(surface.gradientNorms(batch, probe), TABLE.gradientNorms(batch, probe));
                same(
                        new double[] {surface.joinedGradientNorm(batch, probe)},
                        new double[] {TABLE.joinedGradientNorm(batch, probe)});
                double[][] blocks = TABLE.gradientNormsOfTensors(batch, probe);
                for (int block = 0; block < blocks.length; block++) {
                    same(surface.gradientNormsOfTensors(batch, probe)[block], blocks[block]);
                }
            }
            same(Vectors.gradient(surface, batch), Vectors.gradient(TABLE, batch));
            List<CurvatureProduct> products = Vectors.products(surface, batch, directions);
            List<CurvatureProduct> exact = Vectors.products(TABLE, batch, directions);
            for (int i = 0; i < products.size(); i++) {
                same(
                        Vectors.array(products.get(i).hessianProduct()),
                        Vectors.array(exact.get(i).hessianProduct()));
                assertThat(products.get(i).fisherForm())
                        .isCloseTo(
                                exact.get(i).fisherForm(),
                                within(1e-9 * (1 + exact.get(i).fisherForm())));
            }
            Midpoint middle = surface.midpoint(batch);
            same(middle.spreads(), TABLE.midpoint(batch).spreads());
            ForwardForms.Forms forms = ForwardForms.of(middle, batch.size(), directions[0], 3e-3);
            double hessian = exact.getFirst().hessianForm();
            assertThat(forms.hessian()).isCloseTo(hessian, within(1e-4 * (1 + Math.abs(hessian))));
            assertThat(forms.fisher()).isCloseTo(exact.getFirst().fisherForm(), within(1e-4 * (1 + Math.abs(hessian))));
        }
    }

    private static void same(double[] one, double[] other) {
        double largest = 1;
        for (double number : other) {
            largest = Math.max(largest, Math.abs(number));
        }
        assertThat(one).containsExactly(other, within(1e-9 * largest));
    }

    @Test
    void float32AgreesWithFloat64() {
        LossSurface single = Vectors.surface(SHAPE.network(), THETA, DataType.FLOAT32);
        TokenBatch batch = LANGUAGE.batches(16, 6).batch(0);
        Direction signs = ProbeSampler.signs(4, 0, 0, THETA.length);
        double exact = Vectors.products(ENGINE, batch, signs).getFirst().hessianForm();
        assertThat(Vectors.products(single, batch, signs).getFirst().hessianForm())
                .isCloseTo(exact, within(1e-4 * Math.abs(exact)));
        OutputProbe probe = ProbeSampler.outputSigns(4, 0, 0);
        double norm = ENGINE.joinedGradientNorm(batch, probe);
        assertThat(single.joinedGradientNorm(batch, probe)).isCloseTo(norm, within(1e-4 * norm));
    }
}
