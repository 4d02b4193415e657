package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import basin.events.Interval;
import basin.events.Measured;
import org.junit.jupiter.api.Test;

class PairStatisticsTest {

    @Test
    void meanAndStandardErrorByHand() {
        Measured mean = PairStatistics.mean(new double[] {1, 2, 3, 6});
        assertThat(mean.value()).isEqualTo(3);
        // Squared deviations 4 + 1 + 0 + 9 = 14; variance 14/3; of the mean 14/12.
        assertThat(mean.standardError()).isCloseTo(Math.sqrt(14.0 / 12), within(1e-15));
    }

    @Test
    void intervalUsesStudentsTable() {
        // Published two-sided 95 % points: t(3) = 3.182446, t(29) = 2.045230; 99 %: t(29) = 2.756386.
        assertThat(reach(4, 0.95)).isCloseTo(3.182446, within(1e-6));
        assertThat(reach(30, 0.95)).isCloseTo(2.045230, within(1e-6));
        assertThat(reach(30, 0.99)).isCloseTo(2.756386, within(1e-6));
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> PairStatistics.mean(new double[] {1, Double.NaN, 2}))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("pair 1 gave NaN");
    }

    @Test
    void effectiveRankOfAProjection() {
        // A projection of rank r has v'Av = ‖Av‖² with mean r: tr² / ‖A‖²_F = r² / r.
        assertThat(EffectiveRank.of(new Measured(7, 0), new double[] {7, 6, 8})).hasValue(7.0);
        // The square of the mean is too large by its variance.
        assertThat(EffectiveRank.of(new Measured(3, 1), new double[] {4, 4})).hasValue(2.0);
        assertThat(EffectiveRank.of(new Measured(1, 2), new double[] {4, 4})).isEmpty();
    }

    private static double reach(int values, double confidence) {
        Interval interval = PairStatistics.interval(new Measured(10, 1), values, confidence);
        assertThat(interval.confidence()).isEqualTo(confidence);
        assertThat(interval.low() + interval.high()).isCloseTo(20, within(1e-12));
        return interval.high() - 10;
    }
}
