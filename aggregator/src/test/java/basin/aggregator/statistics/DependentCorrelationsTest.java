package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of comparisons of several predictors, against full enumeration and by simulation. */
class DependentCorrelationsTest {
    private static final ResamplingPlan PLAN = new ResamplingPlan(3, 9_999, 100, .95);

    /** Draws predictors with a shared component, each with correlation r to the outcome. */
    private static List<DependentCorrelations.Entry> drawn(
            Random random, double r, double shared, int predictors, int... sizes) {
        List<DependentCorrelations.Entry> entries = new ArrayList<>();
        for (int s = 0; s < sizes.length; s++) {
            for (int i = 0; i < sizes[s]; i++) {
                double y = random.nextGaussian();
                double common = random.nextGaussian();
                List<Double> values = new ArrayList<>();
                for (int k = 0; k < predictors; k++) {
                    double own = Math.sqrt(shared) * common + Math.sqrt(1 - shared) * random.nextGaussian();
                    values.add(r * y + Math.sqrt(1 - r * r) * own + s);
                }
                entries.add(new DependentCorrelations.Entry("run-" + s + "-" + i, values, y - 2 * s, "stratum-" + s));
            }
        }
        return entries;
    }

    private static double tau(double[] x, double[] y, int[][] strata) {
        int score = 0;
        int pairs = 0;
        for (int[] stratum : strata) {
            for (int i : stratum) {
                for (int j : stratum) {
                    if (j < i) {
                        score += (int) (Math.signum(x[i] - x[j]) * Math.signum(y[i] - y[j]));
                        pairs++;
                    }
                }
            }
        }
        return score / (double) pairs;
    }

    @Test
    void isWhatEveryPermutationSays() {
        // Strata of four and three runs have 144 permutations of the outcomes, all enumerated here.
        List<DependentCorrelations.Entry> entries = drawn(new Random(81), .5, .4, 3, 4, 3);
        double[] y = entries.stream()
                .mapToDouble(DependentCorrelations.Entry::outcome)
                .toArray();
        double[][] x = new double[3][];
        for (int k = 0; k < 3; k++) {
            int own = k;
            x[k] = entries.stream()
                    .mapToDouble(entry -> entry.predictors().get(own))
                    .toArray();
        }
        int[][] strata = {{0, 1, 2, 3}, {4, 5, 6}};
        List<double[]> all = new ArrayList<>();
        for (List<Integer> four : PermutationTestTest.orders(4)) {
            for (List<Integer> three : PermutationTestTest.orders(3)) {
                double[] moved = new double[7];
                IntStream.range(0, 4).forEach(i -> moved[i] = y[four.get(i)]);
                IntStream.range(0, 3).forEach(i -> moved[4 + i] = y[4 + three.get(i)]);
                all.add(differences(x, moved, strata));
            }
        }
        double[] spread = new double[3];
        all.forEach(one -> IntStream.range(0, 3).forEach(pair -> spread[pair] += one[pair] * one[pair] / all.size()));
        double[] observed = differences(x, y, strata);
        DependentCorrelations.Result result = DependentCorrelations.of("enumerated", entries, PLAN);
        assertThat(result.runs()).isEqualTo(7);
        assertThat(result.strata()).isEqualTo(2);
        for (int pair = 0; pair < 3; pair++) {
            int own = pair;
            double scaled = Math.abs(observed[pair]) / Math.sqrt(spread[pair]);
            DependentCorrelations.Difference difference = result.differences().get(own);
            assertThat(difference.value()).isCloseTo(observed[pair], within(1e-12));
            // The spreads are estimated from draws to about 1 %, so permutations within 3 % may
            // change order. P-values from 9,999 draws have a standard error of at most .005; five
            // of them are allowed.
            assertThat(difference.p().orElseThrow().value())
                    .isBetween(share(all, spread, 1.03 * scaled) - .025, share(all, spread, .97 * scaled) + .025);
        }
    }

    /**
     * Returns the fraction of permutations whose largest scaled difference is at least {@code far}.
     */
    private static double share(List<double[]> all, double[] spread, double far) {
        return all.stream()
                        .filter(one -> IntStream.range(0, 3)
                                        .mapToDouble(k -> Math.abs(one[k]) / Math.sqrt(spread[k]))
                                        .max()
                                        .orElseThrow()
                                >= far)
                        .count()
                / (double) all.size();
    }

    private static double[] differences(double[][] x, double[] y, int[][] strata) {
        double[] taus = Arrays.stream(x).mapToDouble(own -> tau(own, y, strata)).toArray();
        return new double[] {taus[0] - taus[1], taus[0] - taus[2], taus[1] - taus[2]};
    }

    /**
     * Returns whether the two predictors are distinguishable. If they order the runs alike, neither
     * interval nor p-value exists.
     */
    private static boolean leavesZeroOut(DependentCorrelations.Difference one) {
        assertThat(one.interval().isPresent()).isEqualTo(one.p().isPresent());
        return one.interval().map(interval -> !interval.contains(0)).orElse(false);
    }

