package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests of the closed-form intervals against values computed by hand and by simulation. */
class ClosedFormsTest {
    @Test
    void fisherZEqualsItsFormula() {
        // r = .5, n = 28: atanh(.5) = .549306, error 1/5, ends tanh(.549306 ∓ .391993).
        Interval interval = ClosedForms.fisherZ(.5, 28, .95).orElseThrow();
        assertThat(interval.low()).isCloseTo(0.15602836252908595, within(1e-12));
        assertThat(interval.high()).isCloseTo(0.7358184794439376, within(1e-12));
        assertThat(ClosedForms.fisherZ(1, 28, .95)).isEmpty();
    }

    @Test
    void bonettWrightEqualsItsFormula() {
        // rho = .5, n = 21: error √(1.125/18) = 1/4; with three covariates more runs are needed for
        // the same error.
        Interval interval = ClosedForms.bonettWright(.5, 21, 0, .95);
        assertThat(interval.low()).isCloseTo(0.05924568338848855, within(1e-12));
        assertThat(interval.high()).isCloseTo(0.7776103624795694, within(1e-12));
        Interval partial = ClosedForms.bonettWright(.5, 24, 3, .95);
        assertThat(partial.low()).isEqualTo(interval.low());
        assertThat(partial.high()).isEqualTo(interval.high());
    }

    @Test
    void perfectRankCorrelationKeepsAWidth() {
        Interval interval = ClosedForms.bonettWright(1, 12, 0, .95);
        assertThat(interval.high()).isEqualTo(1);
        assertThat(interval.low()).isBetween(.9, 1 - 6.0 / (12 * 143));
        Interval tau = ClosedForms.kendallScore(-1, new int[] {12}, .95);
        assertThat(tau.low()).isEqualTo(-1);
        assertThat(tau.high()).isBetween(-.9, -.5);
    }

    @Test
    void tauVarianceHasItsKnownValues() {
        for (int n = 2; n < 30; n++) {
            int[] one = {n};
            assertThat(ClosedForms.tauVariance(0, one)).isCloseTo(2 * (2 * n + 5) / (9.0 * n * (n - 1)), within(1e-15));
            assertThat(ClosedForms.tauVariance(1, one)).isCloseTo(0, within(1e-14));
            assertThat(ClosedForms.tauVariance(-1, one)).isCloseTo(0, within(1e-14));
        }
        // One pair is ±1 with mean tau. Equal strata divide the variance by their number.
        assertThat(ClosedForms.tauVariance(.3, new int[] {2})).isCloseTo(.91, within(1e-15));
        assertThat(ClosedForms.tauVariance(.3, new int[] {5, 5, 5}))
                .isCloseTo(ClosedForms.tauVariance(.3, new int[] {5}) / 3, within(1e-15));
    }

    @Test
    void tauVarianceEqualsThatOfDrawnPairs() {
        // 100,000 normal samples with r = .7 in strata of 4 and 3. The relative error of the sample
        // variance is about √(2/100,000) = .45 %; the bound of 2 % is more than four times that.
        Random random = new Random(31);
        double r = .7;
        double tau = Draws.tauOf(r);
        double squares = 0;
        for (int trial = 0; trial < 100_000; trial++) {
            int score = 0;
            for (int size : new int[] {4, 3}) {
                double[] x = random.ints(size)
                        .mapToDouble(i -> random.nextGaussian())
                        .toArray();
                double[] y = new double[size];
                for (int i = 0; i < size; i++) {
                    y[i] = r * x[i] + Math.sqrt(1 - r * r) * random.nextGaussian();
                    for (int j = 0; j < i; j++) {
                        score += (x[i] - x[j]) * (y[i] - y[j]) > 0 ? 1 : -1;
                    }
                }
            }
            squares += (score / 9.0 - tau) * (score / 9.0 - tau);
        }
        assertThat(squares / 100_000 / ClosedForms.tauVariance(tau, new int[] {4, 3}))
                .isCloseTo(1, within(.02));
    }

    @Test
    void scoreEndsAreWhereTheTestTurns() {
        double z = Normal.quantile(.975);
        for (int[] sizes : new int[][] {{8}, {24}, {3, 3, 3, 3}, {4, 3, 2}, {2, 2, 2}}) {
            for (double tau = -.95; tau < 1; tau += .05) {
                Interval interval = ClosedForms.kendallScore(tau, sizes, .95);
                assertThat(tau - interval.low())
                        .isCloseTo(z * Math.sqrt(ClosedForms.tauVariance(interval.low(), sizes)), within(1e-9));
                assertThat(interval.high() - tau)
                        .isCloseTo(z * Math.sqrt(ClosedForms.tauVariance(interval.high(), sizes)), within(1e-9));
                // The accepted values form an interval, so it suffices to compare the ends.
                for (double other = -1; other <= 1; other += .01) {
                    boolean accepted =
                            Math.abs(tau - other) <= z * Math.sqrt(ClosedForms.tauVariance(other, sizes)) + 1e-9;
                    assertThat(accepted).isEqualTo(interval.low() - 1e-9 <= other && other <= interval.high() + 1e-9);
                }
            }
        }
    }
}
