package basin.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.record.Measured;
import org.junit.jupiter.api.Test;

/** Tests of the intervals of measured values against Student's table. */
class EstimateTest {
    @Test
    void theMeanOfFewRepetitionsHasStudentsInterval() {
        // Student's two-sided 95 % quantile with four degrees of freedom: 2.776.
        Estimate five = Estimate.of(new Measured(0.6, 0.01), 5);
        assertThat(five.low()).isCloseTo(0.6 - 0.02776, within(1e-5));
        assertThat(five.high()).isCloseTo(0.6 + 0.02776, within(1e-5));
    }

    @Test
    void oneRepetitionAndAKnownErrorHaveTheNormalInterval() {
        assertThat(Estimate.of(new Measured(0.6, 0.01), 1).high()).isCloseTo(0.6 + 0.0196, within(1e-5));
        assertThat(Estimate.of(new Measured(0.6, 0.01))).isEqualTo(Estimate.of(new Measured(0.6, 0.01), 1));
        assertThat(Estimate.of(Measured.exact(1), 7)).isEqualTo(new Estimate(1, 0, 1, 1));
    }

    @Test
    void aDifferenceHasWelchsDegreesOfFreedom() {
        // Equal errors of five repetitions each give eight degrees of freedom, with quantile 2.306.
        Estimate even = Estimate.difference(new Measured(0.6, 0.03), new Measured(0.2, 0.03), 5);
        assertThat(even.value()).isCloseTo(0.4, within(1e-15));
        assertThat(even.standardError()).isCloseTo(0.03 * Math.sqrt(2), within(1e-15));
        assertThat(even.high() - even.value()).isCloseTo(2.306 * 0.03 * Math.sqrt(2), within(1e-5));
        // One mean has all of the error, so its four degrees of freedom apply.
        Estimate one = Estimate.difference(new Measured(0.6, 0.03), Measured.exact(0.2), 5);
        assertThat(one.high() - one.value()).isCloseTo(2.776445 * 0.03, within(1e-6));
    }
}
