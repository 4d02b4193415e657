package basin.aggregator.view;

import basin.aggregator.analysis.Analysis;
import basin.aggregator.analysis.ArmRow;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.Association;
import basin.study.Comparison;
import basin.study.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
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
    HEADLINE(
            "basin.headline.info",
            "",
            "The row that an answer's sentence describes, as labels of a constant 1; question is live for the study's"
                    + " own, or the name of the answer to another question"),
    ANSWER(
            "basin.answer.info",
            "",
            "The answer in words, as labels of a constant 1: the sentence once all results exist, and only the verdict"
                    + " until then"),
    CLAIM("basin.claim.info", "", "The registered claim and what became of it, as labels of a constant 1"),
    ARM(
            "basin.arm.info",
            "",
            "A difference between an arm and the reference arm, as labels of a constant 1; the label row joins its"
                    + " numbers"),
    ARM_DIFFERENCE(
            "basin.arm.difference", "difference", "Arm minus reference, averaged over pairs, in the unit of its row"),
    ARM_LOW("basin.arm.ci.low", "difference", "Lower end of the difference's interval, in the unit of its row"),
    ARM_HIGH("basin.arm.ci.high", "difference", "Upper end of the difference's interval, in the unit of its row"),
    ARM_P("basin.arm.p", "ratio", "Two-sided p-value of the difference, once all runs have ended"),
    ARM_PAIRS("basin.arm.pairs", "pairs", "Pairs of runs behind the difference"),
    RANKING(
            "basin.ranking.info",
            "",
            "What the ranking of measures compares, and its best measure or none, as labels of a constant 1"),
    RANKED("basin.ranking", "ratio", "Correlation of a measure in the ranking with accuracy, Kendall's within strata"),
    RANKED_LOW("basin.ranking.ci.low", "ratio", "Lower end of the interval of this correlation"),
    RANKED_HIGH("basin.ranking.ci.high", "ratio", "Upper end of the interval of this correlation"),
    RANKED_RUNS("basin.ranking.runs", "runs", "Runs behind this correlation"),
    FAILURE("basin.run.failed.info", "", "A run that has failed, with its reason, as labels of a constant 1");

    /** Longest text of a label; the end of a longer one is left out. */
    private static final int LONGEST_LABEL = 600;

    /** The metrics of a row of the table of correlations, with the value that each shows. */
    public static final Map<Metric, Function<Finding, Optional<Double>>> OF_A_ROW =
            Collections.unmodifiableMap(new EnumMap<>(Map.of(
                    CORRELATION, Finding::value,
                    CORRELATION_LOW, finding -> finding.interval().map(Interval::low),
                    CORRELATION_HIGH, finding -> finding.interval().map(Interval::high),
                    CORRELATION_P, Finding::p,
                    CORRELATION_RUNS, finding -> Optional.of((double) finding.runs()))));

    /** The metrics of a ranked measure, with the value that each shows. */
    public static final Map<Metric, Function<Finding, Optional<Double>>> OF_A_RANKED_MEASURE =
            Collections.unmodifiableMap(new EnumMap<>(Map.of(
                    RANKED, OF_A_ROW.get(CORRELATION),
                    RANKED_LOW, OF_A_ROW.get(CORRELATION_LOW),
                    RANKED_HIGH, OF_A_ROW.get(CORRELATION_HIGH),
                    RANKED_RUNS, OF_A_ROW.get(CORRELATION_RUNS))));

    /** The metrics of an arm's difference, with the value that each shows. */
    public static final Map<Metric, Function<ArmRow, Optional<Double>>> OF_AN_ARM =
            Collections.unmodifiableMap(new EnumMap<>(Map.of(
                    ARM_DIFFERENCE, ArmRow::value,
                    ARM_LOW, row -> row.interval().map(Interval::low),
                    ARM_HIGH, row -> row.interval().map(Interval::high),
                    ARM_P, ArmRow::p,
                    ARM_PAIRS, row -> Optional.of((double) row.pairs()))));

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
     * Returns the rows of a study's own table of correlations that live metrics have: of the
     * headline's task and protocol all but those within a rate, and of the others Kendall's τ and
     * the difference of flatness and loss, at the headline's level and at last checkpoints. All
     * rows are in the table {@code correlations}; together they are too many for a scrape.
     */
    public static List<StudyView.RowView> published(StudyView view) {
        Optional<StudyView.RowView> primary = view.primary();
        return view.rows().stream()
                .filter(row -> row.primary()
                        || row.registration().equals(StudyView.REGISTERED)
                        || (row.comparison() != Comparison.MATCHED_WITHIN_RATE
                                && primary.filter(one -> row.isOf(one) || isRankOrDifference(row, one.level()))
                                        .isPresent()))
                .toList();
    }

    /**
     * Returns the rows of an answer to another question that live metrics have: those of the task,
     * the protocol and the statistic of its sentence, but within a rate, and the difference of
     * flatness and loss.
     */
    public static List<StudyView.RowView> published(Generation answer) {
        return answer.answer().flatMap(AskedAnswer::row).stream()
                .flatMap(primary -> answer.rows().stream()
                        .filter(primary::isOf)
                        .filter(row -> row.primary()
                                || (row.comparison() != Comparison.MATCHED_WITHIN_RATE
                                        && (row.statistic().equals(primary.statistic())
                                                || row.measure().equals(Analysis.DIFFERENCE)))))
                .toList();
    }

    private static boolean isRankOrDifference(StudyView.RowView row, Optional<Double> level) {
        return (row.level().isEmpty() || row.level().equals(level))
                && (row.statistic().equals(Association.KENDALL.id())
                        || row.measure().equals(Analysis.DIFFERENCE));
    }

    /**
     * Returns the answer in words as a label that changes a bounded number of times: the sentence
     * once no more results will arrive, and until then the verdict, which has no numbers.
     */
    public static String sentence(StudyView view) {
        return label(view.ended() ? view.headline() : view.verdict());
    }

    /** Returns a text as a label: in one line, of at most {@value #LONGEST_LABEL} characters. */
    public static String label(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_LABEL ? line : line.substring(0, LONGEST_LABEL - 1) + "…";
    }

    /**
     * Returns the label that joins a row's numbers: a hash of what identifies the row.
     *
     * @param question name of the answer
     * @param labels labels that identify the row
     */
    public static String rowId(String studyId, String question, Map<String, String> labels) {
        String identity = studyId + "\n" + question + "\n" + new TreeMap<>(labels);
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
