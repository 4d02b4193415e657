package basin.aggregator;

import basin.aggregator.view.StudyView;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * One point a run, as the figures draw them, with standard errors: the checkpoint that stands for the run at each matched level of
 * loss, and the last one, which bears the level {@code last}. One thread.
 */
final class PointMetrics {
    private final MetricTables gauges;
    private final Losses losses;

    PointMetrics(MeterRegistry registry) {
        gauges = new MetricTables(registry, EnumSet.range(Metric.MATCHED_FLATNESS, Metric.MATCHED_ACCURACY_ERROR));
        losses = new Losses(registry, "basin.matched.", "Of the checkpoint that stands for the run at the level. ");
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
            gauges.put(Metric.MATCHED_FLATNESS, Metric.MATCHED_FLATNESS_ERROR, own, flat.value(), flat.standardError());
        });
        checkpoint.downstream().forEach(down -> {
            Tags own = tags.and("task", down.task(), "protocol", down.protocol());
            gauges.put(
                    Metric.MATCHED_ACCURACY,
                    Metric.MATCHED_ACCURACY_ERROR,
                    own,
                    down.above().value(),
                    down.above().standardError());
        });
    }

    /** Shows the views that were put since the last call, and no others. */
    void show() {
        gauges.show();
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
