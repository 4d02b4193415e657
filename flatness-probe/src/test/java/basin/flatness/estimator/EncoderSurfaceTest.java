package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.flatness.measurement.Measurement;
import basin.network.TokenBatch;
import basin.record.LayerTraces;
import basin.study.Estimator;
import basin.study.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Runs the kit on an encoder of 243 parameters in float64, with further tests specific to encoders.
 */
class EncoderSurfaceTest extends EstimatorKit {
    private static final TokenBatch EVERYTHING = TinyEncoder.LANGUAGE.everything();
    private static final double[] THETA = TinyEncoder.doubles(TinyEncoder.theta());
    private static final NetworkSurface WHOLE = Vectors.surface(TinyEncoder.SHAPE.network(), THETA, DataType.FLOAT64);
    private static final NetworkSurface PARTS = WHOLE.inPartsOf(3L * TinyEncoder.SHAPE.vocabulary());
    private static final TabulatedSurface TABLE = new TabulatedSurface(WHOLE, TinyEncoder.SHAPE.network(), EVERYTHING);
    private static final double[][] HESSIAN = TABLE.hessian(EVERYTHING);
    private static final Map<Quantity, Double> TRUTH = exactTruth();

    @Override
    LossSurface surface(int part) {
        return part < batch() ? PARTS : WHOLE;
    }

    @Override
    LossSurface manyTimes() {
        return TABLE;
    }

    @Override
    CountedLanguage language() {
        return TinyEncoder.LANGUAGE;
    }

    @Override
    int batch() {
        return 8;
    }

    @Override
    Map<Quantity, Double> truth() {
        return TRUTH;
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
    void layersInFloat32AddUpToo() {
        NetworkSurface single = Vectors.surface(
                TinyEncoder.SHAPE.network(), TinyEncoder.doubles(TinyEncoder.theta()), DataType.FLOAT32);
        List<LayerTraces> layers = layers(single, 23, 80);
        List<Measurement> whole = measure(single, Estimators.of(Estimator.of("paired")), 23, 80);
        double fisher = whole.get(0).value().value();
        double hessian = whole.get(1).value().value();
        assertThat(layers.stream().mapToDouble(layer -> layer.fisher().value()).sum())
                .isCloseTo(fisher, within(1e-5 * fisher));
        assertThat(layers.stream().mapToDouble(layer -> layer.hessian().value()).sum())
                .isCloseTo(hessian, within(1e-5 * Math.abs(hessian)));
    }

    @Test
    void theNetworkIsSmallEnoughForAllSecondDerivatives() {
        assertThat(TinyEncoder.SHAPE.parameterCount()).isLessThanOrEqualTo(500);
    }

    @Test
    void theExactHessianIsSymmetricAndHasTheDiagonalOfSecondDifferences() {
        double[] diagonal = TinyEncoder.hessianDiagonalByDifferences(1e-4);
        double largest = 0;
        for (double[] row : HESSIAN) {
            for (double entry : row) {
                largest = Math.max(largest, Math.abs(entry));
            }
        }
        for (int i = 0; i < HESSIAN.length; i++) {
            assertThat(HESSIAN[i][i]).as("entry %d", i).isCloseTo(diagonal[i], within(1e-6 * largest));
            for (int j = 0; j < i; j++) {
                assertThat(HESSIAN[i][j]).as("entry %d, %d", i, j).isCloseTo(HESSIAN[j][i], within(1e-12 * largest));
            }
        }
    }

    @Test
    void float32AgreesWithFloat64() {
        FlatnessEstimator estimator = Estimators.of(Estimator.of("paired"));
        NetworkSurface single = Vectors.surface(
                TinyEncoder.SHAPE.network(), TinyEncoder.doubles(TinyEncoder.theta()), DataType.FLOAT32);
        List<Measurement> singles = measure(single, estimator, 21, 80);
        List<Measurement> doubles = measure(WHOLE, estimator, 21, 80);
        for (int q = 0; q < doubles.size(); q++) {
            double value = doubles.get(q).value().value();
            double error = doubles.get(q).value().standardError();
            assertThat(singles.get(q).value().value())
                    .as("%s", estimator.quantities().get(q))
                    .isCloseTo(value, within(1e-4 * Math.abs(value)));
            assertThat(singles.get(q).value().standardError()).isCloseTo(error, within(1e-4 * error));
        }
    }

    private static Map<Quantity, Double> exactTruth() {
        double hessianTrace = 0;
        double adaptiveTrace = 0;
        for (int i = 0; i < THETA.length; i++) {
            hessianTrace += HESSIAN[i][i];
            adaptiveTrace += THETA[i] * THETA[i] * HESSIAN[i][i];
        }
        double fisherTrace = TABLE.fisherTrace(EVERYTHING);
        return Map.of(
                Quantity.FISHER_TRACE,
                fisherTrace,
                Quantity.HESSIAN_TRACE,
                hessianTrace,
                Quantity.ADAPTIVE_TRACE,
                adaptiveTrace,
                Quantity.HESSIAN_FISHER_GAP,
                hessianTrace - fisherTrace,
                Quantity.DATA_FISHER_TRACE,
                TABLE.dataFisherTrace(EVERYTHING));
    }
}
