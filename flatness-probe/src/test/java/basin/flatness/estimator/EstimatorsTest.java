package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.events.spec.EstimatorSpec;
import org.junit.jupiter.api.Test;

/** What a study may ask for is what there is. */
class EstimatorsTest {
    @Test
    void everyEstimatorCanBeAskedForAndMeasuresWhatIsPromised() {
        assertThat(Estimators.all()).extracting(FlatnessEstimator::name).doesNotHaveDuplicates();
        for (FlatnessEstimator estimator : Estimators.all()) {
            EstimatorSpec asked =
                    new EstimatorSpec(estimator.name(), estimator.leastPairs(), estimator.leastExamples(), 1);
            assertThat(asked.quantities()).as(estimator.name()).isEqualTo(estimator.quantities());
        }
    }

    @Test
    void noOtherCanBe() {
        assertThatThrownBy(() -> new EstimatorSpec("hessian.guessed", 40, 16, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .satisfies(said -> assertThat(Estimators.all())
                        .allSatisfy(estimator -> assertThat(said).contains(estimator.name())));
    }
}
