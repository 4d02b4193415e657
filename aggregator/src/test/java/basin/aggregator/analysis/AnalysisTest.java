package basin.aggregator.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.CorrelationInference;
import basin.aggregator.statistics.Inference;
import basin.aggregator.statistics.ResamplingPlan;
import basin.aggregator.statistics.RunPoint;
import basin.record.Event;
import basin.record.Finding;
import basin.record.Finding.Status;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.Ids;
import basin.study.Json;
import basin.study.Quantity;
import basin.study.QuestionSpec;
import basin.study.StudySpec;
import basin.study.file.QuestionFile;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.hipparchus.stat.correlation.KendallsCorrelation;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;

/** Tests of the table against correlations of points computed independently from the events. */
class AnalysisTest {
    private static final StudySpec QUICK = SyntheticStudy.quick();
    private static final String STUDY = new Event.StudySubmitted(QUICK).studyId();
    private static final List<Event> EVENTS = SyntheticStudy.complete(QUICK, 1);
    private static final List<Row> ROWS = rows(state(EVENTS));
    private static final double LEVEL = .2;

    private static List<Row> rows(StudyState study) {
        return Analysis.of(
                study, !study.completeness().complete(), Choice.own(study.spec()), new InferenceCache(), false);
    }

    private static StudyState state(List<Event> events) {
        Fold fold = new Fold();
        events.forEach(fold::add);
        return fold.study(STUDY).orElseThrow();
    }

    private static Finding finding(
            List<Row> rows, Comparison comparison, Optional<Double> level, String measure, String statistic) {
        CorrelationRow requested = new CorrelationRow(comparison, level, measure, "root", "probe-200", statistic);
        return rows.stream()
                .filter(row -> row.requested().equals(requested))
                .map(Row::finding)
                .findFirst()
                .orElseThrow();
    }

    /** A run's point, computed from the events alone. */
    private record Gathered(double flatness, double minusLoss, double above, double learningRate, String size) {}

    private static List<Gathered> gathered(boolean matched) {
        List<Gathered> points = new ArrayList<>();
        for (int run = 0; run < 12; run++) {
            String runId = SyntheticStudy.runId(QUICK, run);
            TreeMap<Integer, Event.CheckpointPublished> checkpoints = new TreeMap<>();
            of(Event.CheckpointPublished.class)
                    .filter(one -> one.runId().equals(runId))
                    .forEach(one -> checkpoints.put(one.step(), one));
            Optional<Event.CheckpointPublished> chosen = matched
                    ? checkpoints.values().stream()
                            .filter(one -> one.excess().value() <= LEVEL)
                            .findFirst()
                            .filter(one -> one.excess().value() >= LEVEL - .02)
                    : Optional.ofNullable(checkpoints.get(3000));
            chosen.ifPresent(checkpoint -> points.add(point(checkpoint)));
        }
        return points;
    }

