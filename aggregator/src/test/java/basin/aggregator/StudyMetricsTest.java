package basin.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.analysis.Reanalysis;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.aggregator.view.Estimate;
import basin.aggregator.view.Metric;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.record.Measured;
import basin.study.EnumName;
import basin.study.QuestionSpec;
import basin.study.file.QuestionFile;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
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
                    checkpoint
                            .downstream()
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
        assertThat(registry.find("basin.matched.loss").gauges()).hasSize(points);
        assertThat(registry.find("basin.run.info").gauges()).hasSameSizeAs(VIEW.runs());
    }

    private void agrees(String name, Estimate estimate, StudyView.Run run, double level, String... more) {
        assertThat(value(name, run, level, more)).isEqualTo(estimate.value());
        assertThat(value(name + ".stderr", run, level, more)).isEqualTo(estimate.standardError());
    }

    @Test
    void aRowsNumbersAreJoinedToItsDescription() {
        show(new StudyMetrics(registry), VIEW);
        List<StudyView.RowView> rows =
                VIEW.rows().stream().filter(Metric::isPublished).toList();
        assertThat(rows).anyMatch(StudyView.RowView::primary);
        assertThat(registry.find("basin.correlation.info").gauges()).hasSameSizeAs(rows);
        for (StudyView.RowView row : rows) {
            Gauge about = registry.get("basin.correlation.info")
                    .tags(
                            "study",
                            VIEW.studyId(),
                            "generation",
                            "live",
                            "comparison",
                            EnumName.of(row.comparison()),
                            "level",
                            row.level().map(String::valueOf).orElse("none"),
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
        assertThat(scraped.scrape().length()).isBetween(50_000, 175_000);
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
