package basin.flatness.estimator;

import basin.study.Seeds;
import java.util.random.RandomGenerator;

/**
 * A sampler of everything that an estimator draws beside its batches. Draws depend only on seed and
 * pair, not on earlier draws.
 */
final class ProbeSampler {
    private ProbeSampler() {}

    /** A direction of independent numbers, drawn anew by every reader. */
    private record Drawn(int size, long seed, String name, int pair, int probe, boolean isNormal) implements Direction {
        @Override
        public Reader reader() {
            RandomGenerator random = generator(seed, name, pair, probe);
            return isNormal ? (into, count) -> Seeds.gaussian(random, into, count) : new SignReader(random);
        }
    }

    /** A reader of signs: 64 of a draw's bits, the lowest first. */
    private static final class SignReader implements Direction.Reader {
        private final RandomGenerator random;
        private long bits;
        private int used = Long.SIZE;

        SignReader(RandomGenerator random) {
            this.random = random;
        }

        @Override
        public void next(double[] into, int count) {
            for (int i = 0; i < count; i++) {
                if (used == Long.SIZE) {
                    bits = random.nextLong();
                    used = 0;
                }
                into[i] = 2 * (bits & 1) - 1;
                bits >>>= 1;
                used++;
            }
        }
    }

    /** Returns independent signs, −1 or 1 with equal probability. */
    static Direction signs(long seed, int pair, int probe, int parameters) {
        return new Drawn(parameters, seed, "flatness.probe", pair, probe, false);
    }

    /** Returns independent standard normal numbers. */
    static Direction normal(long seed, int pair, int probe, int parameters) {
        return new Drawn(parameters, seed, "flatness.normal", pair, probe, true);
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
     * Returns a probe that samples a label. One stream holds the numbers of all examples' first
     * predictions; further predictions have their own streams.
     */
    static OutputProbe labels(long seed, int pair, int probe, int examples) {
        double[] uniforms = generator(seed, "flatness.labels", pair, probe)
                .doubles(examples)
                .toArray();
        return (OutputProbe.Labels) (example, place) -> place == 0
                ? uniforms[example]
                : Seeds.generator(seed, "flatness.labels", pair, probe, example, place)
                        .nextDouble();
    }

    /** Returns the probe √p∘u with independent signs u and prediction p. */
    static OutputProbe outputSigns(long seed, int pair, int probe) {
        return new OutputProbe.Signs(false, seed, pair, probe);
    }

    /** Returns the probe √p*∘u with independent signs u and target p*. */
    static OutputProbe targetSigns(long seed, int pair, int probe) {
        return new OutputProbe.Signs(true, seed, pair, probe);
    }
}