    private static <T extends Event> java.util.stream.Stream<T> of(Class<T> kind) {
        return EVENTS.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static Gathered point(Event.CheckpointPublished at) {
        Event.RunDeclared declared = of(Event.RunDeclared.class)
                .filter(one -> one.runId().equals(at.runId()))
                .findFirst()
                .orElseThrow();
        double trace = of(Event.FlatnessMeasured.class)
                .filter(one -> one.runId().equals(at.runId()) && one.step() == at.step())
                .filter(one -> one.quantity() == Quantity.HESSIAN_TRACE)
                .mapToDouble(one -> one.value().value())
                .findFirst()
                .orElseThrow();
        double above = of(Event.DownstreamMeasured.class)
                .filter(one -> one.runId().equals(at.runId()) && one.step() == at.step())
                .filter(one -> one.task().name().equals("root"))
                .filter(one -> one.protocol().name().equals("probe-200"))
                .mapToDouble(one -> one.accuracy().value() - one.untrained().value())
                .findFirst()
                .orElseThrow();
        return new Gathered(
                -Math.log(trace),
                -at.excess().value(),
                above,
                declared.spec().learningRate(),
                declared.spec().size().name());
    }

    private static double[] column(List<Gathered> points, java.util.function.ToDoubleFunction<Gathered> value) {
        return points.stream().mapToDouble(value).toArray();
    }

    @Test
    void rawAndMatchedRowsAreTheCorrelationsOfTheirPoints() {
        for (boolean matched : new boolean[] {false, true}) {
            List<Gathered> points = gathered(matched);
            Comparison comparison = matched ? Comparison.MATCHED : Comparison.RAW;
            Optional<Double> level = matched ? Optional.of(LEVEL) : Optional.empty();
            double[] y = column(points, Gathered::above);
            double[] flat = column(points, Gathered::flatness);
            double[] loss = column(points, Gathered::minusLoss);
            assertThat(points.size()).isGreaterThanOrEqualTo(8);
            double flatRho = new SpearmansCorrelation().correlation(flat, y);
            double lossRho = new SpearmansCorrelation().correlation(loss, y);
            check(comparison, level, "hessian.trace", "spearman", flatRho, points.size());
            check(comparison, level, "loss", "spearman", lossRho, points.size());
            check(comparison, level, "difference", "spearman", flatRho - lossRho, points.size());
            check(
                    comparison,
                    level,
                    "hessian.trace",
                    "kendall",
                    new KendallsCorrelation().correlation(flat, y),
                    points.size());
            check(comparison, level, "loss", "kendall", new KendallsCorrelation().correlation(loss, y), points.size());
            check(
                    comparison,
                    level,
                    "hessian.trace",
                    "pearson",
                    new PearsonsCorrelation().correlation(flat, y),
                    points.size());
        }
    }

    private static void check(
            Comparison comparison,
            Optional<Double> level,
            String measure,
            String statistic,
            double expected,
            int runs) {
        Finding finding = finding(ROWS, comparison, level, measure, statistic);
        assertThat(finding.status()).isEqualTo(Status.ESTIMATE);
        assertThat(finding.value().orElseThrow()).isCloseTo(expected, within(1e-12));
        assertThat(finding.runs()).isEqualTo(runs);
        assertThat(finding.declared()).isEqualTo(12);
        assertThat(finding.provisional()).isFalse();
        assertThat(finding.p().orElseThrow()).isBetween(0.0, 1.0);
        assertThat(finding.interval().orElseThrow().low()).isLessThanOrEqualTo(expected);
        assertThat(finding.interval().orElseThrow().high()).isGreaterThanOrEqualTo(expected);
    }

    @Test
    void stratifiedRowsCountPairsWithinStrataOnly() {
        stratified(Comparison.MATCHED_WITHIN_RATE, (a, b) -> a.learningRate() == b.learningRate());
        stratified(Comparison.MATCHED_WITHIN_SIZE, (a, b) -> a.size().equals(b.size()));
    }

    private static void stratified(Comparison comparison, BiPredicate<Gathered, Gathered> together) {
        List<Gathered> points = gathered(true);
        int concordant = 0;
        int discordant = 0;
        for (int i = 0; i < points.size(); i++) {
            for (int j = 0; j < i; j++) {
                Gathered a = points.get(i);
                Gathered b = points.get(j);
                if (together.test(a, b)) {
                    double sign = (a.flatness() - b.flatness()) * (a.above() - b.above());
                    concordant += sign > 0 ? 1 : 0;
                    discordant += sign < 0 ? 1 : 0;
                }
            }
        }
        Finding finding = finding(ROWS, comparison, Optional.of(LEVEL), "hessian.trace", "kendall");
        assertThat(finding.value().orElseThrow())
                .isCloseTo((concordant - discordant) / (double) (concordant + discordant), within(1e-12));
    }

    @Test
    void theTableHasARowForEveryQuestion() {
        // Plain comparisons (raw and three levels) have three statistics of four measures and one
        // difference. Strata have two comparisons of four measures per level. There are three
        // partial rows given loss, three given all covariates and four descriptions, all for two
        // tasks and three protocols.
        assertThat(ROWS).hasSize(2 * 3 * (4 * (3 * 4 + 1) + 3 * 2 * 4 + 3 + 3 + 4));
        assertThat(ROWS.stream().map(Row::requested)).doesNotHaveDuplicates();
        assertThat(finding(ROWS, Comparison.PARTIAL_GIVEN_LOSS, Optional.empty(), "hessian.trace", "spearman")
                        .status())
                .isEqualTo(Status.ESTIMATE);
        Finding all = finding(ROWS, Comparison.ALL_CHECKPOINTS, Optional.empty(), "loss", "spearman");
        assertThat(all.interval()).isPresent();
        assertThat(all.p()).isEmpty();
        assertThat(all.note()).contains("description");
    }

    @Test
    void covariatesAreHeldByTheirRanksAndThoseThatAreTheSameAreNamed() {
        Finding found = ROWS.stream()
                .filter(row -> row.requested()
                        .equals(new CorrelationRow(
                                Comparison.PARTIAL_GIVEN,
                                Optional.empty(),
                                "adaptive.trace",
                                "root",
                                "probe-200",
                                "spearman",
                                List.of("loss", "rate", "size", "steps", "norm"))))
                .findFirst()
                .orElseThrow()
                .finding();
        List<Gathered> points = gathered(false);
        List<RunPoint> held = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Gathered point = points.get(i);
            // The synthetic adaptive trace is the trace times the rate. Sizes are named after their
            // widths, and the number of parameters increases with width.
            held.add(RunPoint.of("run-" + (10 + i), point.flatness() - Math.log(point.learningRate()), point.above())
                    .given(
                            point.minusLoss(),
                            point.learningRate(),
                            Double.valueOf(point.size().substring(1))));
        }
        Inference.Estimate expected = (Inference.Estimate)
                new CorrelationInference(new ResamplingPlan(1, 9_999, 2_000, .95)).partial("", held);
        assertThat(found.value().orElseThrow()).isCloseTo(expected.value(), within(1e-12));
        assertThat(found.interval().orElseThrow().low())
                .isCloseTo(expected.interval().low(), within(1e-12));
        assertThat(found.p()).isPresent();
        assertThat(found.note()).contains("nothing is to be held: steps, norm.");
    }

