package basin.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.analysis.Reanalysis;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.aggregator.view.AskedAnswer;
import basin.aggregator.view.Estimate;
import basin.aggregator.view.Generation;
import basin.aggregator.view.Metric;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.record.Event;
import basin.record.Measured;
import basin.study.Comparison;
import basin.study.EnumName;
import basin.study.QuestionSpec;
import basin.study.StudySpec;
import basin.study.file.QuestionFile;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests that the metrics of a study equal the numbers of its view. */
class StudyMetricsTest {
    private static final StudyState STATE = PageServer.state(SyntheticStudy.complete(SyntheticStudy.quick(), 1));
    private static final StudyView VIEW = Views.of(STATE);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theStudyIsDescribed() {
        show(new StudyMetrics(registry), VIEW);
        assertThat(registry.get("basin.study.info")
                        .tags("study", VIEW.studyId(), "name", "quick", "language", "tree")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("basin.study.state.info")
                        .tags("study", VIEW.studyId(), "state", "done")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("basin.study.declared.runs")
                        .tag("study", VIEW.studyId())
                        .gauge()
                        .value())
                .isEqualTo(VIEW.runs().size());
    }

    @Test
    void everyRunIsOnePointWithItsErrorsAtEachLevelThatItMatched() {
        show(new StudyMetrics(registry), VIEW);
        StudyView.RowView primary = VIEW.primary().orElseThrow();
        int points = 0;
        for (StudyView.Run run : VIEW.runs()) {
            for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                for (double level : checkpoint.matched()) {
                    points++;
                    agrees("basin.matched.loss", checkpoint.loss(), run, level, "loss_kind", "excess");
                    checkpoint.flatness().stream()
                            .filter(flat -> VIEW.measures().contains(flat.quantity()))
                            .forEach(flat -> agrees(
                                    "basin.matched.flatness",
                                    flat.estimate(),
                                    run,
                                    level,
                                    "quantity",
                                    flat.quantity()));
                    checkpoint.downstream().stream()
                            .filter(down -> level == primary.level().orElseThrow()
                                    || (down.task().equals(primary.task())
                                            && down.protocol().equals(primary.protocol())))
                            .forEach(down -> agrees(
                                    "basin.matched.accuracy",
                                    down.aboveUntrained(),
                                    run,
                                    level,
                                    "task",
                                    down.task(),
                                    "protocol",
                                    down.protocol()));
                }
            }
        }
        assertThat(points).isGreaterThan(VIEW.runs().size());
        assertThat(registry.find("basin.matched.loss").gauges())
                .filteredOn(gauge -> !"last".equals(gauge.getId().getTag("level")))
                .hasSize(points);
        assertThat(registry.find("basin.run.info").gauges()).hasSameSizeAs(VIEW.runs());
    }

    private void agrees(String name, Estimate estimate, StudyView.Run run, double level, String... more) {
        assertThat(value(name, run, level, more)).isEqualTo(estimate.value());
        assertThat(value(name + ".stderr", run, level, more)).isEqualTo(estimate.standardError());
    }

    @Test
    void aRowsNumbersAreJoinedToItsDescription() {
        show(new StudyMetrics(registry), VIEW);
        List<StudyView.RowView> rows = Metric.published(VIEW);
        assertThat(rows).anyMatch(StudyView.RowView::primary);
        assertThat(registry.find("basin.correlation.info").gauges()).hasSameSizeAs(rows);
        for (StudyView.RowView row : rows) {
            Gauge about = registry.get("basin.correlation.info")
                    .tags(
                            "study",
                            VIEW.studyId(),
                            "question",
                            "live",
                            "comparison",
                            EnumName.of(row.comparison()),
                            "level",
                            Objects.requireNonNull(row.labels().get("level")),
                            "measure",
                            row.measure(),
                            "task",
                            row.task(),
                            "protocol",
                            row.protocol(),
                            "statistic",
                            row.statistic())
                    .gauge();
            String id = String.valueOf(about.getId().getTag("row"));
            assertThat(registry.get("basin.correlation.runs")
                            .tag("row", id)
                            .gauge()
                            .value())
                    .isEqualTo(row.finding().runs());
            row.finding()
                    .value()
                    .ifPresent(value -> assertThat(registry.get("basin.correlation")
                                    .tag("row", id)
                                    .gauge()
                                    .value())
                            .isEqualTo(value));
        }
    }

    @Test
    void theHeadlinesTaskHasAllStatisticsAndTheLastCheckpointsPoints() {
        StudyView.RowView primary = VIEW.primary().orElseThrow();
        assertThat(Metric.published(VIEW))
                .filteredOn(row ->
                        row.task().equals(primary.task()) && row.protocol().equals(primary.protocol()))
                .extracting(StudyView.RowView::statistic)
                .contains("kendall", "spearman", "pearson");
        assertThat(Metric.published(VIEW))
                .extracting(StudyView.RowView::comparison)
                .contains(Comparison.PARTIAL_GIVEN, Comparison.PARTIAL_GIVEN_LOSS, Comparison.ALL_CHECKPOINTS);
        assertThat(Metric.published(VIEW))
                .extracting(row -> row.labels().get("level"))
                .contains("last", "all");
        show(new StudyMetrics(registry), VIEW);
        for (StudyView.Run run : VIEW.runs()) {
            StudyView.Checkpoint last = run.checkpoints().getLast();
            assertThat(last.last()).isTrue();
            Gauge loss = registry.get("basin.matched.loss")
                    .tags("study", VIEW.studyId(), "run", run.runId(), "level", "last", "loss_kind", "excess")
                    .gauge();
            assertThat(loss.value()).isEqualTo(last.loss().value());
            assertThat(registry.find("basin.matched.accuracy")
                            .tags("run", run.runId(), "level", "last")
                            .gauges())
                    .as("the headline's task and protocol")
                    .hasSize(1)
                    .allSatisfy(
                            gauge -> assertThat(gauge.getId().getTag("task")).isEqualTo(primary.task()));
        }
    }

    @Test
    void theSentenceIsALabelOnceItHasItsLastNumbersAndBeforeOnlyTheVerdict() {
        StudyMetrics metrics = new StudyMetrics(registry);
        show(metrics, VIEW);
        assertThat(answer("live").getId().getTag("sentence")).isEqualTo(VIEW.headline());
        assertThat(answer("live").getId().getTag("verdict"))
                .isEqualTo(VIEW.verdict())
                .doesNotContainPattern("[0-9]");
        assertThat(VIEW.headline()).startsWith(VIEW.verdict()).containsPattern("[0-9]");
        StudyView running = PageServer.view(SyntheticStudy.until(SyntheticStudy.quick(), 1, 8, false));
        show(metrics, running);
        assertThat(running.state()).isEqualTo("running");
        assertThat(answer("live").getId().getTag("sentence"))
                .isEqualTo(running.verdict())
                .doesNotContainPattern("[0-9]");
    }

    @Test
    void everyAnswerHasItsSentenceAndItsRowsUnderItsName() {
        StudyView.RowView primary = VIEW.primary().orElseThrow();
        List<Event.Derived> events = new ArrayList<>();
        for (StudyView.RowView row : VIEW.rows()) {
            events.add(
                    new Event.CorrelationComputed(VIEW.studyId(), "narrow", VIEW.revision(), row.row(), row.finding()));
        }
        events.add(new Event.QuestionAnswered(
                VIEW.studyId(),
                "narrow",
                VIEW.revision(),
                "band: 0.05",
                "It is so.\nReally.",
                "",
                "So.",
                Optional.of(primary.row())));
        Generation narrow = Generation.of(events);
        assertThat(narrow.answer().flatMap(AskedAnswer::row).orElseThrow().finding())
                .isEqualTo(primary.finding());
        new StudyMetrics(registry).show(List.of(ViewRevision.whole(VIEW, 0)), List.of(narrow));
        assertThat(answer("narrow").getId().getTag("sentence")).isEqualTo("It is so. Really.");
        String live = headline("live");
        String own = headline("narrow");
        assertThat(own).isNotEqualTo(live);
        for (String row : List.of(live, own)) {
            assertThat(registry.get("basin.correlation").tag("row", row).gauge().value())
                    .isEqualTo(primary.finding().value().orElseThrow());
        }
        assertThat(registry.find("basin.correlation.info")
                        .tag("question", "narrow")
                        .gauges())
                .isNotEmpty()
                .hasSizeLessThan(Metric.published(VIEW).size())
                .allSatisfy(gauge -> {
                    assertThat(gauge.getId().getTag("task")).isEqualTo(primary.task());
                    assertThat(gauge.getId().getTag("protocol")).isEqualTo(primary.protocol());
                });
    }

    @Test
    void armsAndRankingAreThoseOfTheHeadlinesComparison() {
        show(new StudyMetrics(registry), VIEW);
        StudyView.RowView primary = VIEW.primary().orElseThrow();
        assertThat(registry.find("basin.arm.info").gauges()).hasSizeBetween(6, 60);
        for (Gauge about : registry.find("basin.arm.info").gauges()) {
            ArmRow row = VIEW.arms().stream()
                    .filter(one -> one.arm().equals(about.getId().getTag("arm"))
                            && EnumName.of(one.at()).equals(about.getId().getTag("at"))
                            && one.measure().equals(about.getId().getTag("measure")))
                    .filter(one -> one.at() != ArmRow.At.MATCHED || one.level().equals(primary.level()))
                    .filter(one -> one.task().isEmpty()
                            || (one.task().equals(primary.task())
                                    && one.protocol().equals(primary.protocol())))
                    .findFirst()
                    .orElseThrow();
            String id = String.valueOf(about.getId().getTag("row"));
            assertThat(registry.get("basin.arm.pairs").tag("row", id).gauge().value())
                    .isEqualTo(row.pairs());
            row.value()
                    .ifPresent(value -> assertThat(registry.get("basin.arm.difference")
                                    .tag("row", id)
                                    .gauge()
                                    .value())
                            .isEqualTo(value));
        }
        MeasureRanking ranking = VIEW.rankings().stream()
                .filter(one -> one.task().equals(primary.task())
                        && one.protocol().equals(primary.protocol())
                        && one.level() == primary.level().orElseThrow())
                .findFirst()
                .orElseThrow();
        assertThat(registry.get("basin.ranking.info").gauge().getId().getTag("best"))
                .isEqualTo(ranking.best().orElse("none"));
        assertThat(registry.find("basin.ranking").gauges()).hasSameSizeAs(ranking.ranked());
        for (MeasureRanking.RankedMeasure ranked : ranking.ranked()) {
            assertThat(registry.get("basin.ranking")
                            .tag("measure", ranked.measure())
                            .gauge()
                            .value())
                    .isEqualTo(ranked.finding().value().orElseThrow());
        }
    }

    @Test
    void aRunThatFailedSaysWhyAndAClaimWhatBecameOfIt() {
        StudyView failing = PageServer.view(SyntheticStudy.until(SyntheticStudy.quick(), 1, 12, true));
        show(new StudyMetrics(registry), failing);
        assertThat(registry.find("basin.run.failed.info").gauges()).hasSize(1);
        assertThat(registry.get("basin.run.failed.info").gauge().getId().getTag("reason"))
                .isEqualTo("Its loss is no longer a number.");
        assertThat(registry.find("basin.claim.info").gauges()).isEmpty();
        StudySpec spec = SyntheticStudy.claiming();
        StudyMetrics metrics = new StudyMetrics(registry);
        show(metrics, PageServer.view(SyntheticStudy.until(spec, 1, 3, false)));
        assertThat(registry.get("basin.claim.info").gauge().getId().getTag("verdict"))
                .isEqualTo("not judged yet");
        StudyView judged = PageServer.view(SyntheticStudy.complete(spec, 1));
        show(metrics, judged);
        assertThat(registry.get("basin.claim.info").gauge().getId().getTag("verdict"))
                .isEqualTo(judged.claim().orElseThrow().verdict())
                .isIn("holds", "contradicted", "inconclusive");
        assertThat(judged.verdict())
                .isEqualTo("Registered claim: " + judged.claim().orElseThrow().verdict() + ".");
    }

    private Gauge answer(String question) {
        return registry.get("basin.answer.info").tag("question", question).gauge();
    }

    private String headline(String question) {
        return String.valueOf(registry.get("basin.headline.info")
                .tag("question", question)
                .gauge()
                .getId()
                .getTag("row"));
    }

    @Test
    void aScrapeOfTwelveRunsIsSmall() {
        QuestionSpec twoLevels = QuestionFile.parse("match: [0.3, 0.2]", "question");
        Fold fold = new Fold();
        SyntheticStudy.complete(SyntheticStudy.quick(), 1).forEach(fold::add);
        StudyView view = Views.of(
                Reanalysis.of(fold, VIEW.studyId(), twoLevels, Set.of()).orElseThrow(), twoLevels);
        PrometheusMeterRegistry scraped = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        show(new StudyMetrics(scraped), view);
        assertThat(view.runs()).hasSize(12);
        // The metrics of the process itself take about 20 kB more.
        assertThat(scraped.scrape().length()).isBetween(50_000, 180_000);
    }

    @Test
    void theLargestEigenvalueOfEachRunsNewestSpectrumStandsWithItsError() {
        StudyView view = PageServer.view(SyntheticStudy.complete(SyntheticStudy.withSpectra(), 1));
        show(new StudyMetrics(registry), view);
        assertThat(registry.find("basin.flatness.top.eigenvalue").gauges())
                .hasSize(view.runs().size());
        for (StudyView.Run run : view.runs()) {
            Measured top = run.checkpoints()
                    .getLast()
                    .spectra()
                    .getFirst()
                    .top()
                    .getFirst()
                    .value();
            assertThat(registry.get("basin.flatness.top.eigenvalue")
                            .tags("study", view.studyId(), "run", run.runId(), "estimator", "spectrum.lanczos")
                            .gauge()
                            .value())
                    .isEqualTo(top.value());
            assertThat(registry.get("basin.flatness.top.eigenvalue.stderr")
                            .tags("study", view.studyId(), "run", run.runId(), "estimator", "spectrum.lanczos")
                            .gauge()
                            .value())
                    .isEqualTo(top.standardError());
        }
    }

    @Test
    void intervalsThatFollowLeaveNoOlderOnesAndSayTheirRevision() {
        StudyMetrics metrics = new StudyMetrics(registry);
        show(metrics, VIEW);
        assertThat(revision("basin.study.intervals.revision"))
                .isEqualTo(revision("basin.study.revision"))
                .isEqualTo((double) VIEW.revision().events());
        int intervals = registry.find("basin.correlation.ci.low").gauges().size();
        int values = registry.find("basin.correlation").gauges().size();

        Views.Draft draft = Views.points(STATE, Set.of(), new InferenceCache());
        metrics.show(List.of(new ViewRevision(draft.view(), Optional.empty(), 1)), List.of());
        assertThat(revision("basin.study.intervals.revision")).isZero();
        assertThat(revision("basin.study.revision"))
                .isEqualTo((double) VIEW.revision().events());
        assertThat(registry.find("basin.correlation").gauges()).hasSize(values);
        assertThat(registry.find("basin.correlation.p").gauges()).isEmpty();

        show(metrics, VIEW);
        assertThat(registry.find("basin.correlation.ci.low").gauges())
                .hasSize(intervals)
                .noneMatch(gauge -> Double.isNaN(gauge.value()));
        assertThat(revision("basin.study.intervals.revision"))
                .isEqualTo((double) VIEW.revision().events());
    }

    private static void show(StudyMetrics metrics, StudyView view) {
        metrics.show(List.of(ViewRevision.whole(view, 0)), List.of());
    }

    private double revision(String name) {
        return registry.get(name).tag("study", VIEW.studyId()).gauge().value();
    }

    private double value(String name, StudyView.Run run, double level, String... more) {
        return registry.get(name)
                .tags("study", VIEW.studyId(), "run", run.runId(), "level", String.valueOf(level))
                .tags(more)
                .gauge()
                .value();
    }
}
