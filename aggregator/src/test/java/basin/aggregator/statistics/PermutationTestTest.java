package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.study.Association;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of the permutation tests against published tables, full enumeration and simulation. */
class PermutationTestTest {
    private static final CorrelationInference INFERENCE =
            new CorrelationInference(new ResamplingPlan(5, 9_999, 100, .95));

    /** Returns all permutations of the items, by inserting each item at each position. */
    static List<List<Integer>> orders(int n) {
        List<List<Integer>> orders = List.of(List.of());
        for (int item = 0; item < n; item++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> order : orders) {
                for (int place = 0; place <= order.size(); place++) {
                    List<Integer> next = new ArrayList<>(order);
                    next.add(place, item);
                    longer.add(next);
                }
            }
            orders = longer;
        }
        return orders;
    }

    static double[] arranged(double[] values, List<Integer> order) {
        return order.stream().mapToDouble(i -> values[i]).toArray();
    }

    @Test
    void visitsEveryPermutationOnce() {
        Set<List<Integer>> visited = new HashSet<>();
        long count = PermutationTest.forEachPermutation(
                new int[] {0, 1, 2, 3, 4, 5},
                order -> visited.add(IntStream.of(order).boxed().toList()));
        assertThat(count).isEqualTo(720);
        assertThat(visited).hasSize(720);
    }

    @ParameterizedTest
    @EnumSource(Association.class)
    void isExactToEightRuns(Association association) {
        Random random = new Random(21);
        List<List<Integer>> orders = orders(6);
        for (int trial = 0; trial < 12; trial++) {
            double[] x = trial % 3 == 0 ? Draws.tied(random, 6, 4) : Draws.plain(random, 6);
            double[] y = trial % 2 == 0 ? Draws.tied(random, 6, 4) : Draws.plain(random, 6);
            if (PointChecks.isConstant(x) || PointChecks.isConstant(y)) {
                continue;
            }
            double observed = Math.abs(AssociationTest.library(association, x, y));
            long extreme = orders.stream()
                    .filter(order ->
                            Math.abs(AssociationTest.library(association, x, arranged(y, order))) >= observed - 1e-9)
                    .count();
            PValue p = Draws.estimate(INFERENCE.correlate(association, "exact", Draws.points(x, y)))
                    .p()
                    .orElseThrow();
            assertThat(p.value()).isEqualTo(extreme / 720.0);
            assertThat(p.method()).isEqualTo(PValue.Method.EXACT_PERMUTATION);
            assertThat(p.arrangements()).isEqualTo(720);
        }
    }

    @Test
    void givesTabulatedTails() {
        // Kendall (1938): of the 720 permutations of six, 2 have |S| = 15, 10 have 13 and 28 have
        // 11.
        double[] x = {1, 2, 3, 4, 5, 6};
        assertThat(kendallP(x, new double[] {1, 2, 3, 4, 5, 6})).isEqualTo(2 / 720.0);
        assertThat(kendallP(x, new double[] {2, 1, 3, 4, 5, 6})).isEqualTo(12 / 720.0);
        assertThat(kendallP(x, new double[] {2, 1, 4, 3, 5, 6})).isEqualTo(40 / 720.0);
        // Published tables give the two-sided tail probability .0333 (12 + 12 of 720) for
        // Spearman's rho = .886 at n = 6.
        double[] nearly = {2, 1, 4, 3, 5, 6};
        PValue p = Draws.estimate(INFERENCE.correlate(Association.SPEARMAN, "table", Draws.points(x, nearly)))
                .p()
                .orElseThrow();
        assertThat(p.value()).isEqualTo(24 / 720.0);
    }

    private static double kendallP(double[] x, double[] y) {
        return Draws.estimate(INFERENCE.correlate(Association.KENDALL, "table", Draws.points(x, y)))
                .p()
                .orElseThrow()
                .value();
    }

    @Test
    void drawsComeNearTheExactTailBeyondEightRuns() {
        // The exact tail comes from Kendall's recursion at n = 12. The standard error of the draws
        // is √(p(1 − p)/9999); the bound is 4.5 of them, a false alarm in 150,000 seeds.
        double[] x = IntStream.range(0, 12).asDoubleStream().toArray();
        double[] y = {1, 0, 3, 2, 5, 8, 7, 6, 9, 4, 10, 11};
        int score = new KendallScore(x, y).at(IntStream.range(0, 12).toArray(), 0);
        double[] distribution = SmallestDetectable.scoreDistribution(new int[] {12}, 66);
        double exact = IntStream.range(0, distribution.length)
                .filter(s -> Math.abs(s - 66) >= score)
                .mapToDouble(s -> distribution[s])
                .sum();
        PValue p = Draws.estimate(INFERENCE.correlate(Association.KENDALL, "drawn", Draws.points(x, y)))
                .p()
                .orElseThrow();
        assertThat(p.method()).isEqualTo(PValue.Method.DRAWN_PERMUTATION);
        assertThat(p.value()).isCloseTo(exact, within(4.5 * Math.sqrt(exact * (1 - exact) / 9_999) + 1e-4));
        assertThat((p.value() * 10_000) % 1).isCloseTo(0, within(1e-9));
    }

    @Test
    void scoresOfMoreRunsThanAWordHasBitsEqualBruteForce() {
        Random random = new Random(22);
        for (int n : new int[] {5, 63, 64, 65, 130}) {
            double[] x = Draws.tied(random, n, n / 2 + 1);
            double[] y = Draws.tied(random, n, n / 2 + 1);
            int[] order = IntStream.range(0, n).toArray();
            NamedDraws.of(1, "order").shuffle(order);
            int score = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    score += (int) (Math.signum(x[i] - x[j]) * Math.signum(y[order[i]] - y[order[j]]));
                }
            }
            assertThat(new KendallScore(x, y).at(order, 0)).isEqualTo(score);
        }
    }

    @ParameterizedTest
    @EnumSource(Association.class)
    void rejectsAsOftenAsStatedUnderTheNull(Association association) {
        // 3,000 null data sets of 10 runs with skewed, partly tied outcomes and 199 draws: P(p ≤
        // .05) is at most .05 and near it. The bounds are .05 ± 4 standard errors of .004, with .01
        // more below because of discreteness: a false alarm in 16,000 seeds.
        CorrelationInference inference = new CorrelationInference(new ResamplingPlan(6, 199, 100, .95));
        Random random = new Random(23);
        int rejected = 0;
        for (int trial = 0; trial < 3_000; trial++) {
            double[] x = random.doubles(10).map(u -> -Math.log(u)).toArray();
            double[] y = random.doubles(10).map(u -> Math.floor(8 * u * u)).toArray();
            if (inference.correlate(association, "null-" + trial, Draws.points(x, y))
                            instanceof Inference.Estimate estimate
                    && estimate.p().orElseThrow().value() <= .05) {
                rejected++;
            }
        }
        assertThat(rejected / 3_000.0).isBetween(.05 - .026, .05 + .016);
    }
}