    @Test
    void otherSetsAreHeldWhereTheyAreAsked() {
        QuestionSpec question =
                QuestionFile.parse("given: [[loss, rate], [rate, steps, norm]]\nwithin: [[rate, norm]]", "question");
        List<Row> rows = Analysis.of(state(EVENTS), false, Choice.of(question), new InferenceCache(), false);
        List<Row> more = rows.stream()
                .filter(row -> !row.requested().conditionedOn().isEmpty())
                .filter(row -> row.requested().task().equals("root")
                        && row.requested().protocol().equals("probe-200"))
                .toList();
        // The set with loss has three rows of last checkpoints. At each of three levels, the other
        // set has four rows, including one of loss, and the strata have four.
        assertThat(more).hasSize(3 + 3 * 4 + 3 * 4);
        assertThat(more)
                .filteredOn(row -> row.requested().conditionedOn().contains("loss"))
                .allMatch(row -> row.requested().level().isEmpty());
        assertThat(more)
                .filteredOn(row -> row.requested().comparison() == Comparison.MATCHED_WITHIN)
                .hasSize(12)
                .allMatch(row -> row.requested().conditionedOn().equals(List.of("rate", "norm")));
        assertThat(rows.stream().map(Row::requested)).doesNotHaveDuplicates();
    }

    @Test
    void binsHaveFixedEnds() {
        assertThat(List.of(
                        ConditioningVariables.doubling(1),
                        ConditioningVariables.doubling(2),
                        ConditioningVariables.doubling(3),
                        ConditioningVariables.doubling(1024)))
                .containsExactly(0, 1, 1, 10);
        assertThat(List.of(
                        ConditioningVariables.halfDoubling(1),
                        ConditioningVariables.halfDoubling(1.42),
                        ConditioningVariables.halfDoubling(Math.nextDown(2.0)),
                        ConditioningVariables.halfDoubling(2),
                        ConditioningVariables.halfDoubling(.5)))
                .containsExactly(0, 1, 1, 2, -2);
    }

    @Test
    void rowsAcrossSizesSayThatTracesShareNoParameterisation() {
        String words = "not in one parameterisation";
        Optional<Double> level = Optional.of(LEVEL);
        assertThat(finding(ROWS, Comparison.MATCHED, level, "hessian.trace", "kendall")
                        .note())
                .contains(words);
        assertThat(finding(ROWS, Comparison.MATCHED_WITHIN_SIZE, level, "hessian.trace", "kendall")
                        .note())
                .doesNotContain(words);
        assertThat(finding(ROWS, Comparison.MATCHED, level, "loss", "kendall").note())
                .doesNotContain(words);
    }

    @Test
    void provisionalWithoutPUntilAllHasEnded() {
        List<Row> rows = rows(state(SyntheticStudy.until(QUICK, 1, 9, false)));
        Finding raw = finding(rows, Comparison.RAW, Optional.empty(), "hessian.trace", "kendall");
        assertThat(raw.provisional()).isTrue();
        assertThat(raw.p()).isEmpty();
        assertThat(raw.runs()).isEqualTo(9);
        assertThat(raw.value()).isPresent();
        assertThat(raw.note()).startsWith("3 runs excluded: they took no last step.");
    }

