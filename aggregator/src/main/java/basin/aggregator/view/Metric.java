package basin.aggregator.view;

import basin.aggregator.analysis.Analysis;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.Association;
import basin.study.Comparison;
import basin.study.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The gauges of published views, for live metrics and for the history in a report. */
public enum Metric {
    ROW(
            "basin.correlation.info",
            "",
            "A row of the table of correlations, as labels of a constant 1; the label row joins its numbers"),
    CORRELATION("basin.correlation", "ratio", "Correlation with accuracy above the untrained network"),
    CORRELATION_LOW("basin.correlation.ci.low", "ratio", "Lower end of the correlation's interval"),
    CORRELATION_HIGH("basin.correlation.ci.high", "ratio", "Upper end of the correlation's interval"),
    CORRELATION_P("basin.correlation.p", "ratio", "Two-sided p-value, once all runs have ended"),
    CORRELATION_RUNS("basin.correlation.runs", "runs", "Runs behind the correlation"),
    RUN(
            "basin.run.info",
            "",
            "A run's label, size and algorithm, as labels of a constant 1; study and run join its numbers"),
    LOSS(
            "basin.loss",
            "nats",
            "Newest loss on the validation sentences: above the optimum, or held-out, as loss_kind says",
            "the loss"),
    TRACE(
            "basin.flatness.trace",
            "nats",
            "Trace, or what the quantity says, of the newest checkpoint that was probed",
            "the trace"),
    EIGENVALUE(
            "basin.flatness.top.eigenvalue",
            "nats",
            "Largest eigenvalue of the Hessian of the newest checkpoint whose spectrum was measured",
            "the largest eigenvalue"),
    ACCURACY("basin.downstream.accuracy", "ratio", "Accuracy of the newest checkpoint evaluated", "the accuracy"),
    STEP("basin.run.steps", "steps", "Optimiser steps taken"),
    REVISION("basin.study.revision", "events", "Different events folded when the numbers were made"),
    INTERVALS_REVISION(
            "basin.study.intervals.revision",
            "events",
            "Different events folded when all intervals and p-values were there last: none shown is older"),
    RUNS_DECLARED("basin.study.declared.runs", "runs", "Runs of the study's grid"),
    RUNS_ENDED("basin.study.ended.runs", "runs", "Runs that have finished or failed"),
    MEASUREMENTS_WANTED(
            "basin.study.wanted.measurements", "measurements", "Measurements wanted of the checkpoints so far"),
    MEASUREMENTS_DONE("basin.study.done.measurements", "measurements", "Measurements done"),
    INFO("basin.study.info", "", "The study's name and the kind of its language, as labels of a constant 1"),
    STATE("basin.study.state.info", "", "The study's state, as a label of a constant 1"),
    MATCHED_LOSS(
            "basin.matched.loss",
            "nats",
            "Loss of the checkpoint that represents the run at the level, as loss_kind says",
            "this loss"),
    MATCHED_FLATNESS(
            "basin.matched.flatness",
            "nats",
            "Trace of the checkpoint that represents the run at the level; smaller is flatter",
            "this trace"),
    MATCHED_ACCURACY(
            "basin.matched.accuracy",
            "ratio",
            "Accuracy above the untrained network of the checkpoint that represents the run at the level",
            "this accuracy"),
    HEADLINE("basin.headline.info", "", "The row that the headline describes, as labels of a constant 1");

    /** The metrics of a row of the table of correlations, with the value that each shows. */
    public static final Map<Metric, Function<Finding, Optional<Double>>> OF_A_ROW =
            Collections.unmodifiableMap(new EnumMap<>(Map.of(
                    CORRELATION, Finding::value,
                    CORRELATION_LOW, finding -> finding.interval().map(Interval::low),
                    CORRELATION_HIGH, finding -> finding.interval().map(Interval::high),
                    CORRELATION_P, Finding::p,
                    CORRELATION_RUNS, finding -> Optional.of((double) finding.runs()))));

    /** Digits of {@link #rowId}. */
    private static final int ROW_DIGITS = 10;

    private final String id;
    private final String unit;
    private final String about;
    private final String measured;

    Metric(String id, String unit, String about) {
        this(id, unit, about, "");
    }

    Metric(String id, String unit, String about, String measured) {
        this.id = id;
        this.unit = unit;
        this.about = about;
        this.measured = measured;
    }

    /**
     * Returns whether live metrics have a row of the table of correlations: Kendall's τ, but within
     * a rate; the difference of flatness and loss at equal loss; and the rows of headline and
     * claim. All rows are in the table {@code correlations}; together they are too many for a
     * scrape.
     */
    public static boolean isPublished(StudyView.RowView row) {
        boolean rank =
                row.statistic().equals(Association.KENDALL.id()) && row.comparison() != Comparison.MATCHED_WITHIN_RATE;
        boolean difference =
                row.measure().equals(Analysis.DIFFERENCE) && row.level().isPresent();
        return rank || difference || row.primary() || row.registration().equals(StudyView.REGISTERED);
    }

    /** Returns the label that joins a row's numbers: a hash of what identifies the row. */
    public static String rowId(String studyId, String generation, StudyView.RowView row) {
        String identity = studyId + "\n" + generation + "\n" + new TreeMap<>(row.labels());
        return Sha256.hex(identity.getBytes(StandardCharsets.UTF_8)).substring(0, ROW_DIGITS);
    }

    /** Returns the metric's name in Micrometer. */
    public String id() {
        return id;
    }

    /** Returns the unit in Prometheus' words; empty for constants. */
    public String unit() {
        return unit;
    }

    /**
     * Returns the metric's name in Prometheus, to which its unit belongs unless the name ends with
     * it.
     */
    public String exposed() {
        return exposed(id);
    }

    /** Returns the name in Prometheus of the metric's standard error. */
    public String exposedError() {
        return exposed(errorId());
    }

    private String exposed(String name) {
        String plain = name.replace('.', '_');
        return unit.isEmpty() || plain.endsWith("_" + unit) ? plain : plain + "_" + unit;
    }

    /** Returns whether the metric has a standard error beside it. */
    public boolean isMeasured() {
        return !measured.isEmpty();
    }

    /** Returns the metric's description. */
    public String about() {
        return about;
    }

    /** Returns the Micrometer name of the metric's standard error. */
    public String errorId() {
        return id + ".stderr";
    }

    /** Returns the description of the standard error. */
    public String aboutError() {
        return "Standard error of " + measured;
    }
}
