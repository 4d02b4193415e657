package basin.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Named random streams: reproducible draws with the right distributions. */
class SeedsTest {
    @Test
    void sameArgumentsGiveTheSameDraws() {
        long[] once = Seeds.generator(7, "batch", 3, 4).longs(100).toArray();
        assertThat(Seeds.generator(7, "batch", 3, 4).longs(100).toArray()).isEqualTo(once);
    }

    @Test
    void seedNameAndIndicesAllMatter() {
        Set<Long> seeds = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            for (String name : new String[] {"", "a", "b", "ab"}) {
                seeds.add(Seeds.derive(seed, name));
                for (long index = 0; index < 10; index++) {
                    seeds.add(Seeds.derive(seed, name, index));
                    seeds.add(Seeds.derive(seed, name, index, 0));
                }
            }
        }
        assertThat(seeds).hasSize(10 * 4 * 21);
    }

    /**
     * Pinned values detect a change of the JDK or of this class that would change every recorded
     * result.
     */
    @Test
    void bitsStayTheSame() {
        assertThat(Seeds.derive(1, "batch", 2)).isEqualTo(6912881783630984113L);
        RandomGenerator random = Seeds.generator(1, "batch", 2);
        assertThat(random.nextLong()).isEqualTo(-6475077275847457860L);
        assertThat(random.nextDouble()).isEqualTo(0.40650233600746766);
        assertThat(random.nextInt(1000)).isEqualTo(620);
        double[] normal = new double[1];
        Seeds.gaussian(random, normal);
        assertThat(normal[0]).isEqualTo(0.3613619063293603);
    }

    /**
     * 200,000 normal draws: mean, variance and fourth moment within 5 standard errors (false alarms
     * about 2e-6).
     */
    @Test
    void gaussianHasTheMomentsOfTheStandardNormal() {
        int n = 200_001;
        double[] values = new double[n];
        Seeds.gaussian(Seeds.generator(1, "moments"), values);
        double root = Math.sqrt(n);
        assertThat(Arrays.stream(values).sum() / n).isCloseTo(0, within(5 / root));
        assertThat(Arrays.stream(values).map(x -> x * x).sum() / n).isCloseTo(1, within(5 * Math.sqrt(2) / root));
        assertThat(Arrays.stream(values).map(x -> x * x * x * x).sum() / n)
                .isCloseTo(3, within(5 * Math.sqrt(96) / root));
        float[] rounded = new float[n];
        Seeds.gaussian(Seeds.generator(1, "moments"), rounded);
        assertThat(rounded[17]).isEqualTo((float) values[17]);
    }

    /**
     * Each of the 24 permutations of 4 items over 24,000 draws: 5 standard errors each (false
     * alarms about 1.4e-5).
     */
    @Test
    void permutationsAreUniform() {
        RandomGenerator random = Seeds.generator(1, "orders");
        int[] counts = new int[256];
        for (int i = 0; i < 24_000; i++) {
            int[] order = Seeds.permutation(random, 4);
            counts[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]]++;
        }
        assertThat(Arrays.stream(counts).filter(count -> count > 0).count()).isEqualTo(24);
        for (int count : counts) {
            if (count > 0) {
                assertThat((double) count).isCloseTo(1000, within(5 * Math.sqrt(1000)));
            }
        }
    }
}
