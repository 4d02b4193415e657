package basin.aggregator.view;

import basin.record.Finding;
import basin.record.Interval;
import basin.study.Against;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The gauges of published views, for live metrics and for the history in a report. */
public enum Metric {
    CORRELATION("basin.correlation", "ratio", "Correlation with accuracy above the untrained network"),
    CORRELATION_LOW("basin.correlation.ci.low", "ratio", "Lower bound of the correlation's interval"),
    CORRELATION_HIGH("basin.correlation.ci.high", "ratio", "Upper bound of the correlation's interval"),
    CORRELATION_P("basin.correlation.p", "ratio", "Two-sided p-value, once all runs have ended"),
    CORRELATION_RUNS("basin.correlation.runs", "runs", "Runs behind the correlation"),
    LOSS_ABOVE_OPTIMUM("basin.loss.", "Newest value. ", Against.OPTIMUM),
    LOSS_HELD_OUT("basin.loss.", "Newest value. ", Against.HELD_OUT),
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
    STEP("basin.run.step", "steps", "Optimiser steps taken"),
    REVISION("basin.study.revision", "events", "Different events folded when the numbers were made"),
    INTERVALS_REVISION(
            "basin.study.intervals.revision",
            "events",
            "Different events folded when all intervals and p-values were there last: none shown is older"),
    RUNS_ENDED("basin.study.runs.ended", "runs", "Runs that have finished or failed"),
    MEASUREMENTS_WANTED(
            "basin.study.measurements.wanted", "measurements", "Measurements wanted of the checkpoints so far"),
    MEASUREMENTS_DONE("basin.study.measurements.done", "measurements", "Measurements done"),
    INFO("basin.study.info", "", "The study's name and the kind of its language, as labels of a constant 1"),
    STATE("basin.study.state.info", "", "The study's state, as a label of a constant 1"),
    RUNS_DECLARED("basin.study.runs.declared", "runs", "Runs of the study's grid"),
    MATCHED_LOSS_ABOVE_OPTIMUM("basin.matched.", Metric.MATCHED, Against.OPTIMUM),
    MATCHED_LOSS_HELD_OUT("basin.matched.", Metric.MATCHED, Against.HELD_OUT),
    MATCHED_FLATNESS(
            "basin.matched.flatness",
            "nats",
            "Trace of the checkpoint that stands for the run at the level; smaller is flatter",
            "this trace"),
    MATCHED_ACCURACY(
            "basin.matched.accuracy",
            "ratio",
            "Accuracy above the untrained network of the checkpoint that stands for the run at the level",
            "this accuracy"),
    HEADLINE("basin.headline.info", "", "The row of which the headline speaks, as labels of a constant 1");

    private static final String MATCHED = "Of the checkpoint that stands for the run at the level. ";

    /** The metrics of a row of the table of correlations, with the value that each shows. */
    public static final Map<Metric, Function<Finding, Optional<Double>>> OF_A_ROW =
            Collections.unmodifiableMap(new EnumMap<>(Map.of(
                    CORRELATION, Finding::value,
                    CORRELATION_LOW, finding -> finding.interval().map(Interval::low),
                    CORRELATION_HIGH, finding -> finding.interval().map(Interval::high),
                    CORRELATION_P, Finding::p,
                    CORRELATION_RUNS, finding -> Optional.of((double) finding.runs()))));

    private final String id;
    private final String unit;
    private final String about;
    private final String measured;

    Metric(String id, String unit, String about) {
        this(id, unit, about, "");
    }

    Metric(String prefix, String about, Against against) {
        this(prefix + against.metric(), "nats", about + against.about(), "the " + against.quantity());
    }

    Metric(String id, String unit, String about, String measured) {
        this.id = id;
        this.unit = unit;
        this.about = about;
        this.measured = measured;
    }

    /** Returns the metric of a run's newest loss, or of the loss of its matched checkpoint. */
    public static Metric loss(boolean aboveOptimum, boolean matched) {
        if (matched) {
            return aboveOptimum ? MATCHED_LOSS_ABOVE_OPTIMUM : MATCHED_LOSS_HELD_OUT;
        }
        return aboveOptimum ? LOSS_ABOVE_OPTIMUM : LOSS_HELD_OUT;
    }

    /** Returns the metric's name in Micrometer. */
    public String id() {
        return id;
    }

    /** Returns the unit in Prometheus' words; empty for constants. */
    public String unit() {
        return unit;
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
