package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.study.Association;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests of tau within strata against counts by hand and by simulation. */
class StratifiedTauTest {
    private static final CorrelationInference INFERENCE =
            new CorrelationInference(new ResamplingPlan(5, 9_999, 200, .95));

    private static double[] scoreAndUntied(List<RunPoint> points) {
        double[] sums = new double[3];
        for (RunPoint a : points) {
            for (RunPoint b : points) {
                if (a.runId().compareTo(b.runId()) < 0 && a.stratum().equals(b.stratum())) {
                    double sx = Math.signum(a.x() - b.x());
                    double sy = Math.signum(a.y() - b.y());
                    sums[0] += sx * sy;
                    sums[1] += sx * sx;
                    sums[2] += sy * sy;
                }
            }
        }
        return sums;
    }

    private static List<RunPoint> withTies(Random random, int... sizes) {
        List<RunPoint> points = new ArrayList<>();
        for (int s = 0; s < sizes.length; s++) {
            for (int i = 0; i < sizes[s]; i++) {
                points.add(RunPoint.of("run-" + s + i, random.nextInt(4) + 10 * s, random.nextInt(4) - 10 * s)
                        .in("s" + s));
            }
        }
        return points;
    }

    @Test
    void equalsHandCount() {
        // Stratum a (x 1 2 3, y 1 3 2) has 2 concordant pairs and 1 discordant pair. Stratum b (x 1
        // 1 2, y 5 6 7) has 2 concordant pairs and 1 tied in x. The score is 1 + 2 over 6 pairs, 5
        // of them untied in x. The single run of c does not count.
        List<RunPoint> points = List.of(
                RunPoint.of("1", 1, 1).in("a"),
                RunPoint.of("2", 2, 3).in("a"),
                RunPoint.of("3", 3, 2).in("a"),
                RunPoint.of("4", 1, 5).in("b"),
                RunPoint.of("5", 1, 6).in("b"),
                RunPoint.of("6", 2, 7).in("b"),
                RunPoint.of("7", 9, 0).in("c"),
                RunPoint.of("8", 1, 2).in("d"),
                RunPoint.of("9", 2, 1).in("d"));
        Inference.Estimate estimate = Draws.estimate(INFERENCE.stratifiedTau("hand", points));
        assertThat(estimate.value()).isCloseTo((1 + 2 - 1) / Math.sqrt(6.0 * 7), within(1e-15));
        assertThat(estimate.runs()).isEqualTo(8);
        assertThat(estimate.strata()).isEqualTo(3);
    }

    @Test
    void equalsBruteForceOverAllPermutationsWithinStrata() {
        Random random = new Random(51);
        for (int trial = 0; trial < 20; trial++) {
            List<RunPoint> points = withTies(random, 4, 3, 2);
            double[] sums = scoreAndUntied(points);
            if (sums[1] == 0 || sums[2] == 0) {
                continue;
            }
            int extreme = 0;
            for (List<Integer> first : PermutationTestTest.orders(4)) {
                for (List<Integer> second : PermutationTestTest.orders(3)) {
                    for (List<Integer> third : PermutationTestTest.orders(2)) {
                        List<RunPoint> permuted = new ArrayList<>();
                        for (int i = 0; i < 9; i++) {
                            int from = i < 4 ? first.get(i) : i < 7 ? 4 + second.get(i - 4) : 7 + third.get(i - 7);
                            RunPoint run = points.get(i);
                            permuted.add(RunPoint.of(
                                            run.runId(),
                                            run.x(),
                                            points.get(from).y())
                                    .in(run.stratum()));
                        }
                        extreme += Math.abs(scoreAndUntied(permuted)[0]) >= Math.abs(sums[0]) ? 1 : 0;
                    }
                }
            }
            Inference.Estimate estimate = Draws.estimate(INFERENCE.stratifiedTau("brute", points));
            assertThat(estimate.value()).isCloseTo(sums[0] / Math.sqrt(sums[1] * sums[2]), within(1e-15));
            PValue p = estimate.p().orElseThrow();
            assertThat(p.value()).isCloseTo(extreme / 288.0, within(1e-12));
            assertThat(p.method()).isEqualTo(PValue.Method.EXACT_PERMUTATION);
            assertThat(p.arrangements()).isEqualTo(288);
        }
    }

