package basin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Refusal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The safetensors form of weights: bit-exact round trips and refusals. */
class WeightsTest {
    private static final EncoderShape SHAPE = new EncoderShape(3, 2, 4, 1, 2, 8);

    @Test
    void comeBackBitForBit() {
        float[] theta = Initialisation.of(SHAPE, 0.5, 3);
        theta[5] = -0.0f;
        theta[6] = Float.MIN_VALUE;
        float[] back = Weights.decode(SHAPE, Weights.encode(SHAPE, theta));
        for (int i = 0; i < theta.length; i++) {
            assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(Float.floatToRawIntBits(theta[i]));
        }
    }

    @Test
    void areRefusedInOneSentenceWhereTheyAreDamaged() {
        float[] theta = Initialisation.of(SHAPE, 0.5, 3);
        byte[] good = Weights.encode(SHAPE, theta);
        assertThatThrownBy(() -> Weights.decode(SHAPE, Arrays.copyOf(good, good.length - 4)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("bytes of numbers");
        byte[] promising = good.clone();
        promising[6] = 1;
        assertThatThrownBy(() -> Weights.decode(SHAPE, promising)).isInstanceOf(Refusal.class);
        EncoderShape other = new EncoderShape(3, 2, 4, 1, 1, 8);
        assertThat(Weights.decode(other, good)).hasSameSizeAs(theta);
        theta[0] = Float.NaN;
        byte[] poisoned = Weights.encode(SHAPE, theta);
        assertThatThrownBy(() -> Weights.decode(SHAPE, poisoned)).hasMessageContaining("NaN");
    }
}
