package basin.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.fold.StudyState;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.record.Measured;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
        assertThat(registry.get("basin.study.runs.declared")
                        .tag("study", VIEW.studyId())
                        .gauge()
                        .value())
                .isEqualTo(VIEW.runs().size());
    }

    @Test
    void everyRunIsOnePointAtItsLastCheckpointAndAtEachLevelThatItMatched() {
        show(new StudyMetrics(registry), VIEW);
        int points = 0;
        for (StudyView.Run run : VIEW.runs()) {
            for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                for (double level : checkpoint.matched()) {
                    points++;
                    assertThat(value("basin.matched.excess", run, String.valueOf(level)))
                            .isEqualTo(checkpoint.excess().value());
                }
                if (checkpoint.last()) {
                    points++;
                    assertThat(value("basin.matched.excess", run, "last"))
                            .isEqualTo(checkpoint.excess().value());
                    checkpoint
                            .flatness()
                            .forEach(flat -> assertThat(
                                            value("basin.matched.flatness", run, "last", "quantity", flat.quantity()))
                                    .isEqualTo(flat.value()));
                    checkpoint
                            .downstream()
                            .forEach(down -> assertThat(value(
                                            "basin.matched.accuracy",
                                            run,
                                            "last",
                                            "task",
                                            down.task(),
                                            "protocol",
                                            down.protocol()))
                                    .isEqualTo(down.above().value()));
                }
            }
        }
        assertThat(points).isGreaterThan(VIEW.runs().size());
        assertThat(registry.find("basin.matched.excess").gauges()).hasSize(points);
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
    void everyPointBearsItsStandardErrors() {
        show(new StudyMetrics(registry), VIEW);
        for (StudyView.Run run : VIEW.runs()) {
            run.checkpoints().stream().filter(StudyView.Checkpoint::last).forEach(checkpoint -> {
                assertThat(value("basin.matched.excess.stderr", run, "last"))
                        .isEqualTo(checkpoint.excess().standardError());
                checkpoint
                        .flatness()
                        .forEach(flat -> assertThat(value(
                                        "basin.matched.flatness.stderr", run, "last", "quantity", flat.quantity()))
                                .isEqualTo(flat.standardError()));
                checkpoint
                        .downstream()
                        .forEach(down -> assertThat(value(
                                        "basin.matched.accuracy.stderr",
                                        run,
                                        "last",
                                        "task",
                                        down.task(),
                                        "protocol",
                                        down.protocol()))
                                .isEqualTo(down.above().standardError()));
            });
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
        assertThat(registry.find("basin.correlation.ci.low").gauges()).hasSizeLessThan(intervals);
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

    private double value(String name, StudyView.Run run, String level, String... more) {
        return registry.get(name)
                .tags(
                        "study",
                        VIEW.studyId(),
                        "run",
                        run.runId(),
                        "label",
                        run.label(),
                        "size",
                        run.size(),
                        "level",
                        level)
                .tags(more)
                .gauge()
                .value();
    }
}
