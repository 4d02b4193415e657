package basin.flatness.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import basin.study.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests differences of two models over the same batches. */
class PairedDifferenceTest {
    private static final double CONFIDENCE = 0.95;

    /** Draws values of two models whose batches have a part in common. */
    private static List<List<Double>> drawn(RandomGenerator random, int pairs, double difference) {
        double[] common = random.doubles(pairs).map(u -> -10 * Math.log1p(-u)).toArray();
        return List.of(
                IntStream.range(0, pairs)
                        .mapToObj(i -> common[i] + difference + random.nextGaussian())
                        .toList(),
                IntStream.range(0, pairs)
                        .mapToObj(i -> common[i] + random.nextGaussian())
                        .toList());
    }

    @Test
    void isStudentsIntervalOfTheDifferences() {
        // Differences 1, 2 and 3: no skewness, deviation 1, Student's quantile of 2 degrees of
        // freedom 4.30265.
        PairedDifference found = PairedDifference.of(List.of(2.0, 4.0, 6.0, 99.0), List.of(1.0, 2.0, 3.0), CONFIDENCE);
        assertThat(found.pairs()).isEqualTo(3);
        assertThat(found.value().value()).isEqualTo(2);
        assertThat(found.value().standardError()).isCloseTo(1 / Math.sqrt(3), within(1e-15));
        assertThat(found.interval().low()).isCloseTo(2 - 4.302653 / Math.sqrt(3), within(1e-5));
        assertThat(found.interval().high()).isCloseTo(2 + 4.302653 / Math.sqrt(3), within(1e-5));
    }

    @Test
    void equalModelsHaveTheDifferenceZero() {
        PairedDifference found = PairedDifference.of(List.of(1.0, 5.0, 2.0), List.of(1.0, 5.0, 2.0), CONFIDENCE);
        assertThat(found.value().value()).isZero();
        assertThat(found.interval().low()).isZero();
        assertThat(found.interval().high()).isZero();
    }

    @Test
    void theIntervalCoversAndWhatIsInCommonCancels() {
        RandomGenerator random = Seeds.generator(1, "paired");
        int covered = 0;
        for (int i = 0; i < 2000; i++) {
            List<List<Double>> values = drawn(random, 40, 0.5);
            PairedDifference found = PairedDifference.of(values.getFirst(), values.getLast(), CONFIDENCE);
            if (found.interval().low() <= 0.5 && found.interval().high() >= 0.5) {
                covered++;
            }
            // Each has a deviation of about 10, their difference one of about the root of 2.
            assertThat(found.value().standardError()).isLessThan(0.4);
        }
        assertThat(covered / 2000.0).isBetween(0.93, 0.97);
    }

    @Test
    void needsThreeBatches() {
        assertThatThrownBy(() -> PairedDifference.of(List.of(1.0, 2.0), List.of(1.0, 2.0, 3.0), CONFIDENCE))
                .hasMessageContaining("2 batches in common");
    }
}
