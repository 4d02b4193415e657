package basin.aggregator.report;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.view.Metric;
import basin.aggregator.view.StudyView;
import basin.record.Event;
import basin.record.Measured;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The history of a study as OpenMetrics text with event times, for
 * {@code promtool tsdb create-blocks-from openmetrics}. Measurements have the names of the live
 * metrics and the time at which their event was written. The answer's correlations have the time of
 * the last of these events. Pure functions.
 */
public final class OpenMetricsHistory {
    private final Answer answer;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private long newest;

    /** Samples of one metric, by labels and by time in milliseconds. */
    private record Family(String unit, String help, TreeMap<String, TreeMap<Long, Double>> series) {}

    private OpenMetricsHistory(Answer answer) {
        this.answer = answer;
    }

    /**
     * Returns the text, which ends with {@code # EOF}.
     *
     * @param generation the answer's name, a label of the correlations
     */
    public static String of(Answer answer, String generation) {
        OpenMetricsHistory history = new OpenMetricsHistory(answer);
        answer.requested().state().runs().forEach(history::run);
        history.correlations(generation);
        return history.text();
    }

    private void run(RunState run) {
        Map<String, String> own = Map.of(
                "study", answer.view().studyId(),
                "run", run.declared().runId());
        String labels = labels(own, Map.of());
        String info = labels(
                own,
                Map.of(
                        "label", run.declared().label(),
                        "size", run.declared().spec().size().name(),
                        "algorithm", run.declared().spec().algorithm().name()));
        String kind = labels(
                own,
                Map.of("loss_kind", run.declared().spec().language().against().kind()));
        for (Event.LossMeasured loss : run.losses()) {
            time(loss).ifPresent(time -> {
                put(Metric.RUN, info, time, 1);
                put(Metric.STEP, labels, time, loss.step());
                measured(time, Metric.LOSS, Metric.LOSS.about(), kind, loss.excess());
            });
        }
        for (CheckpointState checkpoint : run.checkpoints()) {
            for (Event.FlatnessMeasured flat : checkpoint.flatness()) {
                Map<String, String> more = Map.of(
                        "quantity", flat.quantity().id(),
                        "estimator", flat.requested().title());
                time(flat)
                        .ifPresent(time ->
                                measured(time, Metric.TRACE, "Trace of a checkpoint", labels(own, more), flat.value()));
            }
            for (Event.DownstreamMeasured down : checkpoint.downstream()) {
                Map<String, String> more = Map.of(
                        "task", down.task().name(),
                        "protocol", down.protocol().name());
                time(down)
                        .ifPresent(time -> measured(
                                time, Metric.ACCURACY, "Accuracy of a checkpoint", labels(own, more), down.accuracy()));
            }
        }
    }

    /** Returns the time of an event on record. */
    private Optional<Long> time(Event event) {
        Optional<Long> time = Optional.ofNullable(answer.times().get(event.id()));
        newest = Math.max(newest, time.orElse(0L));
        return time;
    }

    private void measured(long time, Metric metric, String help, String labels, Measured measured) {
        put(metric.exposed(), metric.unit(), help, labels, time, measured.value());
        put(metric.exposedError(), metric.unit(), metric.aboutError(), labels, time, measured.standardError());
    }

    private void correlations(String generation) {
        if (newest == 0) {
            return;
        }
        String study = answer.view().studyId();
        for (StudyView.RowView row : answer.view().rows()) {
            String id = Metric.rowId(study, generation, row.labels());
            Map<String, String> labels = new HashMap<>(row.labels());
            labels.values().removeIf(String::isEmpty);
            put(Metric.ROW, labels(labels, Map.of("study", study, "question", generation, "row", id)), newest, 1);
            String ofRow = labels(Map.of("row", id), Map.of());
            Metric.OF_A_ROW.forEach((metric, number) ->
                    number.apply(row.finding()).ifPresent(value -> put(metric, ofRow, newest, value)));
        }
    }

    private void put(Metric metric, String labels, long time, double value) {
        put(metric.exposed(), metric.unit(), metric.about(), labels, time, value);
    }

    /**
     * Adds a sample. A series has one value per time, so the last of several values in one
     * millisecond counts.
     */
    private void put(String name, String unit, String help, String labels, long time, double value) {
        families.computeIfAbsent(name, family -> new Family(unit, help, new TreeMap<>()))
                .series()
                .computeIfAbsent(labels, series -> new TreeMap<>())
                .put(time, value);
    }

    private static String labels(Map<String, String> labels, Map<String, String> more) {
        TreeMap<String, String> all = new TreeMap<>(labels);
        all.putAll(more);
        List<String> parts = new ArrayList<>();
        all.forEach((label, value) -> parts.add(label + "=\""
                + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\""));
        return "{" + String.join(",", parts) + "}";
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        families.forEach((name, family) -> {
            text.append("# TYPE %s gauge\n".formatted(name));
            if (!family.unit().isEmpty()) {
                text.append("# UNIT %s %s\n".formatted(name, family.unit()));
            }
            text.append("# HELP %s %s\n".formatted(name, family.help()));
            family.series()
                    .forEach((labels, samples) -> samples.forEach((time, value) -> text.append(name)
                            .append(labels)
                            .append(' ')
                            .append(value)
                            .append(' ')
                            .append(Math.floorDiv(time, 1000))
                            .append('.')
                            .append(String.valueOf(1000 + Math.floorMod(time, 1000)), 1, 4)
                            .append('\n')));
        });
        return text.append("# EOF\n").toString();
    }
}
