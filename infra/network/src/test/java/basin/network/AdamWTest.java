package basin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** AdamW's steps compared with hand-derived values. */
class AdamWTest {

    @Test
    void twoStepsEqualTheHandDerivedValues() {
        // Rate 0.1, β = (.9, .98), ε 1e-6, decay .01. Step 1 with g = 2: m = .2, v = .08; corrected
        // m = 2, v = 4, so the move is .1·2/(2 + 1e-6); decay takes .1·.01·θ off where it applies.
        AdamW optimiser = new AdamW(0.9, 0.98, 1e-6, 0.01);
        float[] theta = {1, 1};
        float[] first = new float[2];
        float[] second = new float[2];
        float[] decays = {1, 0};
        optimiser.step(1, 0.1, theta, new float[] {2, 2}, first, second, decays);
        double move = 0.1 * 2 / (2 + 1e-6);
        assertThat(theta[0]).isCloseTo((float) (1 - 0.001 - move), within(1e-6f));
        assertThat(theta[1]).isCloseTo((float) (1 - move), within(1e-6f));
        // Step 2 with g = −1: m = .18 − .1 = .08, over 1 − .81 = .19; v = .0784 + .02 = .0984, over
        // 1 − .9604 = .0396.
        double before = theta[1];
        optimiser.step(2, 0.1, theta, new float[] {-1, -1}, first, second, decays);
        double second2 = 0.1 * (0.08 / 0.19) / (Math.sqrt(0.0984 / 0.0396) + 1e-6);
        assertThat(theta[1]).isCloseTo((float) (before - second2), within(1e-6f));
    }

    @Test
    void biasesAndLayerNormDoNotDecay() {
        EncoderShape shape = new EncoderShape(3, 2, 4, 1, 2, 8);
        float[] decays = AdamW.decays(shape);
        for (Parameter parameter : shape.parameters()) {
            boolean expected = !parameter.name().endsWith("bias")
                    && !parameter.name().contains("LayerNorm")
                    && !parameter.name().contains("layer_norm");
            assertThat(decays[parameter.offset()]).as(parameter.name()).isEqualTo(expected ? 1 : 0);
        }
    }
}
