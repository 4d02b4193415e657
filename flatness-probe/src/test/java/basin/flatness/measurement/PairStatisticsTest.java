package basin.flatness.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import basin.record.Interval;
import basin.record.Measured;
import basin.study.Refusal;
import org.junit.jupiter.api.Test;

/** Tests the statistics of pairs against published tables and hand calculations. */
class PairStatisticsTest {

    @Test
    void meanAndStandardErrorByHand() {
        Measured mean = PairStatistics.mean(new double[] {1, 2, 3, 6});
        assertThat(mean.value()).isEqualTo(3);
        // Squared deviations 4 + 1 + 0 + 9 = 14; variance 14/3; variance of the mean 14/12.
        assertThat(mean.standardError()).isCloseTo(Math.sqrt(14.0 / 12), within(1e-15));
    }

    @Test
    void withoutSkewTheIntervalUsesStudentsTable() {
        // Published two-sided 95 % quantiles: t(3) = 3.182446, t(29) = 2.045230; 99 %: t(29) =
        // 2.756386.
        assertThat(reach(4, 0.95)).isCloseTo(3.182446, within(1e-6));
        assertThat(reach(30, 0.95)).isCloseTo(2.045230, within(1e-6));
        assertThat(reach(30, 0.99)).isCloseTo(2.756386, within(1e-6));
    }

    @Test
    void theEndsOfASkewedIntervalTransformToStudentsPoints() {
        double[] values = {1, 1, 2, 2, 2, 3, 4, 5, 9, 21};
        // By hand: mean 5, sum of squared deviations 336, of cubed deviations 3,942.
        int n = 10;
        double deviation = Math.sqrt(336.0 / 9);
        double skewness = 394.2 / Math.pow(33.6, 1.5) * Math.sqrt(90) / 8;
        Interval interval = PairStatistics.interval(values, 0.95);
        double student = 2.262157 / Math.sqrt(n);
        assertThat(transformed((5 - interval.low()) / deviation, skewness, n)).isCloseTo(student, within(1e-6));
        assertThat(transformed((5 - interval.high()) / deviation, skewness, n)).isCloseTo(-student, within(1e-6));
        assertThat(interval.high() - 5).isGreaterThan(2 * (5 - interval.low()));
    }

    /** Hall's cubic transformation (1992). */
    private static double transformed(double t, double skewness, int n) {
        return t + skewness * t * t / 3 + skewness * skewness * t * t * t / 27 + skewness / (6 * n);
    }

    @Test
    void valuesThatAreAllTheSameGiveAPoint() {
        assertThat(PairStatistics.interval(new double[] {2, 2, 2, 2}, 0.95)).isEqualTo(new Interval(2, 2, 0.95));
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> PairStatistics.mean(new double[] {1, Double.NaN, 2}))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("pair 1 gave NaN");
    }

    @Test
    void effectiveRankOfAProjection() {
        // A projection of rank r has v'Av = ‖Av‖² with mean r: tr² / ‖A‖²_F = r² / r.
        assertThat(PairStatistics.effectiveRank(new Measured(7, 0), new double[] {7, 6, 8}))
                .hasValue(7.0);
        // The squared mean is biased upwards by its variance.
        assertThat(PairStatistics.effectiveRank(new Measured(3, 1), new double[] {4, 4}))
                .hasValue(2.0);
        assertThat(PairStatistics.effectiveRank(new Measured(1, 2), new double[] {4, 4}))
                .isEmpty();
    }

    /** Returns the half-width of the interval of symmetric values, in standard errors. */
    private static double reach(int count, double confidence) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = 10 + (i % 2 == 0 ? 1 : -1);
        }
        Interval interval = PairStatistics.interval(values, confidence);
        assertThat(interval.confidence()).isEqualTo(confidence);
        assertThat(interval.low() + interval.high()).isCloseTo(20, within(1e-12));
        return (interval.high() - 10) / PairStatistics.mean(values).standardError();
    }
}
