package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests of the named generator's values and uniformity. */
class NamedDrawsTest {
    @Test
    void equalsAnIndependentImplementation() {
        // Computed in Python: SplitMix64 from the first eight bytes of SHA-256(8-byte seed, name),
        // with upper halves scaled to 0 … 999.
        NamedDraws draws = NamedDraws.of(7, "permutation/row");
        assertThat(IntStream.generate(() -> draws.below(1_000)).limit(6)).containsExactly(155, 703, 26, 995, 180, 123);
    }

    @Test
    void shufflesEveryArrangementAlikeOften() {
        // 24,000 shuffles of four items: 1,000 expected for each of 24 permutations, with a
        // standard error of 31. The bound is five standard errors, a false alarm in 70,000 seeds.
        int[] seen = new int[256];
        int[] items = {0, 1, 2, 3};
        NamedDraws draws = NamedDraws.of(8, "shuffle");
        for (int i = 0; i < 24_000; i++) {
            draws.shuffle(items);
            seen[items[0] * 64 + items[1] * 16 + items[2] * 4 + items[3]]++;
        }
        assertThat(IntStream.of(seen).filter(count -> count > 0))
                .hasSize(24)
                .allMatch(count -> Math.abs(count - 1_000) < 155);
    }

    @Test
    void leavesTheRestAlone() {
        int[] items = {9, 8, 2, 3, 4, 7, 6};
        NamedDraws.of(9, "part").shuffle(items, 2, 5);
        assertThat(items).startsWith(9, 8).endsWith(7, 6).contains(2, 3, 4);
    }
}
