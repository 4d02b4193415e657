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
 * Spearman's ρ over all checkpoints of all runs, a description: a run's checkpoints are not independent, so the interval comes
 * from drawing whole runs with replacement (percentiles; too narrow with few runs).
 *
 * <p>Values are sorted once: the ranks in a resample follow from how often each value was drawn. One thread.
 */
final class ClusterBootstrap {
    /** Of the resamples so many must have a ρ, or there is no interval. */
    private static final double MIN_DEFINED = 0.95;

    /** The first point of each run and, last, the number of points; points lie run by run. */
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

    /** ρ and its interval. */
    record Description(double rho, Optional<Interval> interval) {}

    /** Values by their order alone: equal ones share a class, classes are numbered from the least. */
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

        /** The midranks of the points of these runs, in their order. */
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

    /** ρ alone; empty where it is not defined. */
    static Optional<Description> estimate(List<List<Pair>> runs) {
        double rho = new ClusterBootstrap(runs).rho(inOrder(runs));
        return Double.isFinite(rho) ? Optional.of(new Description(rho, Optional.empty())) : Optional.empty();
    }

    /**
     * Describes points grouped by run.
     *
     * @param runs a run's points each
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
