package basin.aggregator;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * The gauges of published views, apart from those of losses, which {@link Losses} names by what they
 * are taken against.
 */
enum Metric {
    CORRELATION("basin.correlation", "ratio", "Correlation with accuracy above the untrained network"),
    CORRELATION_LOW("basin.correlation.ci.low", "ratio", "Lower bound of the correlation's interval"),
    CORRELATION_HIGH("basin.correlation.ci.high", "ratio", "Upper bound of the correlation's interval"),
    CORRELATION_RUNS("basin.correlation.runs", "runs", "Runs behind the correlation"),
    CORRELATION_P("basin.correlation.p", "ratio", "Two-sided p-value, once all runs have ended"),
    TRACE("basin.flatness.trace", "nats", "Trace, or what the quantity says, of the newest checkpoint that was probed"),
    TRACE_ERROR("basin.flatness.trace.stderr", "nats", "Standard error of the trace"),
    EIGENVALUE(
            "basin.flatness.top.eigenvalue",
            "nats",
            "Largest eigenvalue of the Hessian of the newest checkpoint whose spectrum was measured"),
    EIGENVALUE_ERROR("basin.flatness.top.eigenvalue.stderr", "nats", "Standard error of the largest eigenvalue"),
    ACCURACY("basin.downstream.accuracy", "ratio", "Accuracy of the newest checkpoint evaluated"),
    ACCURACY_ERROR("basin.downstream.accuracy.stderr", "ratio", "Standard error of the accuracy"),
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
    MATCHED_FLATNESS(
            "basin.matched.flatness",
            "nats",
            "Trace of the checkpoint that stands for the run at the level; smaller is flatter"),
    MATCHED_FLATNESS_ERROR("basin.matched.flatness.stderr", "nats", "Standard error of this trace"),
    MATCHED_ACCURACY(
            "basin.matched.accuracy",
            "ratio",
            "Accuracy above the untrained network of the checkpoint that stands for the run at the level"),
    MATCHED_ACCURACY_ERROR("basin.matched.accuracy.stderr", "ratio", "Standard error of this accuracy"),
    HEADLINE("basin.headline.info", "", "The row of which the headline speaks, as labels of a constant 1");

    private final String id;
    private final String unit;
    private final String about;

    Metric(String id, String unit, String about) {
        this.id = id;
        this.unit = unit;
        this.about = about;
    }

    /** An empty table of this name in a registry. */
    NumberTable in(MeterRegistry registry) {
        return new NumberTable(registry, id, about, unit);
    }
}
