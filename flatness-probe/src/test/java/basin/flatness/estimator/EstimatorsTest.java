package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests that every estimator that a study may request exists. */
class EstimatorsTest {
    @Test
    void everyEstimatorCanBeAskedForAndMeasuresWhatIsPromised() {
        assertThat(Estimator.values()).extracting(Estimator::id).doesNotHaveDuplicates();
        for (FlatnessEstimator estimator : EstimatorKit.estimators()) {
            EstimatorSpec requested =
                    new EstimatorSpec(estimator.estimator(), estimator.minPairs(), estimator.minExamples(), 1);
            assertThat(requested.quantities()).as(estimator.name()).isEqualTo(estimator.quantities());
        }
    }

    @Test
    void aSharpnessIsAskedForWithItsRadius() {
        for (String name : List.of("sharpness.average", "sharpness.adaptive", "sharpness.sam")) {
            EstimatorSpec requested = new EstimatorSpec(Estimator.of(name), 40, 16, 1, Optional.of(0.01));
            FlatnessEstimator estimator = Estimators.of(requested);
            assertThat(estimator.name()).isEqualTo(name);
            assertThat(requested.quantities()).isEqualTo(estimator.quantities());
            assertThatThrownBy(() -> new EstimatorSpec(Estimator.of(name), 40, 16, 1))
                    .hasMessageStartingWith("flatness.radius is absent: say how far");
            assertThatThrownBy(() -> new EstimatorSpec(Estimator.of(name), 40, 16, 1, Optional.of(0.0)))
                    .hasMessageStartingWith("flatness.radius is 0.0: give a number above 0");
        }
        assertThatThrownBy(() -> new EstimatorSpec(Estimator.PAIRED, 40, 16, 1, Optional.of(0.01)))
                .hasMessageStartingWith("flatness.radius is 0.01: leave it out");
    }

    @Test
    void noOtherCanBe() {
        assertThatThrownBy(() -> Estimator.of("hessian.guessed"))
                .isInstanceOf(Refusal.class)
                .message()
                .satisfies(said -> assertThat(EstimatorKit.estimators())
                        .allSatisfy(estimator -> assertThat(said).contains(estimator.name())));
    }
}