    @Test
    void tausAreThoseOfTheTableAndIntervalsAgreeWithP() {
        Random random = new Random(82);
        CorrelationInference inference = new CorrelationInference(PLAN.withoutP());
        for (int trial = 0; trial < 30; trial++) {
            List<DependentCorrelations.Entry> entries = drawn(random, .4, .3, 3, 4, 4, 4);
            DependentCorrelations.Result result =
                    DependentCorrelations.of("trial-" + trial, entries, new ResamplingPlan(3, 999, 100, .95));
            for (int k = 0; k < 3; k++) {
                int own = k;
                assertThat(result.taus().get(k))
                        .isEqualTo(inference.stratifiedTau(
                                "alone",
                                entries.stream()
                                        .map(entry -> RunPoint.of(
                                                        entry.runId(),
                                                        entry.predictors().get(own),
                                                        entry.outcome())
                                                .in(entry.stratum()))
                                        .toList()));
            }
            for (DependentCorrelations.Difference one : result.differences()) {
                boolean leavesZeroOut = leavesZeroOut(one);
                assertThat(leavesZeroOut)
                        .isEqualTo(one.p().map(p -> p.value() <= .05).orElse(false));
            }
            List<DependentCorrelations.Entry> turned = new ArrayList<>(entries);
            java.util.Collections.shuffle(turned, random);
            assertThat(DependentCorrelations.of("trial-" + trial, turned, new ResamplingPlan(3, 999, 100, .95)))
                    .isEqualTo(result);
        }
    }

    @ParameterizedTest
    @CsvSource({"3 3 3 3, 0, 0", "3 3 3 3, .6, .5", "6 6, 0, .5", "12, 0, .5", "12, .6, .8", "2 2 2 2 2 2, .6, .8"})
    void namesABestNoMoreOftenThanPromisedWhereAllAreAlike(String strata, double r, double shared) {
        // 1,000 studies with four equally associated predictors: any significant difference may
        // occur in .05 of them. The bound .085 is five standard errors above, a false alarm in
        // 3,500,000 seeds.
        int[] sizes =
                Arrays.stream(strata.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
        Random random = new Random(83);
        int reported = 0;
        int named = 0;
        for (int trial = 0; trial < 1_000; trial++) {
            DependentCorrelations.Result result = DependentCorrelations.of(
                    "null-" + trial, drawn(random, r, shared, 4, sizes), new ResamplingPlan(4, 199, 100, .95));
            reported += result.differences().stream().anyMatch(DependentCorrelationsTest::leavesZeroOut) ? 1 : 0;
            named += result.best().isPresent() ? 1 : 0;
        }
        assertThat(reported / 1_000.0).isLessThan(.085);
        assertThat(named).isLessThanOrEqualTo(reported);
    }

    @Test
    void namesTheOneThatTellsMostWhereItDoes() {
        Random random = new Random(84);
        int named = 0;
        for (int trial = 0; trial < 100; trial++) {
            List<DependentCorrelations.Entry> entries = drawn(random, 0, 0, 3, 12, 12).stream()
                    .map(entry -> new DependentCorrelations.Entry(
                            entry.runId(),
                            List.of(
                                    entry.predictors().getFirst(),
                                    entry.outcome(),
                                    entry.predictors().getLast()),
                            entry.outcome(),
                            entry.stratum()))
                    .toList();
            DependentCorrelations.Result result =
                    DependentCorrelations.of("power-" + trial, entries, new ResamplingPlan(5, 399, 100, .95));
            assertThat(result.best().orElse(1)).isEqualTo(1);
            named += result.best().isPresent() ? 1 : 0;
        }
        assertThat(named).isGreaterThan(90);
    }

    @Test
    void whatOrdersTheRunsAlikeCannotBeToldApart() {
        List<DependentCorrelations.Entry> entries = drawn(new Random(85), .9, 0, 1, 12).stream()
                .map(entry -> new DependentCorrelations.Entry(
                        entry.runId(),
                        List.of(
                                entry.predictors().getFirst(),
                                Math.exp(entry.predictors().getFirst())),
                        entry.outcome(),
                        entry.stratum()))
                .toList();
        DependentCorrelations.Result result = DependentCorrelations.of("alike", entries, PLAN);
        assertThat(result.differences()).singleElement().satisfies(one -> {
            assertThat(one.value()).isZero();
            assertThat(one.interval()).isEmpty();
            assertThat(one.p()).isEmpty();
        });
        assertThat(result.best()).isEmpty();
        assertThat(DependentCorrelations.of("few", entries.subList(0, 5), PLAN).differences())
                .isEmpty();
        assertThat(DependentCorrelations.of("none", List.of(), PLAN).taus()).isEmpty();
        assertThat(DependentCorrelations.of("later", entries, PLAN.withoutP()).differences())
                .isEmpty();
    }
}