    @Test
    void notYetWithFewerRunsThanAsked() {
        List<Row> rows = rows(state(SyntheticStudy.until(QUICK, 1, 4, false)));
        Finding raw = finding(rows, Comparison.RAW, Optional.empty(), "hessian.trace", "kendall");
        assertThat(raw.status()).isEqualTo(Status.NOT_YET);
        assertThat(raw.value()).isEmpty();
        assertThat(raw.note()).startsWith("4 of at least 5 runs");
        List<Row> none = rows(state(List.of(new Event.StudySubmitted(QUICK))));
        assertThat(none).hasSameSizeAs(rows).allMatch(row -> row.finding().status() == Status.NOT_YET);
    }

    @Test
    void aTraceThatIsNotPositiveIsLeftOutAndCounted() {
        List<Event> events = new ArrayList<>();
        String runId = SyntheticStudy.runId(QUICK, 0);
        for (Event event : EVENTS) {
            events.add(
                    event instanceof Event.FlatnessMeasured flat && flat.runId().equals(runId) && flat.step() == 3000
                            ? negative(flat)
                            : event);
        }
        List<Row> rows = rows(state(events));
        Finding raw = finding(rows, Comparison.RAW, Optional.empty(), "hessian.trace", "kendall");
        assertThat(raw.runs()).isEqualTo(11);
        assertThat(raw.note()).startsWith("1 run excluded: it has no positive trace.");
        assertThat(finding(rows, Comparison.RAW, Optional.empty(), "loss", "kendall")
                        .runs())
                .isEqualTo(12);
    }

    private static Event negative(Event.FlatnessMeasured flat) {
        return new Event.FlatnessMeasured(
                flat.runId(),
                flat.step(),
                flat.requested(),
                flat.platform(),
                flat.quantity(),
                new basin.record.Measured(-1, 2),
                flat.interval(),
                flat.effectiveRank(),
                flat.parameters(),
                flat.version());
    }

    @Test
    void theOrderOfEventsChangesNoByte() {
        List<Event> shuffled = new ArrayList<>(EVENTS);
        Collections.shuffle(shuffled, new Random(7));
        assertThat(Json.canonical(rows(state(shuffled)))).isEqualTo(Json.canonical(ROWS));
    }

    @Test
    void runsThatWereTrainedAgainstATaskAreLeftOutAndToldWithToo() throws IOException {
        String text = Files.readString(Path.of("src/test/resources/basin/aggregator/quick.yaml"));
        StudySpec spec = StudyFile.parse(
                text.replace(
                        "[adamw]",
                        "[adamw, {kind: adversarial, weight: 0.5, task: root, examples: 64, seed: 7}, lookup-table]"),
                "adversaries");
        Fold fold = new Fold();
        SyntheticStudy.complete(spec, 1).forEach(fold::add);
        StudyState all = fold.study(Ids.study(spec)).orElseThrow();
        assertThat(all.runs()).hasSize(25);
        StudyState ordinary = new StudyState(
                all.studyId(),
                all.spec(),
                all.control(),
                all.runs().stream()
                        .filter(run -> run.declared().spec().algorithm().name().equals("adamw"))
                        .toList(),
                all.revision());
        List<Row> rows = rows(all);
        List<Row> without = Analysis.of(ordinary, false, Choice.ALL, new InferenceCache(), false);
        for (Row row : without) {
            Finding expected = row.finding();
            CorrelationRow requested = row.requested();
            Finding found = rows.stream()
                    .filter(one -> one.requested().equals(requested))
                    .map(Row::finding)
                    .findFirst()
                    .orElseThrow();
            if (!requested.comparison().name().endsWith("ADVERSARIES")) {
                assertThat(found.value()).as("%s", requested).isEqualTo(expected.value());
                assertThat(found.runs()).as("%s", requested).isEqualTo(expected.runs());
            }
        }
        Finding raw = finding(rows, Comparison.RAW, Optional.empty(), "hessian.trace", "kendall");
        Finding with = finding(rows, Comparison.RAW_WITH_ADVERSARIES, Optional.empty(), "hessian.trace", "kendall");
        assertThat(raw.runs()).isEqualTo(12);
        assertThat(raw.note())
                .startsWith("13 runs excluded: 12 were trained against a task, 1 has no weights, so no trace.");
        assertThat(with.runs()).isEqualTo(24);
        assertThat(with.note()).doesNotContain("against a task");
        assertThat(rows)
                .filteredOn(row -> row.requested().comparison() == Comparison.MATCHED_WITH_ADVERSARIES)
                .isNotEmpty();
        assertThat(ROWS).noneMatch(row -> row.requested().comparison().name().endsWith("ADVERSARIES"));
    }
}
