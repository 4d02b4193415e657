package basin.flatness.estimator;

import basin.study.Seeds;
import java.util.random.RandomGenerator;

/**
 * A sampler of everything that an estimator draws beside its batches. Draws depend only on seed and
 * pair, not on earlier draws.
 */
final class ProbeSampler {
    private ProbeSampler() {}

    /** Returns independent signs, −1 or 1 with equal probability. */
    static double[] signs(long seed, int pair, int probe, int parameters) {
        RandomGenerator random = generator(seed, "flatness.probe", pair, probe);
        double[] signs = new double[parameters];
        long bits = 0;
        for (int i = 0; i < parameters; i++) {
            bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
            signs[i] = (bits & 1) == 0 ? -1 : 1;
        }
        return signs;
    }

    /** Returns independent standard normal numbers. */
    static double[] normal(long seed, int pair, int probe, int parameters) {
        double[] normal = new double[parameters];
        Seeds.gaussian(generator(seed, "flatness.normal", pair, probe), normal);
        return normal;
    }

    /**
     * Returns the generator of a probe. A pair's first probe keeps the stream it had when there was
     * only one probe per pair.
     */
    private static RandomGenerator generator(long seed, String name, int pair, int probe) {
        return probe == 0 ? Seeds.generator(seed, name, pair) : Seeds.generator(seed, name, pair, probe);
    }

    /** Returns one uniform number in [0, 1), by which a pair's examples are selected. */
    static double selection(long seed, int pair, int probe, int round) {
        return Seeds.generator(seed, "flatness.selection", pair, probe, round).nextDouble();
    }

    /**
     * Returns a probe that samples a label: a one at the word on which a uniform number falls, by
     * inversion of the prediction. One stream holds the numbers of all examples' first predictions;
     * further predictions have their own streams.
     */
    static OutputProbe labels(long seed, int pair, int probe, int examples) {
        double[] uniforms = generator(seed, "flatness.labels", pair, probe)
                .doubles(examples)
                .toArray();
        return (example, place, prediction, target, row) -> {
            double uniform = place == 0
                    ? uniforms[example]
                    : Seeds.generator(seed, "flatness.labels", pair, probe, example, place)
                            .nextDouble();
            row[label(prediction, uniform)] = 1;
        };
    }

    /** Returns the probe √p∘u with independent signs u and prediction p. */
    static OutputProbe outputSigns(long seed, int pair, int probe) {
        return (example, place, prediction, target, row) ->
                signs(Seeds.generator(seed, "flatness.output", pair, probe, example, place), prediction, row);
    }

    /** Returns the probe √p*∘u with independent signs u and target p*. */
    static OutputProbe targetSigns(long seed, int pair, int probe) {
        return (example, place, prediction, target, row) ->
                signs(Seeds.generator(seed, "flatness.target", pair, probe, example, place), target, row);
    }

    private static void signs(RandomGenerator random, double[] squares, double[] row) {
        long bits = 0;
        for (int i = 0; i < row.length; i++) {
            bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
            double root = Math.sqrt(squares[i]);
            row[i] = (bits & 1) == 0 ? -root : root;
        }
    }

    /**
     * Returns the first word at which the cumulative probability exceeds {@code uniform}: a draw
     * from {@code probabilities}.
     */
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
        // Rounding can leave the sum slightly below 1.
        return last;
    }
}
