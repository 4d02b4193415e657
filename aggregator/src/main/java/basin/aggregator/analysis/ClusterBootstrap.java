package basin.aggregator.analysis;

import basin.events.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/**
 * Spearman's ρ over all checkpoints of all runs, a description: a run's checkpoints are not independent, so the interval comes
 * from drawing whole runs with replacement (percentiles; too narrow with few runs).
 */
final class ClusterBootstrap {
    private ClusterBootstrap() {}

    /** ρ and its interval. */
    record Description(double rho, Optional<Interval> interval) {}

    /**
     * Describes points grouped by run.
     *
     * @param runs a run's points each, as {x, y}
     */
    static Optional<Description> describe(List<List<double[]>> runs, int resamples, double confidence, long seed) {
        double rho = rho(runs);
        if (!Double.isFinite(rho)) {
            return Optional.empty();
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] drawn = new double[resamples];
        int kept = 0;
        for (int i = 0; i < resamples; i++) {
            List<List<double[]>> again = new ArrayList<>();
            for (int run = 0; run < runs.size(); run++) {
                again.add(runs.get(random.nextInt(runs.size())));
            }
            double value = rho(again);
            if (Double.isFinite(value)) {
                drawn[kept++] = value;
            }
        }
        if (kept < 0.95 * resamples) {
            return Optional.of(new Description(rho, Optional.empty()));
        }
        double[] sorted = Arrays.copyOf(drawn, kept);
        Arrays.sort(sorted);
        double tail = (1 - confidence) / 2;
        Interval interval = new Interval(
                sorted[(int) Math.floor(tail * (kept - 1))],
                sorted[(int) Math.ceil((1 - tail) * (kept - 1))],
                confidence);
        return Optional.of(new Description(rho, Optional.of(interval)));
    }

    private static double rho(List<List<double[]>> runs) {
        double[] x = runs.stream()
                .flatMap(List::stream)
                .mapToDouble(point -> point[0])
                .toArray();
        double[] y = runs.stream()
                .flatMap(List::stream)
                .mapToDouble(point -> point[1])
                .toArray();
        return x.length < 3 ? Double.NaN : new SpearmansCorrelation().correlation(x, y);
    }
}
