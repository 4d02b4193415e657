package basin.aggregator.statistics;

import basin.study.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A random generator identified by a seed and a name. Its initial state is the first eight bytes of
 * SHA-256(seed, name). Generators with different names are independent, in whatever order they are
 * used.
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

    /**
     * Returns a uniform integer in [0, bound), with a bias of at most bound/2³². Implemented here
     * so that the result is the same in every Java release.
     */
    int below(int bound) {
        return (int) (((generator.nextLong() >>> 32) * bound) >>> 32);
    }

    /** Shuffles in place (Fisher–Yates), uniformly over all permutations. */
    void shuffle(int[] items) {
        shuffle(items, 0, items.length);
    }

    /**
     * Shuffles each part in place. {@code start} has the index of each part's first item, followed
     * by the number of items.
     */
    void shuffleWithin(int[] items, int[] start) {
        for (int part = 0; part + 1 < start.length; part++) {
            shuffle(items, start[part], start[part + 1]);
        }
    }

    /**
     * Counts {@code to - from} draws with replacement from the indices {@code from} (inclusive) to
     * {@code to} (exclusive).
     */
    void resample(int[] counts, int from, int to) {
        Arrays.fill(counts, from, to, 0);
        for (int i = from; i < to; i++) {
            counts[from + below(to - from)]++;
        }
    }

    /** Shuffles the items from {@code from} (inclusive) to {@code to} (exclusive). */
    void shuffle(int[] items, int from, int to) {
        for (int last = to - 1; last > from; last--) {
            int other = from + below(last - from + 1);
            int kept = items[last];
            items[last] = items[other];
            items[other] = kept;
        }
    }
}
