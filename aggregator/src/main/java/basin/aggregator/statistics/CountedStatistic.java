package basin.aggregator.statistics;

import basin.study.Association;
import java.util.Arrays;

/**
 * A statistic of a multiset of runs. The estimate counts every run once, a bootstrap resample uses
 * drawn counts and the jackknife leaves one run out. Implementations keep scratch arrays and are
 * not thread-safe.
 */
interface CountedStatistic {
    /** Returns the correlation of x and y, indexed by run. */
    static CountedStatistic of(Association association, double[] x, double[] y) {
        return switch (association) {
            case PEARSON -> new CountedPearson(x, y);
            case SPEARMAN -> new CountedSpearman(TieClasses.of(x), TieClasses.of(y));
            case KENDALL -> CountedTau.ofOneStratum(x, y);
        };
    }

    /**
     * Returns the statistic with run i counted {@code counts[i]} times; NaN if it is undefined, for
     * instance because a quantity is constant.
     */
    double at(int[] counts);

    /** Returns the number of runs. */
    int runs();

    /** Returns the statistic with every run counted once. */
    default double estimate() {
        return at(once(runs()));
    }

    /** Returns counts of one for every run. */
    static int[] once(int runs) {
        int[] once = new int[runs];
        Arrays.fill(once, 1);
        return once;
    }
}
