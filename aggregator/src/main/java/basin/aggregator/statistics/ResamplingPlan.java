package basin.aggregator.statistics;

import basin.study.AnalysisSpec;

/**
 * The number of permutations and resamples, their seed and the confidence level.
 *
 * @param seed the study's seed; every row's random generator is derived from it and the row's name
 * @param permutations number of permutations drawn if not all are enumerated; 0 for no p-values
 * @param resamples number of bootstrap resamples, at least 100
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

    /** Returns the plan that an analysis requests. */
    public static ResamplingPlan of(AnalysisSpec requested) {
        return new ResamplingPlan(
                requested.seed(), requested.permutations(), requested.resamples(), requested.confidence());
    }

    /** Returns this plan without p-values, for results before all declared runs have ended. */
    public ResamplingPlan withoutP() {
        return new ResamplingPlan(seed, 0, resamples, level);
    }

    static void requireLevel(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("An interval's level is " + level + ": give a value between 0 and 1.");
        }
    }

    /** Returns the two-sided standard normal quantile of the level, for instance 1.96 at 0.95. */
    double quantile() {
        return Normal.quantile(.5 + level / 2);
    }
}
