package basin.study;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Named random streams. A seed, a name ("batch", "probe") and indices (step, example) identify the
 * stream of every random draw. Therefore the draws do not depend on the order of the work, and two
 * purposes never share a stream.
 *
 * <p>A stream's seed is the SHA-256 of the seed, name and indices. The generator is
 * L64X128MixRandom (Steele and Vigna, "LXM: better splittable pseudorandom number generators",
 * 2021), seeded with all 256 bits. All methods are thread-safe. A returned generator belongs to one
 * thread.
 */
public final class Seeds {
    private static final RandomGeneratorFactory<RandomGenerator> ALGORITHM =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private Seeds() {}

    /**
     * Returns the stream of this name and these indices. The same arguments always give the same
     * draws.
     */
    public static RandomGenerator generator(long seed, String name, long... indices) {
        return ALGORITHM.create(digest(seed, name, indices));
    }

    /**
     * Returns a seed derived from another: the first 64 bits (big-endian) of the stream's SHA-256.
     */
    public static long derive(long seed, String name, long... indices) {
        return ByteBuffer.wrap(digest(seed, name, indices)).getLong();
    }

    /**
     * Fills {@code values} with independent standard normal draws. It uses the Box-Muller method
     * with {@link StrictMath}, so that the bits are the same on every JDK. Each pair of values,
     * even an incomplete one, takes two uniform draws.
     */
    public static void gaussian(RandomGenerator random, double[] values) {
        gaussian(random, values, values.length);
    }

    /**
     * Fills the first {@code count} places. Calls with even numbers give together what one call
     * gives.
     */
    public static void gaussian(RandomGenerator random, double[] values, int count) {
        for (int i = 0; i < count; i += 2) {
            // 1 - u lies in (0, 1], so the logarithm is finite.
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            double angle = 2 * StrictMath.PI * random.nextDouble();
            values[i] = radius * StrictMath.cos(angle);
            if (i + 1 < count) {
                values[i + 1] = radius * StrictMath.sin(angle);
            }
        }
    }

    /**
     * Fills {@code values} with the draws of {@link #gaussian(RandomGenerator, double[])}, each
     * rounded to float.
     */
    public static void gaussian(RandomGenerator random, float[] values) {
        double[] draws = new double[values.length];
        gaussian(random, draws);
        for (int i = 0; i < draws.length; i++) {
            values[i] = (float) draws[i];
        }
    }

    /** Shuffles {@code values} into a uniformly random order (Fisher-Yates). */
    public static void shuffle(RandomGenerator random, int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int held = values[i];
            values[i] = values[j];
            values[j] = held;
        }
    }

    /** Returns a uniformly random permutation of 0 .. {@code size} - 1. */
    public static int[] permutation(RandomGenerator random, int size) {
        int[] order = IntStream.range(0, size).toArray();
        shuffle(random, order);
        return order;
    }

    /**
     * Returns the SHA-256 of the seed, the length of the name in bytes, the name and the indices.
     * The length keeps different arguments apart.
     */
    private static byte[] digest(long seed, String name, long... indices) {
        byte[] label = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + label.length + Long.BYTES * indices.length);
        bytes.putLong(seed).putInt(label.length).put(label);
        for (long index : indices) {
            bytes.putLong(index);
        }
        return Sha256.of(bytes.array());
    }
}
