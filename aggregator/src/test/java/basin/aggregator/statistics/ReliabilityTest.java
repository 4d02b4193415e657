package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
    @Test
    void equalsHandValue() {
        // Variance of 1, 2, 3, 4 is 5/3; squared errors average (.25 + .25 + .09 + .41)/4 = .25.
        Reliability reliability = Reliability.of(new double[] {1, 2, 3, 4}, new double[] {.5, .5, .3, Math.sqrt(.41)})
                .orElseThrow();
        assertThat(reliability.value()).isCloseTo((5.0 / 3 - .25) / (5.0 / 3), within(1e-15));
        assertThat(reliability.errorsAreSmall()).isFalse();
        assertThat(Reliability.of(new double[] {1, 2, 3, 4}, new double[] {.4, .4, .4, .4})
                        .orElseThrow()
                        .errorsAreSmall())
                .isTrue();
        assertThat(Reliability.of(new double[] {1, 2}, new double[] {3, 3})
                        .orElseThrow()
                        .value())
                .isZero();
        assertThat(Reliability.of(new double[] {1}, new double[] {0})).isEmpty();
        assertThat(Reliability.of(new double[] {1, 1}, new double[] {0, 0})).isEmpty();
    }

    @Test
    void attenuatesAsMeasured() {
        // x and y equal but for errors of .6 and .3 standard deviations, 40,000 runs: r is the attenuation to about
        // 1/√40,000 (1 − r²);
        // bound .02, above five of those.
        int n = 40_000;
        Random random = new Random(81);
        double[] x = new double[n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            double truth = random.nextGaussian();
            x[i] = truth + .6 * random.nextGaussian();
            y[i] = truth + .3 * random.nextGaussian();
        }
        double[] errorX = new double[n];
        double[] errorY = new double[n];
        Arrays.fill(errorX, .6);
        Arrays.fill(errorY, .3);
        double attenuation = Reliability.of(x, errorX)
                .orElseThrow()
                .attenuationWith(Reliability.of(y, errorY).orElseThrow());
        assertThat(Association.PEARSON.of(x, y).estimate()).isCloseTo(attenuation, within(.02));
        assertThat(attenuation).isCloseTo(1 / Math.sqrt(1.36 * 1.09), within(.02));
    }

    @Test
    void wrongInputIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Reliability.of(new double[2], new double[1]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reliability.of(new double[] {1, 2}, new double[] {1, -1}))
                .withMessage("Value 2.0 has the standard error -1.0: give finite values and errors of at least zero.");
    }
}
