package basin.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table of correlations and the map of measures by tasks, and the tables of runs: losses,
 * traces, accuracies.
 */
final class StudyTables {
    private static final String RUN = "{{label}}";
    private static final String BY_RUN = "label";

    /**
     * Names of the comparisons; their alphabetical order puts those first that answer the question.
     */
    private static final Map<String, String> COMPARISONS = Map.of(
            "matched", "matched",
            "matched-within-size", "matched, within a size",
            "partial-given", "given covariates",
            "partial-given-loss", "last checkpoints, given the loss",
            "raw", "last checkpoints");
    /** A link in a row's first column is enough. */
    static final ObjectNode NO_LINKS = Json.property("links", List.of());

    /** Text in as many lines as it needs. */
    static final ObjectNode LONG = Json.property("custom.cellOptions", Map.of("type", "auto", "wrapText", true));

    private StudyTables() {}

    static void add(Dashboard board) {
        board.section("Correlation with accuracy");
        board.add(20, 10, correlations());
        board.add(4, 10, revisions());
        board.add(24, 8, map());
    }

    static void addRuns(Dashboard board) {
        board.section("Runs");
        board.add(8, 9, excess());
        board.add(8, 9, traces());
        board.add(8, 9, accuracies());
        board.add(16, 14, newest());
        board.add(8, 14, steps());
        board.add(24, 5, failed());
    }

    private static Panel correlations() {
        return StudyBoard.linked(Panel.table(
                                "Correlations",
                                Unit.NUMBER,
                                "Comparisons of this task and protocol by the chosen statistic, and the partial ones,"
                                    + " which are always Spearman's, with interval, n and, at the end, p. Above 0:"
                                    + " flatter models, or models with lower loss, have higher accuracy. Of tasks and"
                                    + " protocols other than the headline's there is Kendall's only; Basin's page and"
                                    + " the table correlations have all.")
                        .decimals(2))
                .ask(Query.table(compared("basin_correlation_runs")))
                .ask(Query.table(compared("basin_correlation_ratio")))
                .ask(Query.table(compared("basin_correlation_ci_low_ratio")))
                .ask(Query.table(compared("basin_correlation_ci_high_ratio")))
                .ask(Query.table(compared("basin_correlation_p_ratio")))
                .forField("n", Json.property("decimals", 0))
                .forField("p", Json.property("decimals", 3))
                .forField("comparison", Json.property("mappings", List.of(words(COMPARISONS))))
                .forField("level", Json.property("mappings", List.of(words(Map.of("last", "last checkpoints")))))
                .forFields("/^(?!comparison$)/", NO_LINKS)
                .sorted("comparison", false)
                .merged(
                        "comparison conditioned_on level measure statistic Value#B Value#C Value#D"
                                + " Value#A Value#E",
                        // The column is called {@code Value} while no correlation is known
                        // yet.
                        "conditioned_on=given Value=n Value#A=n Value#B=correlation Value#C=low"
                                + " Value#D=high Value#E=p");
    }

    /** Returns numbers of the rows by the chosen statistic and of those that have only one. */
    private static String compared(String metric) {
        return StudyBoard.chosen(metric, "statistic=\"$statistic\"") + " or "
                + StudyBoard.chosen(metric, "comparison=~\"partial.*\"");
    }

    private static Panel map() {
        String number = "max by (task, protocol, measure) (" + mapped("basin_correlation_ratio") + ")";
        String runs = "count_values by (task, protocol) (\"n\", min by (task, protocol) ("
                + mapped("basin_correlation_runs") + "))";
        return StudyBoard.linked(Panel.table(
                                "Measures by tasks",
                                Unit.NUMBER,
                                "The correlation of every measure with the accuracy of every task and protocol, in the"
                                    + " chosen comparison and statistic; n is that of the measure with the fewest"
                                    + " runs. Above 0, towards red: flatter models, or models with lower loss, do"
                                    + " better. Among so many some are far from 0 by chance: the intervals are in the"
                                    + " table above.")
                        .decimals(2)
                        .between(-1, 1)
                        .scale("continuous-BlYlRd")
                        .forField(
                                "at\\measure",
                                Json.property("displayName", "task, protocol, n"),
                                Json.property("custom.width", 280),
                                Json.property("custom.cellOptions", Map.of("type", "auto"))))
                .ask(Query.table("max by (at, measure) (label_join(" + number
                        + " * on (task, protocol) group_left (n) label_replace(" + runs
                        + ", \"n\", \"n $1\", \"n\", \"(.*)\"), \"at\", \", \", \"task\", \"protocol\", \"n\"))"))
                .transform(
                        "groupingToMatrix", Map.of("rowField", "at", "columnField", "measure", "valueField", "Value"));
    }

    /** Returns numbers of all tasks and protocols in the chosen comparison. */
    private static String mapped(String metric) {
        return metric + " * on (row) group_left (task, protocol, measure) max by (row, task, protocol, measure)"
                + " (basin_correlation_info{study=\"$study\",question=\"$question\",comparison=\"$comparison\","
                + "level=\"$level\",statistic=\"$statistic\",measure!=\"difference\"})";
    }

