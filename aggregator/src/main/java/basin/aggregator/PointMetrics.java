package basin.aggregator;

import basin.aggregator.view.StudyView;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/**
 * One point a run, as the figures draw them, with standard errors: the checkpoint that stands for the run at each matched level of
 * loss, and the last one, which bears the level {@code last}. One thread.
 */
final class PointMetrics {
    private final List<NumberTable> tables = new ArrayList<>();
    private final Losses losses;
    private final NumberTable flatness;
    private final NumberTable flatnessError;
    private final NumberTable accuracy;
    private final NumberTable accuracyError;

    PointMetrics(MeterRegistry registry) {
        losses = new Losses(registry, "basin.matched.", "Of the checkpoint that stands for the run at the level. ");
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

    private NumberTable gauge(MeterRegistry registry, String name, String description, String unit) {
        NumberTable table = new NumberTable(registry, name, description, unit);
        tables.add(table);
        return table;
    }

    /** Takes a view for what is shown next. */
    void put(StudyView view) {
        for (StudyView.Run run : view.runs()
                .subList(0, Math.min(StudyMetrics.MOST_RUNS, view.runs().size()))) {
            for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                for (String level : levels(checkpoint)) {
                    Tags tags = StudyMetrics.runTags(view, run).and("level", level);
                    losses.put(view.loss(), tags, checkpoint.excess());
                    point(tags, checkpoint);
                }
            }
        }
    }

    private void point(Tags tags, StudyView.Checkpoint checkpoint) {
        // Of several measurements of a quantity the first stands, as in the table.
        checkpoint.flatness().reversed().forEach(flat -> {
            Tags own = tags.and("quantity", flat.quantity());
            flatness.put(own, flat.value());
            flatnessError.put(own, flat.standardError());
        });
        checkpoint.downstream().forEach(down -> {
            Tags own = tags.and("task", down.task(), "protocol", down.protocol());
            accuracy.put(own, down.above().value());
            accuracyError.put(own, down.above().standardError());
        });
    }

    /** Shows the views that were put since the last call, and no others. */
    void show() {
        tables.forEach(NumberTable::show);
        losses.show();
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
