package basin.aggregator.present;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests the formats of numbers for readers. */
class NumbersTest {
    @Test
    void anEstimateHasTheDigitsThatItsErrorAllows() {
        assertThat(Numbers.estimate(0.61234, 0.0071, 0.598, 0.626)).isEqualTo("0.612 [0.598, 0.626]");
        assertThat(Numbers.estimate(0.61234, 0.012, 0.5888, 0.6359)).isEqualTo("0.612 [0.589, 0.636]");
        assertThat(Numbers.estimate(12345.6, 210, 11934, 12757)).isEqualTo("12,300 [11,900, 12,800]");
        assertThat(Numbers.estimate(0.25, 0, 0.25, 0.25)).isEqualTo("0.25");
        assertThat(Numbers.rounded(-0.0004, 0.01)).isEqualTo("0.000");
    }

    @Test
    void aValueHasNoMoreDigitsThanItsStandardError() {
        assertThat(Numbers.plusMinus(1658.72, 282)).isEqualTo("1,660 ± 280");
        assertThat(Numbers.plusMinus(1658.72, 390)).isEqualTo("1,700 ± 400");
        assertThat(Numbers.plusMinus(82.153, 0.5)).isEqualTo("82.2 ± 0.5");
        assertThat(Numbers.plusMinus(82.153, 0.0123)).isEqualTo("82.153 ± 0.012");
        assertThat(Numbers.plusMinus(-0.0004, 0.0096)).isEqualTo("0.000 ± 0.010");
        assertThat(Numbers.plusMinus(3, 0)).isEqualTo("3");
        assertThat(Numbers.toError(1186.53, 282)).isEqualTo("1,190");
    }

    @Test
    void differencesHaveASignAndCorrelationsTwoDecimals() {
        assertThat(Numbers.difference(0.0312, 0.004)).isEqualTo("+0.031");
        assertThat(Numbers.difference(-0.0312, 0.004)).isEqualTo("−0.031");
        assertThat(Numbers.difference(0.0001, 0.04)).isEqualTo("0.00");
        assertThat(Numbers.correlation(-0.4)).isEqualTo("−0.40");
        assertThat(Numbers.correlation(-0.001)).isEqualTo("0.00");
        assertThat(Numbers.correlations(-0.4, 0.123)).isEqualTo("[−0.40, 0.12]");
    }

    @Test
    void pHasTwoSignificantDigits() {
        assertThat(Numbers.probability(0.03)).isEqualTo("0.030");
        assertThat(Numbers.probability(0.0996)).isEqualTo("0.10");
        assertThat(Numbers.probability(0.5)).isEqualTo("0.50");
        assertThat(Numbers.probability(1)).isEqualTo("1.0");
        assertThat(Numbers.named("p", 0.001234)).isEqualTo("p = 0.0012");
        assertThat(Numbers.named("p", 0.0009)).isEqualTo("p < 0.001");
    }

    @Test
    void timesSizesAndCounts() {
        assertThat(Numbers.time(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
        assertThat(Numbers.bytes(1_000_001)).isEqualTo("2 MB");
        assertThat(Numbers.about(1_234_567)).isEqualTo("1.2 million");
        assertThat(Numbers.plural(1, "run") + ", " + Numbers.plural(1200, "run"))
                .isEqualTo("1 run, 1,200 runs");
        assertThat(Numbers.plain(0.000012345)).isEqualTo("1.23e−5");
        assertThat(Numbers.plain(1234.5)).isEqualTo("1,230");
    }
}
