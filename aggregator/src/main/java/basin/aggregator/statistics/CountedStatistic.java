package basin.aggregator.statistics;

import basin.study.Association;
import java.util.Arrays;

/**
 * A statistic of a multiset of runs: all once for the estimate, drawn counts for a bootstrap resample, one left out for the
 * jackknife. Implementations keep scratch arrays, so one thread uses one object.
 */
interface CountedStatistic {
    /** The coefficient of x and y, whose entry i is run i's. */
    static CountedStatistic of(Association association, double[] x, double[] y) {
        return switch (association) {
            case PEARSON -> new CountedPearson(x, y);
            case SPEARMAN -> new CountedSpearman(TieClasses.of(x), TieClasses.of(y));
            case KENDALL -> CountedTau.ofOneStratum(x, y);
        };
    }

    /** The statistic with run i counted {@code counts[i]} times; NaN where it is undefined (a constant quantity). */
    double at(int[] counts);

    /** Number of runs. */
    int runs();

    /** The statistic with every run once. */
    default double estimate() {
        return at(once(runs()));
    }

    /** Counts of every run once. */
    static int[] once(int runs) {
        int[] once = new int[runs];
        Arrays.fill(once, 1);
        return once;
    }
}
