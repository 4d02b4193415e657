package basin.dashboards;

import java.util.List;
import java.util.Map;

/** The headline's numbers, the two scatter charts beside each other, and what became of the correlation over time. */
final class StudyAnswer {
    private static final String FLATTER = "Flatness, −ln trace";
    private static final String LOSS = "Excess loss";
    private static final String ACCURACY = "Accuracy above untrained";
    private static final String ZERO = "An interval that holds zero tells nothing either way; more runs narrow it.";

    private StudyAnswer() {}

    static void add(Dashboard board) {
        board.section("At equal loss: do flatter models do better?");
        board.add(4, 4, headline());
        board.add(5, 4, interval());
        board.add(5, 4, evidence());
        board.add(5, 4, progress());
        board.add(5, 4, rivals());
        board.section("What goes with accuracy? One point a run, at the matched level");
        board.add(12, 11, scatter(FLATTER));
        board.add(12, 11, scatter(LOSS));
        board.add(12, 8, overTime());
        board.add(12, 8, equality());
    }

    private static Panel headline() {
        return StudyBoard.linked(Panel.numbers(
                                "Correlation of flatness with accuracy, at equal loss",
                                Unit.NUMBER,
                                "The chosen statistic of −ln of the trace with accuracy above the untrained network,"
                                        + " each run entering once, at the chosen level. Above 0: flatter models do"
                                        + " better; below 0: worse. Read it with the interval and n beside it.")
                        .decimals(2)
                        .whereNone("not yet"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_ratio", "$quantity"), "$statistic"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_runs", "$quantity"), "n"))
                .forQuery("B", Json.property("unit", Unit.RUNS.id()), Json.property("decimals", 0));
    }

    private static Panel interval() {
        return StudyBoard.linked(Panel.numbers(
                                "Its interval",
                                Unit.NUMBER,
                                "Between these the correlation lies, at the study's confidence. Narrower is better. "
                                        + ZERO)
                        .decimals(2)
                        .whereNone("not yet"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_ci_low_ratio", "$quantity"), "low"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_ci_high_ratio", "$quantity"), "high"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_runs", "$quantity"), "n"))
                .forQuery("C", Json.property("unit", Unit.RUNS.id()), Json.property("decimals", 0));
    }

    private static Panel evidence() {
        return StudyBoard.linked(Panel.numbers(
                                "Runs behind it, and p",
                                Unit.RUNS,
                                "Runs that have a point at this level, and the two-sided p-value, which is given only"
                                        + " once all runs have ended. More runs are better; a small p says that chance"
                                        + " alone rarely does this.")
                        .whereNone("not yet"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_runs", "$quantity"), "n"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_p_ratio", "$quantity"), "p"))
                .forQuery("B", Json.property("unit", Unit.NUMBER.id()), Json.property("decimals", 3));
    }

    private static Panel progress() {
        return StudyBoard.linked(Panel.bars(
                                "How far the study is",
                                Unit.SHARE,
                                "Runs that have ended of those declared, and measurements done of those wanted so far."
                                    + " Full bars are better: until then the numbers are provisional, for small runs"
                                    + " finish first.")
                        .between(0, 1))
                .ask(Query.instant(
                        StudyBoard.ofStudy("basin_study_runs_ended_runs") + " / "
                                + StudyBoard.ofStudy("basin_study_runs_declared_runs"),
                        "runs ended"))
                .ask(Query.instant(
                        StudyBoard.ofStudy("basin_study_pieces_done_pieces") + " / "
                                + StudyBoard.ofStudy("basin_study_pieces_wanted_pieces"),
                        "measured"));
    }

    private static Panel rivals() {
        return StudyBoard.linked(Panel.numbers(
                                "The same for loss, and the difference",
                                Unit.NUMBER,
                                "What −excess loss tells at the same level, and the correlation of flatness less that"
                                        + " of loss. A difference above 0: flatness tells more than loss does. " + ZERO)
                        .decimals(2)
                        .whereNone("not yet"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_ratio", "loss"), "loss"))
                .ask(Query.instant(
                        StudyBoard.chosen(
                                "basin_correlation_ratio",
                                "comparison=\"matched\",level=\"$level\",measure=\"difference\",statistic=\"spearman\""),
                        "difference (ρ)"))
                .ask(Query.instant(StudyBoard.matched("basin_correlation_runs", "loss"), "n"))
                .forQuery("C", Json.property("unit", Unit.RUNS.id()), Json.property("decimals", 0));
    }

    private static Panel scatter(String x) {
        boolean flat = x.equals(FLATTER);
        String what = flat
                ? "Flatness is −ln of the trace: one unit more is a trace 2.7 times smaller. If flatness tells, the"
                        + " points rise to the right."
                : "Excess loss is the KL from the optimum; smaller is better. At one level it is nearly the same for"
                        + " all runs, so these points should not rise.";
        String asked = flat
                ? "-ln("
                        + StudyBoard.ofRuns("basin_matched_flatness_nats", "run, size", level("quantity=\"$quantity\""))
                        + " > 0)"
                : StudyBoard.ofRuns("basin_matched_excess_nats", "run, size", "level=\"$level\"");
        Panel panel = Panel.points(
                        flat ? "Flatness and accuracy" : "Loss and accuracy",
                        Unit.SHARE,
                        "One point a run at the chosen level, coloured by size, y higher is better. " + what
                                + " The number of points is n.",
                        x,
                        ACCURACY)
                .ask(Query.table(asked))
                .ask(Query.table(StudyBoard.ofRuns(
                        "basin_matched_accuracy_ratio", "run", level("task=\"$task\",protocol=\"$protocol\""))))
                .forField(x, Json.property("unit", flat ? Unit.NUMBER.id() : Unit.NATS.id()), axis(x))
                .forField(ACCURACY, Json.property("unit", Unit.SHARE.id()), axis(ACCURACY))
                // x and y of one run meet by the run's id.
                .transform("joinByField", Map.of("byField", "run", "mode", "inner"))
                .transform(
                        "organize",
                        Map.of(
                                "excludeByName",
                                Map.of("Time", true, "Time 1", true, "Time 2", true),
                                "renameByName",
                                Map.of("Value #A", x, "Value #B", ACCURACY)))
                .transform(
                        "partitionByValues",
                        Map.of("fields", List.of("size"), "keepFields", true, "naming", Map.of("asLabels", true)));
        return StudyBoard.linked(panel);
    }

    private static String level(String more) {
        return "level=\"$level\"," + more;
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode axis(String label) {
        return Json.property("custom.axisLabel", label);
    }

    private static Panel overTime() {
        return StudyBoard.linked(Panel.lines(
                                "Correlation over time, with its interval",
                                Unit.NUMBER,
                                "The headline's correlation as runs came in, its interval as a band, and n on the"
                                    + " right. A band that narrows and leaves zero is better; early values are of the"
                                    + " runs that finished first.")
                        .decimals(2))
                .ask(Query.range(StudyBoard.matched("basin_correlation_ratio", "$quantity"), "correlation"))
                .ask(Query.range(StudyBoard.matched("basin_correlation_ci_low_ratio", "$quantity"), "low"))
                .ask(Query.range(StudyBoard.matched("basin_correlation_ci_high_ratio", "$quantity"), "high"))
                .ask(Query.range(StudyBoard.matched("basin_correlation_runs", "$quantity"), "n"))
                .forQuery("A", Json.property("min", -1), Json.property("max", 1))
                .forQuery(
                        "C",
                        Json.property("min", -1),
                        Json.property("max", 1),
                        Json.property("custom.fillBelowTo", "low"),
                        Json.property("custom.lineWidth", 0))
                .forQuery("B", Json.property("min", -1), Json.property("max", 1), Json.property("custom.lineWidth", 0))
                .forQuery(
                        "D",
                        Json.property("unit", Unit.RUNS.id()),
                        Json.property("decimals", 0),
                        Json.property("min", 0),
                        Json.property("custom.axisPlacement", "right"),
                        Json.property("custom.lineInterpolation", "stepAfter"));
    }

    private static Panel equality() {
        return StudyBoard.linked(Panel.bars(
                                "How equal the losses are",
                                Unit.NATS,
                                "Excess loss of the checkpoint with which each run enters. Bars of one length are"
                                        + " better: what is left of the correlation is then not the loss. The number of"
                                        + " bars is n.")
                        .from(0)
                        .decimals(3))
                .ask(Query.instant(
                        "sort(" + StudyBoard.ofRuns("basin_matched_excess_nats", "size, run", "level=\"$level\"") + ")",
                        "{{size}} {{run}}"));
    }
}
