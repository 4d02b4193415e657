package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.study.Association;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of the BCa bootstrap against a direct implementation. */
class BcaBootstrapTest {
    private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

    /**
     * Returns the ends of Efron and Tibshirani's interval (1993, section 14.3), computed from
     * explicit resamples.
     */
    private static double[] slow(
            Association association, double[] x, double[] y, int resamples, NamedDraws random, double z) {
        int n = x.length;
        double estimate = AssociationTest.library(association, x, y);
        double[] replicates = new double[resamples];
        for (int b = 0; b < resamples; b++) {
            int[] drawn = IntStream.generate(() -> random.below(n)).limit(n).toArray();
            replicates[b] = AssociationTest.library(
                    association,
                    IntStream.of(drawn).mapToDouble(i -> x[i]).toArray(),
                    IntStream.of(drawn).mapToDouble(i -> y[i]).toArray());
        }
        double[] defined =
                Arrays.stream(replicates).filter(r -> !Double.isNaN(r)).sorted().toArray();
        double below = Arrays.stream(defined)
                .map(r -> Math.abs(r - estimate) < 1e-10 ? .5 : r < estimate ? 1 : 0)
                .sum();
        double bias = NORMAL.inverseCumulativeProbability(below / defined.length);
        double[] leftOut = IntStream.range(0, n)
                .mapToDouble(out -> AssociationTest.library(
                        association,
                        IntStream.range(0, n)
                                .filter(i -> i != out)
                                .mapToDouble(i -> x[i])
                                .toArray(),
                        IntStream.range(0, n)
                                .filter(i -> i != out)
                                .mapToDouble(i -> y[i])
                                .toArray()))
                .toArray();
        double mean = Arrays.stream(leftOut).average().orElseThrow();
        double cubes = Arrays.stream(leftOut).map(v -> Math.pow(mean - v, 3)).sum();
        double squares = Arrays.stream(leftOut).map(v -> Math.pow(mean - v, 2)).sum();
        double acceleration = cubes / (6 * Math.pow(squares, 1.5));
        double[] ends = new double[2];
        for (int side = 0; side < 2; side++) {
            double shifted = bias + (side == 0 ? -z : z);
            double probability = NORMAL.cumulativeProbability(bias + shifted / (1 - acceleration * shifted));
            double place = Math.clamp(probability * (defined.length + 1), 1, defined.length);
            int under = (int) Math.floor(place);
            double upper = under < defined.length ? defined[under] : defined[under - 1];
            ends[side] = defined[under - 1] * (1 - (place - under)) + upper * (place - under);
        }
        return ends;
    }

    @ParameterizedTest
    @EnumSource(Association.class)
    void equalsASlowImplementation(Association association) {
        Random random = new Random(41);
        for (int n : new int[] {8, 12, 20}) {
            double[] x = Draws.plain(random, n);
            double[] y = IntStream.range(0, n)
                    .mapToDouble(i -> x[i] + random.nextGaussian() / 2)
                    .toArray();
            BcaBootstrap bootstrap = BcaBootstrap.draw(
                            CountedStatistic.of(association, x, y), new int[] {0, n}, 500, NamedDraws.of(3, "bca"))
                    .orElseThrow();
            double t = new TDistribution(n - 1.0).inverseCumulativeProbability(.975);
            double[] wider = slow(association, x, y, 500, NamedDraws.of(3, "bca"), t * Math.sqrt(n / (n - 1.0)));
            Interval expanded = bootstrap.expanded(.95);
            assertThat(expanded.low()).isCloseTo(wider[0], within(1e-9));
            assertThat(expanded.high()).isCloseTo(wider[1], within(1e-9));
        }
    }

    @Test
    void pIsWhereTheExpandedIntervalTouches() {
        Random random = new Random(42);
        double[] x = Draws.plain(random, 15);
        double[] y = IntStream.range(0, 15)
                .mapToDouble(i -> x[i] + random.nextGaussian() / 2)
                .toArray();
        BcaBootstrap bootstrap = BcaBootstrap.draw(
                        CountedStatistic.of(Association.PEARSON, x, y), new int[] {0, 15}, 4_000, NamedDraws.of(3, "p"))
                .orElseThrow();
        double p = bootstrap.expandedP(0).value();
        // Order statistics are discrete, so the level at which the end passes zero is accurate to a
        // few of 4,000 resamples.
        assertThat(bootstrap.expanded(1 - 1.1 * p).contains(0)).isFalse();
        assertThat(bootstrap.expanded(1 - .9 * p).contains(0)).isTrue();
        assertThat(bootstrap.expandedP(-5).value()).isGreaterThanOrEqualTo(2.0 / 4_001);
    }

    @Test
    void strataAreResampledOneByOne() {
        // Strata are resampled separately, so the counts of each stratum always add up to its size.
        int[] start = {0, 3, 8};
        CountedStatistic checking = new CountedStatistic() {
            @Override
            public double at(int[] counts) {
                int first = IntStream.range(0, 3).map(i -> counts[i]).sum();
                int second = IntStream.range(3, 8).map(i -> counts[i]).sum();
                boolean leftOut = first + second == 7;
                assertThat(leftOut || (first == 3 && second == 5)).isTrue();
                return IntStream.range(0, 8).mapToDouble(i -> i * i * counts[i]).sum();
            }

            @Override
            public int runs() {
                return 8;
            }
        };
        assertThat(BcaBootstrap.draw(checking, start, 200, NamedDraws.of(1, "strata")))
                .isPresent();
    }

    @Test
    void thereIsNoIntervalWithoutSpread() {
        double[] x = {1, 2, 3, 4, 5, 6, 7, 8};
        assertThat(BcaBootstrap.draw(
                        CountedStatistic.of(Association.KENDALL, x, x),
                        new int[] {0, 8},
                        200,
                        NamedDraws.of(1, "flat")))
                .isEmpty();
    }
}
