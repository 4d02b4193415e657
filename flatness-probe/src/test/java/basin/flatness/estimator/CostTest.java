package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.study.Estimator;
import basin.study.EstimatorSpec;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares the costs in the estimator catalogue with metered costs. */
class CostTest {
    private static final CountedLanguage WORDS = new CountedLanguage(4, 3, 64, 5);

    /**
     * Tolerance, because forward distances are tried on the first pairs, selections are random, and
     * Lanczos runs end early.
     */
    private static final double SHARE = 0.1;

    @ParameterizedTest
    @EnumSource
    void aMeasurementCostsWhatTheCatalogueSays(Estimator estimator) {
        check(new EstimatorSpec(estimator, 160, 16, 3, estimator.hasRadius() ? Optional.of(0.01) : Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"paired", "fisher.output", "fisher.batch", "hessian.split", "hessian.hutchpp", "layers.exact"})
    void moreProbesCostMore(String estimator) {
        check(new EstimatorSpec(
                Estimator.of(estimator), 160, 16, 3, Optional.of(3), Optional.empty(), Optional.empty()));
    }

    private static void check(EstimatorSpec requested) {
        MeteredSurface surface = new MeteredSurface(regression());
        Estimators.of(requested)
                .measure(
                        surface,
                        WORDS.batches(requested.batch(), requested.seed()),
                        MeasurementSettings.of(requested, 0.95));
        double counted = surface.spent() / (requested.pairs() * requested.batch());
        double reported = requested.gradientsAnExample();
        // This surface has too few parameters for sixty Lanczos steps: the runs end when the Krylov
        // space is exhausted.
        double share = requested.estimator().measuresSpectrum() ? 1 : SHARE;
        assertThat(counted).as(requested.title()).isPositive().isCloseTo(reported, within(share * reported));
    }

    private static SoftmaxRegression regression() {
        SplittableRandom random = new SplittableRandom(9);
        double[] theta = new double[WORDS.maxLength() * WORDS.words() * WORDS.words()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = random.nextGaussian();
        }
        return new SoftmaxRegression(WORDS.words(), theta);
    }
}
