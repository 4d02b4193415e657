package basin.aggregator.report;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.view.StudyView;
import basin.events.Event;
import basin.events.spec.Against;
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
        Map<String, String> labels = new TreeMap<>();
        labels.put("study", answer.view().studyId());
        labels.put("run", run.declared().runId());
        labels.put("size", run.declared().spec().size().name());
        labels.put("algorithm", run.declared().spec().algorithm().name());
        Against against = run.declared().spec().language().against();
        String metric = "basin_loss_" + against.metric().replace('.', '_');
        for (Event.LossMeasured loss : run.losses()) {
            add(
                    loss,
                    metric + "_nats",
                    "nats",
                    against.about(),
                    labels,
                    loss.excess().value());
            add(
                    loss,
                    metric + "_stderr_nats",
                    "nats",
                    "Standard error of the " + against.quantity(),
                    labels,
                    loss.excess().standardError());
            add(loss, "basin_run_step_steps", "steps", "Optimiser steps taken", labels, loss.step());
        }
        for (CheckpointState checkpoint : run.checkpoints()) {
            for (Event.FlatnessMeasured flat : checkpoint.flatness()) {
                Map<String, String> own = new TreeMap<>(labels);
                own.put("quantity", flat.quantity().id());
                own.put("estimator", flat.asked().title());
                add(
                        flat,
                        "basin_flatness_trace_nats",
                        "nats",
                        "Trace of a checkpoint",
                        own,
                        flat.value().value());
                add(
                        flat,
                        "basin_flatness_trace_stderr_nats",
                        "nats",
                        "Standard error of the trace",
                        own,
                        flat.value().standardError());
            }
            for (Event.DownstreamMeasured down : checkpoint.downstream()) {
                Map<String, String> own = new TreeMap<>(labels);
                own.put("task", down.task().name());
                own.put("protocol", down.protocol().name());
                add(
                        down,
                        "basin_downstream_accuracy_ratio",
                        "ratio",
                        "Accuracy of a checkpoint",
                        own,
                        down.accuracy().value());
                add(
                        down,
                        "basin_downstream_accuracy_stderr_ratio",
                        "ratio",
                        "Standard error of the accuracy",
                        own,
                        down.accuracy().standardError());
            }
        }
    }

    private void correlations(String generation) {
        correlation(
                generation,
                "basin_correlation_ratio",
                "ratio",
                "Correlation with accuracy above the untrained network",
                row -> row.finding().value());
        correlation(
                generation,
                "basin_correlation_ci_low_ratio",
                "ratio",
                "Lower bound of the correlation's interval",
                row -> row.finding().interval().map(interval -> interval.low()));
        correlation(
                generation,
                "basin_correlation_ci_high_ratio",
                "ratio",
                "Upper bound of the correlation's interval",
                row -> row.finding().interval().map(interval -> interval.high()));
        correlation(
                generation,
                "basin_correlation_p_ratio",
                "ratio",
                "Two-sided p-value, once all runs have ended",
                row -> row.finding().p());
        correlation(
                generation,
                "basin_correlation_runs",
                "runs",
                "Runs behind the correlation",
                row -> Optional.of((double) row.finding().runs()));
    }

    private void correlation(
            String generation,
            String name,
            String unit,
            String help,
            Function<StudyView.RowView, Optional<Double>> value) {
        for (StudyView.RowView row : answer.view().rows()) {
            Optional<Double> number = value.apply(row);
            if (number.isPresent() && newest > 0) {
                Map<String, String> labels = new TreeMap<>();
                labels.put("study", answer.view().studyId());
                labels.put("comparison", row.comparisonLabel());
                labels.put("level", row.level().map(String::valueOf).orElse("none"));
                labels.put("measure", row.measure());
                labels.put("task", row.task());
                labels.put("protocol", row.protocol());
                labels.put("statistic", row.statistic());
                labels.put("generation", generation);
                put(name, unit, help, labels, newest, number.get());
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
            text.append("# TYPE ").append(name).append(" gauge\n");
            text.append("# UNIT ")
                    .append(name)
                    .append(' ')
                    .append(family.unit())
                    .append('\n');
            text.append("# HELP ")
                    .append(name)
                    .append(' ')
                    .append(family.help())
                    .append('\n');
            family.series()
                    .forEach((labels, samples) -> samples.forEach((time, value) -> text.append(name)
                            .append(labels)
                            .append(' ')
                            .append(value)
                            .append(' ')
                            .append(time / 1000)
                            .append(String.format(Locale.ROOT, ".%03d", time % 1000))
                            .append('\n')));
        });
        return text.append("# EOF\n").toString();
    }
}
