package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.study.Association;
import basin.study.SampleSize;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the smallest detectable coefficients by simulation and against published tables. */
class SmallestDetectableTest {
    private static final CorrelationInference INFERENCE =
            new CorrelationInference(new ResamplingPlan(6, 499, 100, .95));

    private static final int WHOLE = 1_000;

    /** Number of simulated studies. */
    private static final int STUDIES = SampleSize.of(500, WHOLE);

    private static boolean rejects(Inference inference) {
        return inference instanceof Inference.Estimate estimate
                && estimate.p().orElseThrow().value() <= SmallestDetectable.SIGNIFICANCE;
    }

    @Tag("sampled")
    @ParameterizedTest
    @CsvSource({
        "PEARSON,8",
        "PEARSON,12",
        "SPEARMAN,8",
        "SPEARMAN,12",
        "SPEARMAN,24",
        "KENDALL,8",
        "KENDALL,12",
        "KENDALL,24"
    })
    void isDetectedFourTimesInFive(Association association, int runs) {
        double min = SmallestDetectable.over(association, runs).orElseThrow();
        double r = switch (association) {
            case PEARSON -> min;
            case SPEARMAN -> 2 * Math.sin(Math.PI * min / 6);
            case KENDALL -> Math.sin(Math.PI * min / 2);
        };
        Random random = new Random(91);
        int detected = 0;
        for (int trial = 0; trial < STUDIES; trial++) {
            detected +=
                    rejects(INFERENCE.correlate(association, "power-" + trial, Draws.normal(random, r, runs))) ? 1 : 0;
        }
        isFourInFive(detected);
    }

    /**
     * Checks a number of detections. 1,000 studies have a standard error of .013. The bounds .80 ±
     * .06 allow four of them, as many as of fewer studies, and .01 for the approximation: a false
     * alarm in 16,000 seeds.
     */
    private static void isFourInFive(int detected) {
        assertThat(detected / (double) STUDIES).isCloseTo(.80, within(.01 + .05 * Math.sqrt(WHOLE / (double) STUDIES)));
    }

    @Tag("sampled")
    @ParameterizedTest
    @CsvSource({"3,4", "4,3", "6,4"})
    void isDetectedFourTimesInFiveWithinStrata(int size, int strata) {
        int[] sizes = new int[strata];
        Arrays.fill(sizes, size);
        double tau = SmallestDetectable.withinStrata(sizes).orElseThrow();
        Random random = new Random(92);
        int detected = 0;
        for (int trial = 0; trial < STUDIES; trial++) {
            detected += rejects(INFERENCE.stratifiedTau(
                            "power-" + trial, Draws.normal(random, Math.sin(Math.PI * tau / 2), sizes)))
                    ? 1
                    : 0;
        }
        isFourInFive(detected);
    }

    @Test
    void nullScoresAreCountedAsKendallDid() {
        // Scores −10, −8 … 10 of five runs: 1, 4, 9, 15, 20, 22, 20 … of 120.
        double[] distribution = SmallestDetectable.scoreDistribution(new int[] {5}, 10);
        int[] counts = {1, 4, 9, 15, 20, 22, 20, 15, 9, 4, 1};
        for (int i = 0; i < counts.length; i++) {
            assertThat(distribution[2 * i]).isCloseTo(counts[i] / 120.0, within(1e-15));
        }
        // Two strata of two: −2, 0, 2.
        double[] two = SmallestDetectable.scoreDistribution(new int[] {2, 2}, 2);
        assertThat(two).containsExactly(.25, 0, .5, 0, .25);
    }

    @Test
    void eightyFiveRunsDetectCohensMediumEffect() {
        // Cohen (1988), table 3.4.1: 85 ± 1 runs for r = .3.
        assertThat(SmallestDetectable.over(Association.PEARSON, 86).orElseThrow())
                .isLessThanOrEqualTo(.3);
        assertThat(SmallestDetectable.over(Association.PEARSON, 83).orElseThrow())
                .isGreaterThan(.3);
    }

    @Test
    void tooFewRunsDetectNothing() {
        assertThat(SmallestDetectable.over(Association.KENDALL, 5)).isEmpty();
        assertThat(SmallestDetectable.withinStrata(3, 3)).isEmpty();
        assertThat(SmallestDetectable.withinStrata(3, 1, 1, 1)).isEmpty();
        assertThat(SmallestDetectable.withinStrata(3, 3, 2)).isNotEmpty();
    }
}
