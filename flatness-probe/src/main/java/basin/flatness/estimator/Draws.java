package basin.flatness.estimator;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Everything that an estimator draws beside its batches: the same for the same seed and pair, whatever was drawn before. */
final class Draws {
    private Draws() {}

    /** Uniform numbers in [0, 1), one an example, by which labels are drawn. */
    static double[] uniforms(long seed, int pair, int examples) {
        return generator(seed, "labels", pair).doubles(examples).toArray();
    }

    /** Independent signs, −1 or 1 with equal probability. */
    static double[] signs(long seed, int pair, int parameters) {
        RandomGenerator random = generator(seed, "probe", pair);
        double[] signs = new double[parameters];
        long bits = 0;
        for (int i = 0; i < parameters; i++) {
            if (i % Long.SIZE == 0) {
                bits = random.nextLong();
            }
            signs[i] = (bits >>> (i % Long.SIZE) & 1) == 0 ? -1 : 1;
        }
        return signs;
    }

    /** The first word at which the cumulative probability exceeds {@code uniform}: a draw from {@code probabilities}. */
    static int label(double[] probabilities, double uniform) {
        double cumulative = 0;
        int last = 0;
        for (int word = 0; word < probabilities.length; word++) {
            if (probabilities[word] > 0) {
                cumulative += probabilities[word];
                last = word;
                if (cumulative > uniform) {
                    return word;
                }
            }
        }
        // Rounding can leave the sum a little below 1.
        return last;
    }

    private static RandomGenerator generator(long seed, String name, int pair) {
        return new SplittableRandom(seed * 31 + name.hashCode() + 7_919L * pair);
    }
}