    private static Panel failed() {
        return StudyBoard.linked(Panel.table(
                                "Runs that failed",
                                Unit.STEPS,
                                "Runs that stopped before their last step, with the last step whose loss was a number"
                                        + " and the reason. None is better: a run that failed is in no comparison.")
                        .decimals(0))
                .ask(Query.table(StudyBoard.orText(
                        StudyBoard.ofRuns(
                                "basin_run_failed_info", "label, reason", "", "basin_run_steps{study=\"$study\"}"),
                        "label",
                        "none")))
                .forField("run", Json.property("custom.width", 200))
                .forField("step", Json.property("custom.width", 130))
                .forField("reason", LONG)
                .forFields("/^(?!run$)/", NO_LINKS)
                .transform(
                        "organize",
                        Map.of(
                                "excludeByName",
                                Map.of("Time", true),
                                "renameByName",
                                Json.names("label=run Value=step")));
    }

    private static Panel revisions() {
        return StudyBoard.linked(Panel.numbers(
                        "Revision",
                        Unit.EVENTS,
                        "Events folded when the numbers were computed, and when all intervals and p-values last were:"
                                + " no shown interval is older. Equal is better; while they differ, intervals over all"
                                + " checkpoints may belong to earlier values, and p-values may be missing."))
                .decimals(0)
                .ask(Query.instant(StudyBoard.ofStudy("basin_study_revision_events"), "numbers"))
                .ask(Query.instant(StudyBoard.ofStudy("basin_study_intervals_revision_events"), "intervals"));
    }

    /** Returns a mapping from values to texts. */
    static Map<String, Object> words(Map<String, String> texts) {
        return Map.of(
                "type",
                "value",
                "options",
                texts.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> Map.of("text", entry.getValue()))));
    }

    private static Panel excess() {
        return StudyBoard.linked(Panel.lines(
                                "Loss above the optimum, or of held-out sentences",
                                Unit.NATS,
                                "Excess loss of each run above the exact optimum, where zero is the language itself;"
                                    + " if the optimum is unknown, its loss on held-out sentences, which cannot reach"
                                    + " zero. On a logarithmic axis; lower is better.")
                        .forQuery("A", Json.property("custom.scaleDistribution", Map.of("type", "log", "log", 10))))
                .ask(Query.range(StudyBoard.ofRuns("basin_loss_nats", BY_RUN, ""), RUN));
    }

    private static Panel traces() {
        return StudyBoard.linked(Panel.lines(
                        "Trace of the newest checkpoint",
                        Unit.NATS,
                        "The chosen quantity as the chosen estimator measured it. Lower is flatter; whether flatter is"
                            + " better is the question of this dashboard. Raw traces of different sizes have different"
                            + " parameterisations."))
                .ask(Query.range(
                        StudyBoard.ofRuns(
                                "basin_flatness_trace_nats",
                                BY_RUN + ", estimator",
                                "quantity=\"$quantity\",estimator=~\"$estimator\""),
                        RUN + " {{estimator}}"));
    }

    private static Panel accuracies() {
        return StudyBoard.linked(Panel.lines(
                        "Accuracy of the newest checkpoint",
                        Unit.SHARE,
                        "On the chosen task by the chosen protocol, without subtracting the untrained"
                                + " network's accuracy. Higher is better."))
                .ask(Query.range(
                        StudyBoard.ofRuns(
                                "basin_downstream_accuracy_ratio", BY_RUN, "task=\"$task\",protocol=\"$protocol\""),
                        RUN));
    }

    private static Panel newest() {
        return StudyBoard.linked(Panel.table(
                        "Runs, newest values",
                        Unit.NATS,
                        "Each run's newest loss, trace and accuracy, with standard errors. Lower loss and"
                                + " higher accuracy are better; a difference smaller than its standard error means"
                                + " nothing."))
                .ask(Query.table(StudyBoard.ofRuns("basin_loss_nats", BY_RUN, "")))
                .ask(Query.table(StudyBoard.ofRuns("basin_loss_stderr_nats", BY_RUN, "")))
                .ask(Query.table(StudyBoard.ofRuns("basin_flatness_trace_nats", BY_RUN, trace())))
                .ask(Query.table(StudyBoard.ofRuns("basin_flatness_trace_stderr_nats", BY_RUN, trace())))
                .ask(Query.table(StudyBoard.ofRuns("basin_downstream_accuracy_ratio", BY_RUN, task())))
                .ask(Query.table(StudyBoard.ofRuns("basin_downstream_accuracy_stderr_ratio", BY_RUN, task())))
                .decimals(4)
                .forFields("/trace$/", Json.property("decimals", 1))
                .forFields("/accuracy$/", Json.property("unit", Unit.SHARE.id()), Json.property("decimals", 1))
                .forFields("/^(?!run$)/", NO_LINKS)
                .sorted("run", false)
                .merged(
                        "",
                        "label=run Value#A=loss Value#B=±_loss Value#C=trace Value#D=±_trace"
                                + " Value#E=accuracy Value#F=±_accuracy");
    }

    private static String trace() {
        return "quantity=\"$quantity\",estimator=~\"$estimator\"";
    }

    private static String task() {
        return "task=\"$task\",protocol=\"$protocol\"";
    }

    private static Panel steps() {
        return StudyBoard.linked(Panel.lines(
                                "Steps taken",
                                Unit.STEPS,
                                "Optimiser steps of each run. Rising lines are better; one that stops below"
                                        + " the others waits for a worker or has failed.")
                        .from(0))
                .ask(Query.range(StudyBoard.ofRuns("basin_run_steps", BY_RUN, ""), RUN));
    }
}
