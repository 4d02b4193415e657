package basin.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.StudyView;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The metrics of a study are the numbers of its view. */
class StudyMetricsTest {
    private static final StudyView VIEW = PageServer.view(SyntheticStudy.complete(SyntheticStudy.quick(), 1));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theStudyIsDescribed() {
        new StudyMetrics(registry).show(List.of(VIEW));
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
        new StudyMetrics(registry).show(List.of(VIEW));
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
    void everyPointBearsItsStandardErrors() {
        new StudyMetrics(registry).show(List.of(VIEW));
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
