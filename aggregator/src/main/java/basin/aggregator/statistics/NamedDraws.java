package basin.aggregator.statistics;

import basin.study.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws named by a seed and a name: the generator's state is the first eight bytes of SHA-256(seed, name). Rows with other
 * names draw independently of one another, whichever is computed first.
 */
final class NamedDraws {
    private final SplittableRandom generator;

    private NamedDraws(long state) {
        generator = new SplittableRandom(state);
    }

    static NamedDraws of(long seed, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return new NamedDraws(Ids.first64(ByteBuffer.allocate(Long.BYTES + text.length)
                .putLong(seed)
                .put(text)
                .array()));
    }

    /** Uniform in 0 … bound − 1, to within bound/2³²; written out so that it stays the same in every Java release. */
    int below(int bound) {
        return (int) (((generator.nextLong() >>> 32) * bound) >>> 32);
    }

    /** Shuffles in place (Fisher and Yates), uniform over all arrangements. */
    void shuffle(int[] items) {
        shuffle(items, 0, items.length);
    }

    /** Shuffles each part; {@code start} holds the first place of each and, last, the number of items. */
    void shuffleWithin(int[] items, int[] start) {
        for (int part = 0; part + 1 < start.length; part++) {
            shuffle(items, start[part], start[part + 1]);
        }
    }

    /** Counts as many draws with replacement from the places {@code from} up to, not including, {@code to}, as there are places. */
    void resample(int[] counts, int from, int to) {
        Arrays.fill(counts, from, to, 0);
        for (int i = from; i < to; i++) {
            counts[from + below(to - from)]++;
        }
    }

    /** Shuffles the part from {@code from} up to, not including, {@code to}. */
    void shuffle(int[] items, int from, int to) {
        for (int last = to - 1; last > from; last--) {
            int other = from + below(last - from + 1);
            int kept = items[last];
            items[last] = items[other];
            items[other] = kept;
        }
    }
}
