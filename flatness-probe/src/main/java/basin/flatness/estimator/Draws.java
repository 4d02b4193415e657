package basin.flatness.estimator;

import basin.lm.Seeds;
import java.util.random.RandomGenerator;

/** Everything that an estimator draws beside its batches: the same for the same seed and pair, whatever was drawn before. */
final class Draws {
    private Draws() {}

    /** Uniform numbers in [0, 1), one an example, by which labels are drawn. */
    static double[] uniforms(long seed, int pair, int examples) {
        return Seeds.generator(seed, "flatness.labels", pair).doubles(examples).toArray();
    }

    /** Independent signs, −1 or 1 with equal probability. */
    static double[] signs(long seed, int pair, int parameters) {
        RandomGenerator random = Seeds.generator(seed, "flatness.probe", pair);
        double[] signs = new double[parameters];
        long bits = 0;
        for (int i = 0; i < parameters; i++) {
            bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
            signs[i] = (bits & 1) == 0 ? -1 : 1;
        }
        return signs;
    }

    /** Independent standard normal numbers. */
    static double[] normal(long seed, int pair, int parameters) {
        double[] normal = new double[parameters];
        Seeds.gaussian(Seeds.generator(seed, "flatness.normal", pair), normal);
        return normal;
    }

    /** Independent signs for each score of an example: the same whichever part of a batch the example lies in. */
    static OutputSigns outputSigns(long seed, int pair, int probe) {
        return (example, scores) -> {
            RandomGenerator random = Seeds.generator(seed, "flatness.output", pair, probe, example);
            double[] signs = new double[scores];
            long bits = 0;
            for (int i = 0; i < scores; i++) {
                bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
                signs[i] = (bits & 1) == 0 ? -1 : 1;
            }
            return signs;
        };
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
}
