package basin.aggregator.statistics;

import java.util.Arrays;

/**
 * Values by their order alone: equal values share a class, classes are numbered from the least. Ranks in a resample follow from
 * how often each class was drawn, without sorting again.
 */
final class TieClasses {
    private final int[] classOf;
    private final int classes;

    private TieClasses(int[] classOf, int classes) {
        this.classOf = classOf;
        this.classes = classes;
    }

    static TieClasses of(double[] values) {
        double[] distinct = Arrays.stream(values).sorted().distinct().toArray();
        int[] classOf = new int[values.length];
        for (int run = 0; run < values.length; run++) {
            classOf[run] = Arrays.binarySearch(distinct, values[run]);
        }
        return new TieClasses(classOf, distinct.length);
    }

    /** Class of each run; not copied. */
    int[] classOf() {
        return classOf;
    }

    int classes() {
        return classes;
    }

    int runs() {
        return classOf.length;
    }

    /**
     * Writes twice the midrank less its mean, 2·rank − (n + 1), of each class: whole numbers that sum to zero over the n drawn
     * runs, so that sums of products are exact.
     */
    void centredRanks(int[] counts, int[] drawnOfClass, long[] rankOfClass) {
        Arrays.fill(drawnOfClass, 0);
        long drawn = 0;
        for (int run = 0; run < classOf.length; run++) {
            drawnOfClass[classOf[run]] += counts[run];
            drawn += counts[run];
        }
        long before = 0;
        for (int c = 0; c < classes; c++) {
            rankOfClass[c] = 2 * before + drawnOfClass[c] - drawn;
            before += drawnOfClass[c];
        }
    }

    /** Twice the midrank less its mean, of each run, with every run once. */
    double[] centredRanks() {
        long[] rankOfClass = new long[classes];
        centredRanks(CountedStatistic.once(classOf.length), new int[classes], rankOfClass);
        double[] ranks = new double[classOf.length];
        for (int run = 0; run < ranks.length; run++) {
            ranks[run] = rankOfClass[classOf[run]];
        }
        return ranks;
    }
}
