package basin.aggregator;

import basin.aggregator.view.StudyView;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * One point a run, as the figures draw them: the checkpoint that stands for the run at each matched level of excess loss, and the last
 * one, which bears the level {@code last}. One thread.
 */
final class PointMetrics {
    private final MultiGauge excess;
    private final MultiGauge flatness;
    private final MultiGauge accuracy;

    PointMetrics(MeterRegistry registry) {
        excess = MultiGauge.builder("basin.matched.excess")
                .description("Excess loss of the checkpoint that stands for the run at the level")
                .baseUnit("nats")
                .register(registry);
        flatness = MultiGauge.builder("basin.matched.flatness")
                .description("Trace of the checkpoint that stands for the run at the level; smaller is flatter")
                .baseUnit("nats")
                .register(registry);
        accuracy = MultiGauge.builder("basin.matched.accuracy")
                .description(
                        "Accuracy above the untrained network of the checkpoint that stands for the run at the level")
                .baseUnit("ratio")
                .register(registry);
    }

    /** Shows these views and no others. */
    void show(Collection<StudyView> views) {
        List<Row<?>> losses = new ArrayList<>();
        List<Row<?>> traces = new ArrayList<>();
        List<Row<?>> accuracies = new ArrayList<>();
        for (StudyView view : views) {
            for (StudyView.Run run : view.runs()
                    .subList(0, Math.min(StudyMetrics.MOST_RUNS, view.runs().size()))) {
                for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                    for (String level : levels(checkpoint)) {
                        Tags tags = Tags.of(
                                "study", view.studyId(), "run", run.runId(), "size", run.size(), "level", level);
                        losses.add(Row.of(tags, checkpoint.excess().value()));
                        checkpoint
                                .flatness()
                                .forEach(flat ->
                                        traces.add(Row.of(tags.and("quantity", flat.quantity()), flat.value())));
                        checkpoint
                                .downstream()
                                .forEach(down -> accuracies.add(Row.of(
                                        tags.and("task", down.task(), "protocol", down.protocol()),
                                        down.above().value())));
                    }
                }
            }
        }
        excess.register(losses, true);
        flatness.register(traces, true);
        accuracy.register(accuracies, true);
    }

    private static List<String> levels(StudyView.Checkpoint checkpoint) {
        List<String> levels = new ArrayList<>(
                checkpoint.matched().stream().map(String::valueOf).toList());
        if (checkpoint.last()) {
            levels.add("last");
        }
        return levels;
    }
}
