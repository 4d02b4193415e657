package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import basin.study.Association;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of the inference's determinism, minimum sizes and unidentifiable cases. */
class CorrelationInferenceTest {
    private static final CorrelationInference INFERENCE =
            new CorrelationInference(new ResamplingPlan(5, 499, 300, .95));

    private static List<RivalPoint> rivals(Random random, int n) {
        List<RivalPoint> points = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double outcome = random.nextGaussian();
            points.add(new RivalPoint(
                    "run-" + i, outcome + random.nextGaussian(), outcome + 2 * random.nextGaussian(), outcome));
        }
        return points;
    }

    /** Returns all kinds of inference for one set of points. */
    private static List<Inference> all(List<RunPoint> points, List<RivalPoint> rivals) {
        List<Inference> all = new ArrayList<>();
        for (Association association : Association.values()) {
            all.add(INFERENCE.correlate(association, "row", points));
            all.add(INFERENCE.difference(association, "row", rivals));
        }
        all.add(INFERENCE.stratifiedTau("row", points));
        all.add(INFERENCE.partial("row", points));
        return all;
    }

    @Test
    void isTheSameToTheBitInAnyOrder() {
        Random random = new Random(71);
        for (int trial = 0; trial < 20; trial++) {
            List<RunPoint> points = new ArrayList<>(Draws.normal(random, .5, 5, 4, 4).stream()
                    .map(run -> run.given(run.x() + random.nextGaussian(), random.nextGaussian()))
                    .toList());
            List<RivalPoint> rivals = new ArrayList<>(rivals(random, 13));
            List<Inference> first = all(points, rivals);
            Collections.shuffle(points, random);
            Collections.shuffle(rivals, random);
            // Records of doubles are equal only if their bits are equal.
            assertThat(all(points, rivals)).isEqualTo(first).hasSize(8);
        }
    }

    @Test
    void rowsDrawByNameAndSeed() {
        List<RunPoint> points = Draws.normal(new Random(72), .4, 14);
        Inference row = INFERENCE.correlate(Association.SPEARMAN, "row", points);
        assertThat(INFERENCE.correlate(Association.SPEARMAN, "row", points)).isEqualTo(row);
        assertThat(INFERENCE.correlate(Association.SPEARMAN, "other", points)).isNotEqualTo(row);
        CorrelationInference otherSeed = new CorrelationInference(new ResamplingPlan(6, 499, 300, .95));
        assertThat(otherSeed.correlate(Association.SPEARMAN, "row", points)).isNotEqualTo(row);
    }

    @Test
    void differenceIsThatOfTheTwoCorrelations() {
        List<RivalPoint> rivals = rivals(new Random(73), 16);
        Inference.Estimate difference = Draws.estimate(INFERENCE.difference(Association.SPEARMAN, "row", rivals));
        double first = Draws.estimate(INFERENCE.correlate(
                        Association.SPEARMAN,
                        "first",
                        rivals.stream()
                                .map(run -> RunPoint.of(run.runId(), run.predictor(), run.outcome()))
                                .toList()))
                .value();
        double second = Draws.estimate(INFERENCE.correlate(
                        Association.SPEARMAN,
                        "second",
                        rivals.stream()
                                .map(run -> RunPoint.of(run.runId(), run.rival(), run.outcome()))
                                .toList()))
                .value();
        assertThat(difference.value()).isCloseTo(first - second, within(1e-15));
        assertThat(difference.interval().method()).isEqualTo(Interval.Method.EXPANDED_BCA_BOOTSTRAP);
        assertThat(difference.p().orElseThrow().method()).isEqualTo(PValue.Method.EXPANDED_BCA_INVERSION);
        assertThat(difference.runs()).isEqualTo(16);
    }

    @ParameterizedTest
    @EnumSource(Association.class)
    void tooFewRunsAreNotYet(Association association) {
        List<RunPoint> points = Draws.normal(new Random(74), .4, 5);
        assertThat(INFERENCE.correlate(association, "few", points))
                .isEqualTo(new Inference.NotYet(association.title() + " needs 6 runs; there are 5.", 5, 6));
        assertThat(INFERENCE.correlate(association, "none", List.of())).isInstanceOf(Inference.NotYet.class);
        assertThat(INFERENCE.difference(association, "few", rivals(new Random(1), 7)))
                .isInstanceOf(Inference.NotYet.class);
    }

    @Test
    void tooFewRunsInStrataAreNotYet() {
        assertThat(INFERENCE.stratifiedTau("few", Draws.normal(new Random(75), .4, 3, 1, 1, 2)))
                .isEqualTo(new Inference.NotYet("Kendall's tau within strata needs 6 runs; there are 5.", 5, 6));
        // Two of 3!·3! = 36 arrangements give p = .056 at best.
        assertThat(INFERENCE.stratifiedTau("few", Draws.normal(new Random(75), .4, 3, 3)))
                .isInstanceOf(Inference.NotYet.class);
        assertThat(INFERENCE.partial(
                        "few",
                        Draws.normal(new Random(75), .4, 6).stream()
                                .map(run -> run.given(run.x() * run.y()))
                                .toList()))
                .isInstanceOf(Inference.NotYet.class);
        assertThat(INFERENCE.partial("none", List.of())).isInstanceOf(Inference.NotYet.class);
        assertThat(INFERENCE.stratifiedTau("none", List.of())).isInstanceOf(Inference.NotYet.class);
    }

    @Test
    void constantQuantitiesAreNotIdentifiable() {
        double[] steps = {1, 2, 3, 4, 5, 6, 7, 8};
        double[] flat = {.5, .5, .5, .5, .5, .5, .5, .5};
        for (Association association : Association.values()) {
            assertThat(INFERENCE.correlate(association, "flat", Draws.points(steps, flat)))
                    .isEqualTo(new Inference.NotIdentifiable(
                            "y has the same value, 0.5, in all 8 runs, so nothing can vary with it.", 8));
            assertThat(INFERENCE.correlate(association, "flat", Draws.points(flat, steps)))
                    .isInstanceOf(Inference.NotIdentifiable.class);
        }
        assertThat(INFERENCE.stratifiedTau("flat", Draws.points(flat, steps)))
                .isInstanceOf(Inference.NotIdentifiable.class);
        // Negative zero and zero tie.
        double[] zeros = {0, -0.0, 0, -0.0, 0, -0.0, 0, 0};
        assertThat(INFERENCE.correlate(Association.SPEARMAN, "zero", Draws.points(zeros, steps)))
                .isInstanceOf(Inference.NotIdentifiable.class);
    }

    @Test
    void pointsOnALineHaveNoFisherInterval() {
        double[] x = {1, 2, 3, 4, 5, 6, 7, 8};
        assertThat(INFERENCE.correlate(Association.PEARSON, "line", Draws.points(x, x)))
                .isInstanceOf(Inference.NotIdentifiable.class);
        Inference.Estimate rho = Draws.estimate(INFERENCE.correlate(Association.SPEARMAN, "line", Draws.points(x, x)));
        assertThat(rho.value()).isEqualTo(1);
        assertThat(rho.interval().low()).isLessThan(.98);
    }

    @Test
    void valuesBeyondTheRangeGiveASentenceNotANumber() {
        double[] x = {1e300, 2e300, -1e300, 4e300, 5, 6, 7, 8};
        double[] y = {1, 2, 3, 4, 5, 6, 7, 1e300};
        assertThat(INFERENCE.correlate(Association.PEARSON, "huge", Draws.points(x, y)))
                .isInstanceOf(Inference.NotIdentifiable.class);
    }

    @Test
    void predictorsThatOrderRunsAlikeHaveNoDifference() {
        List<RivalPoint> same = rivals(new Random(76), 12).stream()
                .map(run -> new RivalPoint(run.runId(), run.predictor(), Math.exp(run.predictor()), run.outcome()))
                .toList();
        assertThat(INFERENCE.difference(Association.SPEARMAN, "same", same))
                .isInstanceOf(Inference.NotIdentifiable.class);
    }

    @Test
    void aPlanWithoutPermutationsGivesNoP() {
        ResamplingPlan plan = new ResamplingPlan(1, 9_999, 2_000, .95).withoutP();
        List<RunPoint> points = Draws.normal(new Random(77), .4, 5, 5);
        Inference.Estimate estimate =
                Draws.estimate(new CorrelationInference(plan).correlate(Association.SPEARMAN, "provisional", points));
        assertThat(estimate.p()).isEmpty();
        Inference.Estimate ended = Draws.estimate(new CorrelationInference(new ResamplingPlan(1, 9_999, 2_000, .95))
                .correlate(Association.SPEARMAN, "provisional", points));
        assertThat(ended.p()).isPresent();
        assertThat(ended.value()).isEqualTo(estimate.value());
        assertThat(ended.interval()).isEqualTo(estimate.interval());
    }

    @Test
    void wrongInputIsRefusedInOneSentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunPoint.of("run-1", Double.NaN, 1))
                .withMessage("The x of run run-1 is NaN: leave the run out where a quantity does not exist.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunPoint.of("run-1", 1, 1).given(1.0 / 0))
                .withMessageContaining("covariate of run run-1 is Infinity");
        assertThatIllegalArgumentException().isThrownBy(() -> new RivalPoint(" ", 1, 1, 1));
        List<RunPoint> twice = List.of(RunPoint.of("run-1", 1, 2), RunPoint.of("run-1", 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> INFERENCE.correlate(Association.PEARSON, "twice", twice))
                .withMessage("Run run-1 has more than one point: give one point per run.");
        List<RunPoint> uneven = List.of(RunPoint.of("run-1", 1, 2).given(1.0), RunPoint.of("run-2", 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> INFERENCE.partial("uneven", uneven))
                .withMessage("Run run-2 has 0 covariates: give every run the same number, at least one.");
        assertThatIllegalArgumentException().isThrownBy(() -> new ResamplingPlan(1, -1, 100, .95));
        assertThatIllegalArgumentException().isThrownBy(() -> new ResamplingPlan(1, 0, 99, .95));
        assertThatIllegalArgumentException().isThrownBy(() -> new ResamplingPlan(1, 0, 100, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Interval(2, 1, .95, Interval.Method.FISHER_Z));
        assertThatIllegalArgumentException().isThrownBy(() -> new PValue(0, PValue.Method.EXACT_PERMUTATION, 1));
    }
}
