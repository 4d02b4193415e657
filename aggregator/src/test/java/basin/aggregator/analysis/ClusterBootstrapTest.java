package basin.aggregator.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.analysis.ClusterBootstrap.Description;
import basin.aggregator.analysis.ClusterBootstrap.Pair;
import basin.record.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hipparchus.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A test that the bootstrap over runs is bit-identical to one that ranks every resample from
 * scratch.
 */
class ClusterBootstrapTest {
    private static final int RESAMPLES = 200;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void isWhatRankingEveryResampleGives(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Pair>> runs = new ArrayList<>();
        for (int run = 0; run < 5 + random.nextInt(8); run++) {
            List<Pair> own = new ArrayList<>();
            for (int point = 0; point <= random.nextInt(30); point++) {
                // Rounding makes many values tie and some −0.
                own.add(new Pair(Math.rint(8 * random.nextGaussian()) / 4, Math.rint(30 * random.nextGaussian()) / 4));
            }
            runs.add(own);
        }
        Description described =
                ClusterBootstrap.describe(runs, RESAMPLES, 0.9, seed).orElseThrow();
        assertThat(described.rho()).isEqualTo(rho(runs));
        assertThat(described.interval()).contains(anew(runs, seed));
        assertThat(ClusterBootstrap.estimate(runs).orElseThrow().rho()).isEqualTo(described.rho());
    }

    @Test
    void noNumberWhereOneSideIsConstant() {
        List<List<Pair>> runs = List.of(List.of(new Pair(1, 1), new Pair(1, 2)), List.of(new Pair(1, 3)));
        assertThat(ClusterBootstrap.estimate(runs)).isEmpty();
        assertThat(ClusterBootstrap.describe(runs, RESAMPLES, 0.9, 1)).isEmpty();
    }

    private static Interval anew(List<List<Pair>> runs, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] drawn = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            List<List<Pair>> again = new ArrayList<>();
            for (int run = 0; run < runs.size(); run++) {
                again.add(runs.get(random.nextInt(runs.size())));
            }
            drawn[i] = rho(again);
        }
        double[] sorted = Arrays.stream(drawn).filter(Double::isFinite).sorted().toArray();
        double tail = (1 - 0.9) / 2;
        return new Interval(
                sorted[(int) Math.floor(tail * (sorted.length - 1))],
                sorted[(int) Math.ceil((1 - tail) * (sorted.length - 1))],
                0.9);
    }

    private static double rho(List<List<Pair>> runs) {
        List<Pair> all = runs.stream().flatMap(List::stream).toList();
        return new SpearmansCorrelation()
                .correlation(
                        all.stream().mapToDouble(Pair::x).toArray(),
                        all.stream().mapToDouble(Pair::y).toArray());
    }
}
