package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.flatness.measurement.Measurement;
import basin.network.engine.Devices;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Runs the whole kit on a CUDA device and compares every estimator there with float64 on the CPU.
 * Skipped without such a device.
 */
@EnabledIf(value = "basin.flatness.estimator.CudaCondition#isMet", disabledReason = "there is no CUDA device here")
class CudaTest extends EncoderSurfaceTest {
    private Devices.Use device;

    @BeforeEach
    void onTheDevice() {
        device = Devices.use("cuda:0");
    }

    @AfterEach
    void offTheDevice() {
        device.close();
    }

    @Test
    void everyEstimatorAgreesWithFloat64OnTheCpu() {
        NetworkSurface single = Vectors.surface(
                TinyEncoder.SHAPE.network(), TinyEncoder.doubles(TinyEncoder.theta()), DataType.FLOAT32);
        NetworkSurface precise = Vectors.surface(
                TinyEncoder.SHAPE.network(), TinyEncoder.doubles(TinyEncoder.theta()), DataType.FLOAT64);
        for (FlatnessEstimator estimator : EstimatorKit.estimators()) {
            int pairs = Math.max(estimator.minPairs(), Math.ceilDiv(estimator.minExamples(), batch()));
            List<Measurement> reference;
            try (Devices.Use _ = Devices.use(Devices.CPU)) {
                reference = measure(precise, estimator, 29, pairs);
            }
            List<Measurement> doubles = measure(precise, estimator, 29, pairs);
            List<Measurement> singles = measure(single, estimator, 29, pairs);
            for (int q = 0; q < reference.size(); q++) {
                double value = reference.get(q).value().value();
                double scale = Math.abs(value) + reference.get(q).value().standardError();
                assertThat(doubles.get(q).value().value())
                        .as("%s in float64", estimator.name())
                        .isCloseTo(value, within(1e-7 * scale));
                assertThat(singles.get(q).value().value())
                        .as("%s in float32", estimator.name())
                        .isCloseTo(value, within(1e-2 * scale));
            }
        }
    }
}
