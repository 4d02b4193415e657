package basin.aggregator.report;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.view.StudyView;
import basin.record.Event;
import basin.record.Finding;
import basin.record.Interval;
import basin.record.Measured;
import basin.study.Against;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The history of a study as OpenMetrics text with event times, for {@code promtool tsdb create-blocks-from openmetrics}: under the
 * names of the live metrics what was measured, at the time at which it was written, and the answer's correlations at the time of
 * the last of them. Pure.
 */
public final class OpenMetricsHistory {
    private final Answer answer;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private long newest;

    /** Samples of one metric, by their labels, by time in milliseconds. */
    private record Family(String unit, String help, TreeMap<String, TreeMap<Long, Double>> series) {}

    private OpenMetricsHistory(Answer answer) {
        this.answer = answer;
    }

    /**
     * The text, ending in {@code # EOF}.
     *
     * @param generation the answer's name, as label of the correlations
     */
    public static String of(Answer answer, String generation) {
        OpenMetricsHistory history = new OpenMetricsHistory(answer);
        answer.asked().state().runs().forEach(history::run);
        history.correlations(generation);
        return history.text();
    }

    private void run(RunState run) {
        Map<String, String> labels = new TreeMap<>(Map.of(
                "study", answer.view().studyId(),
                "run", run.declared().runId(),
                "size", run.declared().spec().size().name(),
                "algorithm", run.declared().spec().algorithm().name()));
        Against against = run.declared().spec().language().against();
        String metric = "basin_loss_" + against.metric().replace('.', '_');
        for (Event.LossMeasured loss : run.losses()) {
            measured(loss, metric, "nats", against.about(), against.quantity(), labels, loss.excess());
            add(loss, "basin_run_step_steps", "steps", "Optimiser steps taken", labels, loss.step());
        }
        for (CheckpointState checkpoint : run.checkpoints()) {
            for (Event.FlatnessMeasured flat : checkpoint.flatness()) {
                Map<String, String> own = new TreeMap<>(labels);
                own.put("quantity", flat.quantity().id());
                own.put("estimator", flat.asked().title());
                measured(flat, "basin_flatness_trace", "nats", "Trace of a checkpoint", "trace", own, flat.value());
            }
            for (Event.DownstreamMeasured down : checkpoint.downstream()) {
                Map<String, String> own = new TreeMap<>(labels);
                own.put("task", down.task().name());
                own.put("protocol", down.protocol().name());
                measured(
                        down,
                        "basin_downstream_accuracy",
                        "ratio",
                        "Accuracy of a checkpoint",
                        "accuracy",
                        own,
                        down.accuracy());
            }
        }
    }

    private void measured(
            Event event,
            String metric,
            String unit,
            String help,
            String what,
            Map<String, String> labels,
            Measured measured) {
        add(event, metric + "_" + unit, unit, help, labels, measured.value());
        add(event, metric + "_stderr_" + unit, unit, "Standard error of the " + what, labels, measured.standardError());
    }

    private void correlations(String generation) {
        correlation(
                generation,
                "ratio",
                "Correlation with accuracy above the untrained network",
                finding -> finding.value());
        correlation(
                generation,
                "ci_low_ratio",
                "Lower bound of the correlation's interval",
                finding -> finding.interval().map(Interval::low));
        correlation(
                generation,
                "ci_high_ratio",
                "Upper bound of the correlation's interval",
                finding -> finding.interval().map(Interval::high));
        correlation(generation, "p_ratio", "Two-sided p-value, once all runs have ended", Finding::p);
        correlation(generation, "runs", "Runs behind the correlation", finding -> Optional.of((double) finding.runs()));
    }

    private void correlation(String generation, String name, String help, Function<Finding, Optional<Double>> value) {
        String unit = name.substring(name.lastIndexOf('_') + 1);
        for (StudyView.RowView row : answer.view().rows()) {
            Optional<Double> number = value.apply(row.finding());
            if (number.isPresent() && newest > 0) {
                Map<String, String> labels = new TreeMap<>(row.labels());
                labels.put("study", answer.view().studyId());
                labels.put("generation", generation);
                put("basin_correlation_" + name, unit, help, labels, newest, number.get());
            }
        }
    }

    private void add(Event event, String name, String unit, String help, Map<String, String> labels, double value) {
        Long time = answer.times().get(event.id());
        if (time != null) {
            newest = Math.max(newest, time);
            put(name, unit, help, labels, time, value);
        }
    }

    /** Of several values of a series in one millisecond the last stands, for a series has one value at a time. */
    private void put(String name, String unit, String help, Map<String, String> labels, long time, double value) {
        families.computeIfAbsent(name, family -> new Family(unit, help, new TreeMap<>()))
                .series()
                .computeIfAbsent(labels(labels), series -> new TreeMap<>())
                .put(time, value);
    }

    private static String labels(Map<String, String> labels) {
        List<String> parts = new ArrayList<>();
        labels.forEach((label, value) -> parts.add(label + "=\""
                + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\""));
        return "{" + String.join(",", parts) + "}";
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        families.forEach((name, family) -> {
            text.append("# TYPE %1$s gauge\n# UNIT %1$s %2$s\n# HELP %1$s %3$s\n"
                    .formatted(name, family.unit(), family.help()));
            family.series()
                    .forEach((labels, samples) -> samples.forEach((time, value) -> text.append(String.format(
                            Locale.ROOT, "%s%s %s %d.%03d\n", name, labels, value, time / 1000, time % 1000))));
        });
        return text.append("# EOF\n").toString();
    }
}
