package basin.aggregator.statistics;

import basin.study.AnalysisSpec;

/**
 * How much is resampled, and from which seed.
 *
 * @param seed the study's seed; every row draws from a generator named after it
 * @param permutations permutations drawn where not all are enumerated; 0 for no p-values
 * @param resamples bootstrap resamples, at least 100
 * @param level nominal coverage of intervals, in (0, 1)
 */
public record ResamplingPlan(long seed, int permutations, int resamples, double level) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public ResamplingPlan {
        if (permutations < 0) {
            throw new IllegalArgumentException(
                    "permutations is " + permutations + ": give 0 (no p-values) or a positive number.");
        }
        if (resamples < 100) {
            throw new IllegalArgumentException("resamples is " + resamples + ": give at least 100.");
        }
        requireLevel(level);
    }

    /** The resampling that an analysis asks for. */
    public static ResamplingPlan of(AnalysisSpec requested) {
        return new ResamplingPlan(
                requested.seed(), requested.permutations(), requested.resamples(), requested.confidence());
    }

    /** The same plan without p-values: for results while not all declared runs have ended. */
    public ResamplingPlan withoutP() {
        return new ResamplingPlan(seed, 0, resamples, level);
    }

    static void requireLevel(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("An interval's level is " + level + ": give a value between 0 and 1.");
        }
    }

    /** Two-sided standard normal quantile of the level: 1.96 at .95. */
    double quantile() {
        return Normal.quantile(.5 + level / 2);
    }
}
