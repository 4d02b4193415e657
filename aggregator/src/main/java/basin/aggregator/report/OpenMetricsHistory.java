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
import java.util.Locale;
import java.util.Map;
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
        Map<String, String> labels = Map.of(
                "study", answer.view().studyId(),
                "run", run.declared().runId());
        Map<String, String> info = new HashMap<>(labels);
        info.put("label", run.declared().label());
        info.put("size", run.declared().spec().size().name());
        info.put("algorithm", run.declared().spec().algorithm().name());
        Map<String, String> kind = new HashMap<>(labels);
        kind.put("loss_kind", run.declared().spec().language().against().kind());
        for (Event.LossMeasured loss : run.losses()) {
            add(loss, Metric.RUN, info, 1);
            add(loss, Metric.STEP, labels, loss.step());
            measured(loss, Metric.LOSS, Metric.LOSS.about(), kind, loss.excess());
        }
        for (CheckpointState checkpoint : run.checkpoints()) {
            for (Event.FlatnessMeasured flat : checkpoint.flatness()) {
                Map<String, String> own = new HashMap<>(labels);
                own.put("quantity", flat.quantity().id());
                own.put("estimator", flat.requested().title());
                measured(flat, Metric.TRACE, "Trace of a checkpoint", own, flat.value());
            }
            for (Event.DownstreamMeasured down : checkpoint.downstream()) {
                Map<String, String> own = new HashMap<>(labels);
                own.put("task", down.task().name());
                own.put("protocol", down.protocol().name());
                measured(down, Metric.ACCURACY, "Accuracy of a checkpoint", own, down.accuracy());
            }
        }
    }

    private void measured(Event event, Metric metric, String help, Map<String, String> labels, Measured measured) {
        add(event, metric.exposed(), metric.unit(), help, labels, measured.value());
        add(event, metric.exposedError(), metric.unit(), metric.aboutError(), labels, measured.standardError());
    }

    private void add(Event event, Metric metric, Map<String, String> labels, double value) {
        add(event, metric.exposed(), metric.unit(), metric.about(), labels, value);
    }

    private void add(Event event, String name, String unit, String help, Map<String, String> labels, double value) {
        Long time = answer.times().get(event.id());
        if (time != null) {
            newest = Math.max(newest, time);
            put(name, unit, help, labels, time, value);
        }
    }

    private void correlations(String generation) {
        if (newest == 0) {
            return;
        }
        String study = answer.view().studyId();
        for (StudyView.RowView row : answer.view().rows()) {
            String id = Metric.rowId(study, generation, row);
            Map<String, String> labels = new HashMap<>(row.labels());
            labels.values().removeIf(String::isEmpty);
            labels.putAll(Map.of("study", study, "generation", generation, "row", id));
            put(Metric.ROW, labels, 1);
            Metric.OF_A_ROW.forEach((metric, number) ->
                    number.apply(row.finding()).ifPresent(value -> put(metric, Map.of("row", id), value)));
        }
    }

    private void put(Metric metric, Map<String, String> labels, double value) {
        put(metric.exposed(), metric.unit(), metric.about(), labels, newest, value);
    }

    /**
     * Adds a sample. A series has one value per time, so the last of several values in one
     * millisecond counts.
     */
    private void put(String name, String unit, String help, Map<String, String> labels, long time, double value) {
        families.computeIfAbsent(name, family -> new Family(unit, help, new TreeMap<>()))
                .series()
                .computeIfAbsent(labels(labels), series -> new TreeMap<>())
                .put(time, value);
    }

    private static String labels(Map<String, String> labels) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(labels)
                .forEach((label, value) -> parts.add(label + "=\""
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
                    .forEach((labels, samples) -> samples.forEach((time, value) -> text.append(String.format(
                            Locale.ROOT, "%s%s %s %d.%03d\n", name, labels, value, time / 1000, time % 1000))));
        });
        return text.append("# EOF\n").toString();
    }
}
