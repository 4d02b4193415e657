package basin.aggregator.analysis;

import basin.record.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.stat.correlation.PearsonsCorrelation;

/**
 * Spearman's ρ over all checkpoints of all runs, as a descriptive statistic. A run's checkpoints
 * are not independent, so the interval resamples whole runs with replacement (percentile bootstrap;
 * too narrow with few runs).
 *
 * <p>Values are sorted only once: the ranks in a resample follow from the number of draws of each
 * value. Not thread-safe.
 */
final class ClusterBootstrap {
    /** The minimum fraction of resamples with a defined ρ for an interval. */
    private static final double MIN_DEFINED = 0.95;

    /**
     * The index of each run's first point, followed by the number of points. Points are ordered by
     * run.
     */
    private final int[] start;

    private final Values x;
    private final Values y;

    private ClusterBootstrap(List<List<Pair>> runs) {
        start = new int[runs.size() + 1];
        for (int run = 0; run < runs.size(); run++) {
            start[run + 1] = start[run] + runs.get(run).size();
        }
        x = new Values(runs, Pair::x);
        y = new Values(runs, Pair::y);
    }

    /** A checkpoint's predictor and outcome, both finite. */
    record Pair(double x, double y) {}

    /** Spearman's ρ and its interval. */
    record Description(double rho, Optional<Interval> interval) {}

    /**
     * The order of values: equal values share a class, and classes are numbered in ascending order.
     */
    private static final class Values {
        private final int[] classOf;
        private final int[] drawn;
        private final double[] rank;

        Values(List<List<Pair>> runs, ToDoubleFunction<Pair> value) {
            double[] all =
                    runs.stream().flatMap(List::stream).mapToDouble(value).toArray();
            double[] distinct = Arrays.stream(all).sorted().distinct().toArray();
            classOf = Arrays.stream(all)
                    .mapToInt(one -> Arrays.binarySearch(distinct, one))
                    .toArray();
            drawn = new int[distinct.length];
            rank = new double[distinct.length];
        }

        /** Returns the midranks of the points of these runs, in order. */
        double[] ranks(int[] runs, int[] start, int points) {
            Arrays.fill(drawn, 0);
            for (int run : runs) {
                for (int point = start[run]; point < start[run + 1]; point++) {
                    drawn[classOf[point]]++;
                }
            }
            int before = 0;
            for (int one = 0; one < drawn.length; one++) {
                rank[one] = (2 * before + drawn[one] + 1) / 2d;
                before += drawn[one];
            }
            double[] ranks = new double[points];
            int at = 0;
            for (int run : runs) {
                for (int point = start[run]; point < start[run + 1]; point++) {
                    ranks[at++] = rank[classOf[point]];
                }
            }
            return ranks;
        }
    }

    /** Returns ρ without an interval; empty if it is undefined. */
    static Optional<Description> estimate(List<List<Pair>> runs) {
        double rho = new ClusterBootstrap(runs).rho(inOrder(runs));
        return Double.isFinite(rho) ? Optional.of(new Description(rho, Optional.empty())) : Optional.empty();
    }

    /**
     * Returns ρ and its interval over points grouped by run; empty if ρ is undefined.
     *
     * @param runs list of points of each run
     */
    static Optional<Description> describe(List<List<Pair>> runs, int resamples, double confidence, long seed) {
        return estimate(runs)
                .map(one -> new Description(
                        one.rho(), new ClusterBootstrap(runs).interval(runs.size(), resamples, confidence, seed)));
    }

    private static int[] inOrder(List<List<Pair>> runs) {
        return IntStream.range(0, runs.size()).toArray();
    }

    private Optional<Interval> interval(int runs, int resamples, double confidence, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] drawn = new double[resamples];
        int kept = 0;
        int[] again = new int[runs];
        for (int i = 0; i < resamples; i++) {
            for (int run = 0; run < runs; run++) {
                again[run] = random.nextInt(runs);
            }
            double value = rho(again);
            if (Double.isFinite(value)) {
                drawn[kept++] = value;
            }
        }
        if (kept < MIN_DEFINED * resamples) {
            return Optional.empty();
        }
        double[] sorted = Arrays.copyOf(drawn, kept);
        Arrays.sort(sorted);
        double tail = (1 - confidence) / 2;
        return Optional.of(new Interval(
                sorted[(int) Math.floor(tail * (kept - 1))],
                sorted[(int) Math.ceil((1 - tail) * (kept - 1))],
                confidence));
    }

    private double rho(int[] runs) {
        int points = 0;
        for (int run : runs) {
            points += start[run + 1] - start[run];
        }
        return points < 3
                ? Double.NaN
                : new PearsonsCorrelation().correlation(x.ranks(runs, start, points), y.ranks(runs, start, points));
    }
}
