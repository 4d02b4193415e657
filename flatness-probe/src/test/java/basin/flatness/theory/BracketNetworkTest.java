package basin.flatness.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the flattest network of the bracket language against its closed form and other networks.
 */
class BracketNetworkTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 8, 10})
    void countingNeuronsReachTheLeastTrace(int length) {
        BracketNetwork counting = BracketNetwork.counting(length);
        assertThat(counting.worstError(length)).isLessThan(1e-12);
        assertThat(counting.trace(length)).isCloseTo(4 * Math.sqrt(length - 1), within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 8})
    void noExactNetworkOfRandomFeaturesHasLess(int length) {
        int strings = BracketString.masked(length).size();
        for (long seed = 1; seed <= 3; seed++) {
            BracketNetwork random = BracketNetwork.random(length, 2 * strings, seed);
            assertThat(random.worstError(length)).as("T = %d", length).isLessThan(1e-6);
            double min = 4 * Math.sqrt(length - 1);
            assertThat(random.trace(length)).as("T = %d", length).isGreaterThan(length < 6 ? min : 4 * min);
        }
    }

    @Test
    void countingNeuronsFailToTransferOnlyWhereAllExamplesAreAlike() {
        BracketNetwork counting = BracketNetwork.counting(6);
        int failed = 0;
        for (long seed = 0; seed < 4_000; seed++) {
            failed += counting.failsToTransfer(6, 4, seed) ? 1 : 0;
        }
        // Both classes are equally large, so four examples agree with probability 2·2⁻⁴; tolerance
        // five standard errors.
        assertThat(failed / 4_000.0).isCloseTo(0.125, within(5 * Math.sqrt(0.125 * 0.875 / 4_000)));
    }

    @Test
    void aLengthThatHasNoBalancedStringIsRefused() {
        assertThatThrownBy(() -> BracketNetwork.counting(5).trace(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length is 5: give an even number from 2 to 12");
    }
}
