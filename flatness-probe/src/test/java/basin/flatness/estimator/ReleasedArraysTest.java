package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import basin.network.ParameterSource;
import basin.network.engine.Torch;
import basin.network.engine.Workers;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests that a measurement leaves no array in native memory. */
@Isolated("Counts the arrays of the whole process")
class ReleasedArraysTest {
    @Test
    void noEstimatorLeavesArraysBehind() {
        int before = Torch.liveArrays();
        try (NetworkSurface whole = NetworkSurface.of(
                TinyEncoder.SHAPE.network(),
                ParameterSource.of(TinyEncoder.theta()),
                DataType.FLOAT32,
                Workers.of(2))) {
            NetworkSurface surface = whole.inPartsOf(2L * TinyEncoder.SHAPE.vocabulary());
            surface.losses(TinyEncoder.LANGUAGE.everything());
            int resident = Torch.liveArrays();
            for (Estimator estimator : Estimator.values()) {
                Optional<Double> radius = estimator.id().startsWith("sharpness") ? Optional.of(0.05) : Optional.empty();
                EstimatorSpec requested = new EstimatorSpec(estimator, 80, 128, 3, radius);
                if (Estimators.of(requested) instanceof PairwiseEstimator pairwise) {
                    pairwise.valuesOfPairs(
                            surface,
                            TinyEncoder.LANGUAGE.batches(6, 3),
                            new MeasurementSettings(2, 1, Optional.empty(), 3, 0.95));
                    // The weights stay until the surface is closed.
                    assertThat(Torch.liveArrays()).as("%s", estimator).isEqualTo(resident);
                }
            }
        }
        assertThat(Torch.liveArrays()).isEqualTo(before);
    }
}