    @Test
    void equalsTauBInOneStratum() {
        Random random = new Random(52);
        List<RunPoint> points = withTies(random, 8);
        Inference.Estimate within = Draws.estimate(INFERENCE.stratifiedTau("one", points));
        Inference.Estimate plain = Draws.estimate(INFERENCE.correlate(Association.KENDALL, "one", points));
        assertThat(within.value()).isEqualTo(plain.value());
        assertThat(within.interval()).isEqualTo(plain.interval());
        assertThat(within.p().orElseThrow().value())
                .isCloseTo(plain.p().orElseThrow().value(), within(1e-12));
    }

    @Test
    void drawsComeNearTheExactTailInLargeStrata() {
        // Strata of 10 and 9 without ties have an exact tail by Kendall's recursion. The bound is
        // 4.5 standard errors of the draws, a false alarm in 150,000 seeds.
        List<RunPoint> points = Draws.normal(new Random(53), .45, 10, 9);
        int score = (int) Math.abs(scoreAndUntied(points)[0]);
        double[] distribution = SmallestDetectable.scoreDistribution(new int[] {10, 9}, 81);
        double exact = 0;
        for (int s = 0; s < distribution.length; s++) {
            exact += Math.abs(s - 81) >= score ? distribution[s] : 0;
        }
        PValue p = Draws.estimate(INFERENCE.stratifiedTau("large", points)).p().orElseThrow();
        assertThat(p.method()).isEqualTo(PValue.Method.DRAWN_PERMUTATION);
        assertThat(p.value()).isCloseTo(exact, within(4.5 * Math.sqrt(exact * (1 - exact) / 9_999) + 1e-4));
    }

    @Test
    void differencesBetweenStrataDoNotCount() {
        // The association is negative between strata and positive within them.
        List<RunPoint> points = Draws.normal(new Random(54), .95, 4, 4, 4);
        List<RunPoint> moved = points.stream()
                .map(run -> RunPoint.of(
                                run.runId(), run.x() + 100 * run.stratum().hashCode(), Math.exp(run.y()))
                        .in(run.stratum()))
                .toList();
        assertThat(INFERENCE.stratifiedTau("moved", moved)).isEqualTo(INFERENCE.stratifiedTau("moved", points));
    }

    @Test
    void perfectAgreementKeepsAWidth() {
        List<RunPoint> points = Draws.normal(new Random(55), 1, 3, 3, 3, 3);
        Inference.Estimate estimate = Draws.estimate(INFERENCE.stratifiedTau("perfect", points));
        assertThat(estimate.value()).isEqualTo(1);
        assertThat(estimate.interval().high()).isEqualTo(1);
        assertThat(estimate.interval().low()).isBetween(.2, .9);
        assertThat(estimate.p().orElseThrow().value()).isCloseTo(2 / 1296.0, within(1e-15));
    }

    @Test
    void rejectsAsOftenAsStatedUnderTheNull() {
        // Of the 1,296 arrangements of four strata of three, 2 have |S| = 12, 16 have 10 and 64
        // have 8, so p ≤ .05 has probability 18/1,296. 4,000 null studies with bounds of 4 standard
        // errors of .0018: a false alarm in 16,000 seeds.
        CorrelationInference inference = new CorrelationInference(new ResamplingPlan(6, 1, 100, .95));
        Random random = new Random(56);
        int rejected = 0;
        for (int trial = 0; trial < 4_000; trial++) {
            Inference.Estimate estimate =
                    Draws.estimate(inference.stratifiedTau("null-" + trial, Draws.normal(random, 0, 3, 3, 3, 3)));
            rejected += estimate.p().orElseThrow().value() <= .05 ? 1 : 0;
        }
        assertThat(rejected / 4_000.0).isCloseTo(18 / 1296.0, within(.0074));
    }
}
