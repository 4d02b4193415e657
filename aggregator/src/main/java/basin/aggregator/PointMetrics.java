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
 * One point a run, as the figures draw them, with standard errors: the checkpoint that stands for the run at each matched level of excess
 * loss, and the last one, which bears the level {@code last}. One thread.
 */
final class PointMetrics {
    private final MultiGauge excess;
    private final MultiGauge excessError;
    private final MultiGauge flatness;
    private final MultiGauge flatnessError;
    private final MultiGauge accuracy;
    private final MultiGauge accuracyError;

    PointMetrics(MeterRegistry registry) {
        excess = gauge(
                registry,
                "basin.matched.excess",
                "Excess loss of the checkpoint that stands for the run at the level",
                "nats");
        excessError = gauge(registry, "basin.matched.excess.stderr", "Standard error of this excess loss", "nats");
        flatness = gauge(
                registry,
                "basin.matched.flatness",
                "Trace of the checkpoint that stands for the run at the level; smaller is flatter",
                "nats");
        flatnessError = gauge(registry, "basin.matched.flatness.stderr", "Standard error of this trace", "nats");
        accuracy = gauge(
                registry,
                "basin.matched.accuracy",
                "Accuracy above the untrained network of the checkpoint that stands for the run at the level",
                "ratio");
        accuracyError = gauge(registry, "basin.matched.accuracy.stderr", "Standard error of this accuracy", "ratio");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description, String unit) {
        return MultiGauge.builder(name).description(description).baseUnit(unit).register(registry);
    }

    /** Shows these views and no others. */
    void show(Collection<StudyView> views) {
        List<Row<?>> losses = new ArrayList<>();
        List<Row<?>> lossErrors = new ArrayList<>();
        List<Row<?>> traces = new ArrayList<>();
        List<Row<?>> traceErrors = new ArrayList<>();
        List<Row<?>> accuracies = new ArrayList<>();
        List<Row<?>> accuracyErrors = new ArrayList<>();
        for (StudyView view : views) {
            for (StudyView.Run run : view.runs()
                    .subList(0, Math.min(StudyMetrics.MOST_RUNS, view.runs().size()))) {
                for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                    for (String level : levels(checkpoint)) {
                        Tags tags = StudyMetrics.runTags(view, run).and("level", level);
                        losses.add(Row.of(tags, checkpoint.excess().value()));
                        lossErrors.add(Row.of(tags, checkpoint.excess().standardError()));
                        checkpoint.flatness().forEach(flat -> {
                            Tags own = tags.and("quantity", flat.quantity());
                            traces.add(Row.of(own, flat.value()));
                            traceErrors.add(Row.of(own, flat.standardError()));
                        });
                        checkpoint.downstream().forEach(down -> {
                            Tags own = tags.and("task", down.task(), "protocol", down.protocol());
                            accuracies.add(Row.of(own, down.above().value()));
                            accuracyErrors.add(Row.of(own, down.above().standardError()));
                        });
                    }
                }
            }
        }
        excess.register(losses, true);
        excessError.register(lossErrors, true);
        flatness.register(traces, true);
        flatnessError.register(traceErrors, true);
        accuracy.register(accuracies, true);
        accuracyError.register(accuracyErrors, true);
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
