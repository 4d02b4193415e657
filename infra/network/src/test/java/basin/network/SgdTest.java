package basin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The steps of stochastic gradient descent compared with hand-derived values. */
class SgdTest {

    @Test
    void twoStepsEqualTheHandDerivedValues() {
        // Rate .1, momentum .5, decay .01. Step 1 with g = 2: v = 2. Step 2 with g = −1: v = .5·2 −
        // 1 = 0. Step 3 with g = 3: v = 3. Decay takes .1·.01·θ off where it applies.
        Sgd optimiser = new Sgd(0.5, 0.01);
        float[] theta = {1, 1};
        float[] velocity = new float[2];
        float[] decays = {1, 0};
        optimiser.step(0.1, theta, new float[] {2, 2}, velocity, decays);
        assertThat(theta[0]).isCloseTo(1 - 0.001f - 0.2f, within(1e-6f));
        assertThat(theta[1]).isCloseTo(0.8f, within(1e-6f));
        optimiser.step(0.1, theta, new float[] {-1, -1}, velocity, decays);
        assertThat(theta[0]).isCloseTo(0.799f * 0.999f, within(1e-6f));
        assertThat(theta[1]).isCloseTo(0.8f, within(1e-6f));
        optimiser.step(0.1, theta, new float[] {3, 3}, velocity, decays);
        assertThat(theta[1]).isCloseTo(0.5f, within(1e-6f));
    }
}
