package basin.aggregator.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Runs grouped by stratum. Strata of one run are excluded. */
final class Strata {
    /** The minimum number of runs, in strata of at least two, for an estimate. */
    static final int MIN_RUNS = 6;

    /**
     * The minimum number of permutations within strata for an estimate: two of forty give p = 0.05.
     */
    static final int MIN_ARRANGEMENTS = 40;

    private final List<RunPoint> runs;
    private final int[] start;

    private Strata(List<RunPoint> runs, int[] start) {
        this.runs = runs;
        this.start = start;
    }

    /** Groups runs that are sorted by their ids. */
    static Strata of(List<RunPoint> inRunOrder) {
        TreeMap<String, List<RunPoint>> byStratum = new TreeMap<>();
        for (RunPoint run : inRunOrder) {
            byStratum.computeIfAbsent(run.stratum(), _ -> new ArrayList<>()).add(run);
        }
        byStratum.values().removeIf(stratum -> stratum.size() < 2);
        List<RunPoint> runs = new ArrayList<>();
        int[] start = new int[byStratum.size() + 1];
        int s = 0;
        for (List<RunPoint> stratum : byStratum.values()) {
            runs.addAll(stratum);
            start[++s] = runs.size();
        }
        return new Strata(runs, start);
    }

    /** Returns the number of runs in all strata. */
    int runs() {
        return runs.size();
    }

    /** Returns the predictor of each run, ordered by stratum and then by run id. */
    double[] x() {
        return PointChecks.column(runs, RunPoint::x);
    }

    /** Returns the outcome of each run, in the same order. */
    double[] y() {
        return PointChecks.column(runs, RunPoint::y);
    }

    /** Returns the index of each stratum's first run, followed by the number of runs. */
    int[] start() {
        return start.clone();
    }

    int[] sizes() {
        int[] sizes = new int[start.length - 1];
        for (int s = 0; s < sizes.length; s++) {
            sizes[s] = start[s + 1] - start[s];
        }
        return sizes;
    }

    int[] stratumOf() {
        int[] stratumOf = new int[runs.size()];
        for (int s = 0; s + 1 < start.length; s++) {
            Arrays.fill(stratumOf, start[s], start[s + 1], s);
        }
        return stratumOf;
    }

    /**
     * Returns the number of permutations within strata of these sizes; infinite beyond the range of
     * doubles.
     */
    static double arrangements(int... sizes) {
        double product = 1;
        for (int size : sizes) {
            for (int factor = 2; factor <= size; factor++) {
                product *= factor;
            }
        }
        return product;
    }
}
