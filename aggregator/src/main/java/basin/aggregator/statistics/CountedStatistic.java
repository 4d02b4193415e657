package basin.aggregator.statistics;

import java.util.Arrays;

/**
 * A statistic of a multiset of runs: all once for the estimate, drawn counts for a bootstrap resample, one left out for the
 * jackknife. Implementations keep scratch arrays, so one thread uses one object.
 */
interface CountedStatistic {
    /** The statistic with run i counted {@code counts[i]} times; NaN where it is undefined (a constant quantity). */
    double at(int[] counts);

    /** Number of runs. */
    int runs();

    /** The statistic with every run once. */
    default double estimate() {
        int[] once = new int[runs()];
        Arrays.fill(once, 1);
        return at(once);
    }
}
