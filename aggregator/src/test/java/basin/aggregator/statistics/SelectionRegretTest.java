package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.statistics.SelectionRegret.Candidate;
import basin.aggregator.statistics.SelectionRegret.Result;
import basin.aggregator.statistics.SelectionRegret.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Tests of regrets against brute force on explicit lists, and of properties known without data. */
class SelectionRegretTest {
    private static final ResamplingPlan PLAN = new ResamplingPlan(7, 0, 1_000, .95);

    private static List<Candidate> drawn(SplittableRandom random, int runs) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            candidates.add(
                    // A few distinct values make ties.
                    new Candidate("r" + i, random.nextInt(3), random.nextInt(3), random.nextInt(5) / 10.0));
        }
        return candidates;
    }

    /** Computes regrets directly: each member is left out once and the others are in a list. */
    private static double[] byHand(List<Candidate> members) {
        double[] mean = new double[3];
        for (int out = 0; out < members.size(); out++) {
            List<Candidate> others = new ArrayList<>(members);
            others.remove(out);
            double best = others.stream().mapToDouble(Candidate::accuracy).max().orElseThrow();
            double flattest =
                    others.stream().mapToDouble(Candidate::flatness).max().orElseThrow();
            double lowest = others.stream().mapToDouble(Candidate::loss).min().orElseThrow();
            mean[0] += best
                    - mean(others.stream()
                            .filter(one -> one.flatness() == flattest)
                            .toList());
            mean[1] += best
                    - mean(others.stream().filter(one -> one.loss() == lowest).toList());
            mean[2] += best - mean(others);
        }
        for (int rule = 0; rule < 3; rule++) {
            mean[rule] /= members.size();
        }
        return mean;
    }

    private static double mean(List<Candidate> candidates) {
        return candidates.stream().mapToDouble(Candidate::accuracy).average().orElseThrow();
    }

    @Test
    void everyResampleOfFourRunsIsAsByHand() {
        SplittableRandom random = new SplittableRandom(1);
        for (int trial = 0; trial < 20; trial++) {
            List<Candidate> candidates = drawn(random, 4);
            for (int code = 0; code < 256; code++) {
                int[] counts = new int[4];
                List<Candidate> members = new ArrayList<>();
                for (int place = 0; place < 4; place++) {
                    int chosen = (code >> (2 * place)) & 3;
                    counts[chosen]++;
                    members.add(candidates.get(chosen));
                }
                assertThat(new SelectionRegret(candidates).at(counts)).containsExactly(byHand(members), within(1e-12));
            }
        }
    }

    @Test
    void aRuleThatKnowsTheAccuracyRegretsNothingWhicheverRunIsLeftOut() {
        SplittableRandom random = new SplittableRandom(2);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            double accuracy = random.nextDouble();
            candidates.add(new Candidate("r" + i, accuracy, accuracy, accuracy));
        }
        Result result = SelectionRegret.of(candidates, PLAN, "test").orElseThrow();
        assertThat(result.runs()).isEqualTo(12);
        assertThat(result.regret(Rule.FLATNESS).value()).isZero();
        assertThat(result.regret(Rule.FLATNESS).interval().orElseThrow().high()).isZero();
        // The lowest loss belongs to the worst accuracy.
        assertThat(result.regret(Rule.LOSS).value())
                .isGreaterThan(result.regret(Rule.RANDOM).value());
        assertThat(result.flatnessOverRandom().interval().orElseThrow().low()).isPositive();
        assertThat(result.lossOverRandom().interval().orElseThrow().high()).isNegative();
        assertThat(result.flatnessOverLoss().value())
                .isCloseTo(result.regret(Rule.LOSS).value(), within(1e-12));
    }

    @Test
    void theOrderOfTheRunsDoesNotMatterAndTheSeedDoes() {
        List<Candidate> candidates = drawn(new SplittableRandom(3), 9);
        Result one = SelectionRegret.of(candidates, PLAN, "test").orElseThrow();
        List<Candidate> other = new ArrayList<>(candidates);
        other.sort(Comparator.comparing(Candidate::runId).reversed());
        assertThat(SelectionRegret.of(other, PLAN, "test")).contains(one);
        assertThat(SelectionRegret.of(candidates, PLAN, "another")).get().isNotEqualTo(one);
    }

    @Test
    void withoutAnythingToKnowFlatnessSavesNothingOnAverage() {
        SplittableRandom random = new SplittableRandom(4);
        int trials = 2_000;
        double sum = 0;
        double squares = 0;
        for (int trial = 0; trial < trials; trial++) {
            List<Candidate> candidates = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                candidates.add(new Candidate("r" + i, random.nextDouble(), random.nextDouble(), random.nextDouble()));
            }
            int[] once = {1, 1, 1, 1, 1, 1, 1, 1};
            double[] regrets = new SelectionRegret(candidates).at(once);
            double saved = regrets[2] - regrets[0];
            sum += saved;
            squares += saved * saved;
        }
        double mean = sum / trials;
        double error = Math.sqrt((squares / trials - mean * mean) / trials);
        // Four standard errors are a false alarm in 16,000 seeds, and the seed is fixed.
        assertThat(Math.abs(mean)).isLessThan(4 * error);
    }

    @Test
    void fewRunsHaveNoIntervalAndOneHasNoRegret() {
        SplittableRandom random = new SplittableRandom(5);
        assertThat(SelectionRegret.of(drawn(random, 1), PLAN, "test")).isEmpty();
        Result few = SelectionRegret.of(drawn(random, 5), PLAN, "test").orElseThrow();
        assertThat(few.regrets())
                .allSatisfy(regret -> assertThat(regret.interval()).isEmpty());
        List<Candidate> twice = new ArrayList<>(drawn(random, 3));
        twice.add(twice.getFirst());
        assertThatThrownBy(() -> SelectionRegret.of(twice, PLAN, "test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than one point");
    }
}
