package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tests of the p-value adjustment against a published example. */
class MultipleTestingTest {
    @Test
    void benjaminiHochbergEqualsTheirExample() {
        // Benjamini and Hochberg (1995), section 3.2: four of 15 tests are rejected at q = .05.
        double[] p = {
            .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1
        };
        double[] adjusted = MultipleTesting.benjaminiHochberg(p);
        assertThat(Arrays.stream(adjusted).filter(q -> q <= .05)).hasSize(4);
        assertThat(adjusted[3]).isCloseTo(.0095 * 15 / 4, within(1e-15));
        // .0201·15/5 = .0603, and .0278·15/6 = .0695 is reduced to .0298·15/7 = .0639.
        assertThat(adjusted[5]).isCloseTo(.0298 * 15 / 7, within(1e-15));
    }

    @Test
    void valuesOutsideTheRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MultipleTesting.benjaminiHochberg(.5, Double.NaN))
                .withMessage("A p-value is NaN: give values between 0 and 1.");
        assertThatIllegalArgumentException().isThrownBy(() -> MultipleTesting.benjaminiHochberg(1.1));
    }
}
