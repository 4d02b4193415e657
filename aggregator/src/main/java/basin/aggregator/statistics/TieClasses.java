package basin.aggregator.statistics;

import java.util.Arrays;

/**
 * The order of values: equal values share a class, and classes are numbered in ascending order. The
 * ranks in a resample follow from the number of draws of each class, without sorting again.
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

    /** Returns the class of each run, not copied. */
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
     * Writes 2·midrank − (n + 1), twice the centred midrank, of each class. The values are integers
     * that sum to zero over the n drawn runs, so sums of products are exact.
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

    /** Returns twice the centred midrank of each run, with every run counted once. */
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
