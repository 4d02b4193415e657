package basin.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The answer in words and in numbers, the answers to other questions, the two scatter plots side by
 * side, and the correlation over time.
 */
final class StudyAnswer {
    private static final String ZERO = "An interval that contains zero is inconclusive; more runs narrow it.";

    private static final ObjectNode FROM = Json.property("min", -1);
    private static final ObjectNode TO = Json.property("max", 1);
    private static final ObjectNode COLOUR = Json.property("color", Map.of("mode", "fixed", "fixedColor", "blue"));
    private static final ObjectNode NO_LINE = Json.property("custom.lineWidth", 0);

    /** The edges of the confidence band need no legend entries. */
    private static final ObjectNode NO_LEGEND =
            Json.property("custom.hideFrom", Map.of("legend", true, "tooltip", false, "viz", false));

    private StudyAnswer() {}

    static void add(Dashboard board) {
        board.section("At equal loss: do flatter models do better?");
        board.add(24, 4, sentence());
        board.add(5, 4, headline());
        board.add(5, 4, interval());
        board.add(4, 4, evidence());
        board.add(4, 4, progress());
        board.add(6, 4, rivals());
        board.add(24, 7, asked());
        board.section("What correlates with accuracy? One point per run, at the chosen level");
        board.add(12, 11, StudyScatter.flatness());
        board.add(12, 11, StudyScatter.loss());
        board.add(12, 10, overTime());
        board.add(12, 10, equality());
    }

    private static Panel sentence() {
        return answers(
                        "The answer",
                        "The sentence of Basin's page to the chosen question, once all results exist; until then its"
                                + " verdict, whose numbers stand below. Flatter models do better if the interval of the"
                                + " correlation is above 0.")
                .ask(Query.table(
                        "max by (verdict, sentence) (basin_answer_info{study=\"$study\",question=\"$question\"})"))
                .transform(
                        "organize",
                        Map.of(
                                "excludeByName",
                                Map.of("Time", true, "Value", true),
                                "indexByName",
                                Json.order("verdict sentence")));
    }

    private static Panel asked() {
        return answers(
                        "The study's own answer, and those to other questions",
                        "Answers that infra/basin replay published under a name, next to the live one, each with the"
                            + " numbers of its sentence. Above 0: flatter models do better. Only the live answer can"
                            + " judge a registered claim; a question asked after one has seen the numbers is"
                            + " exploratory.")
                .decimals(2)
                .ask(Query.table("max by (question, verdict, sentence) (basin_answer_info{study=\"$study\"})"))
                .ask(Query.table(ofAnswers("basin_correlation_ratio")))
                .ask(Query.table(ofAnswers("basin_correlation_ci_low_ratio")))
                .ask(Query.table(ofAnswers("basin_correlation_ci_high_ratio")))
                .ask(Query.table(ofAnswers("basin_correlation_runs")))
                .ask(Query.table(ofAnswers("basin_correlation_p_ratio")))
                .forField("n", Json.property("decimals", 0))
                .forField("p", Json.property("decimals", 3))
                .merged(
                        "question verdict Value#B Value#C Value#D Value#E Value#F sentence",
                        "Value#B=correlation Value#C=low Value#D=high Value#E=n Value#F=p",
                        "Value #A");
    }

    /** Returns numbers of the row that each answer's sentence describes. */
    private static String ofAnswers(String metric) {
        return "max by (question) (" + metric
                + " * on (row) group_left (question) max by (row, question) (basin_headline_info{study=\"$study\"}))";
    }

    private static Panel answers(String title, String description) {
        return StudyBoard.linked(Panel.table(title, Unit.NUMBER, description))
                .forField("question", Json.property("custom.width", 130))
                .forField("verdict", Json.property("custom.width", 190))
                .forFields("/^(correlation|low|high|n|p)$/", Json.property("custom.width", 95))
                .forFields("/^(?!question$)/", StudyTables.NO_LINKS)
                .forField("sentence", StudyTables.LONG);
    }

    private static Panel headline() {
        return number(
                        "Correlation at equal loss",
                        "The chosen statistic of −ln of the trace with accuracy above the untrained network, each run"
                                + " entering once, at the chosen level. Above 0: flatter models do better; below 0:"
                                + " worse. Read it with its interval and n.")
                .ask(Query.instant(
                        StudyBoard.orNone(StudyBoard.matched("basin_correlation_ratio", "$quantity")), "$statistic"))
                .ask(runs("$quantity"))
                .forQuery("B", Json.property("decimals", 0));
    }

    private static Panel interval() {
        return number(
                        "Its interval",
                        "The interval of the correlation, at the study's confidence. Narrower is better. " + ZERO)
                .ask(Query.instant(
                        StudyBoard.orNone(StudyBoard.matched("basin_correlation_ci_low_ratio", "$quantity")), "low"))
                .ask(Query.instant(
                        StudyBoard.orNone(StudyBoard.matched("basin_correlation_ci_high_ratio", "$quantity")), "high"))
                .ask(runs("$quantity"))
                .forQuery("C", Json.property("decimals", 0));
    }

    private static Panel evidence() {
        return number(
                        "Number of runs, and p",
                        "Runs that have a point at this level, and the two-sided p-value, which is given only once all"
                                + " runs have ended. More runs are better; a small p means that chance alone rarely"
                                + " gives such a value.")
                .ask(runs("$quantity"))
                .ask(Query.instant(
                        StudyBoard.orNone(StudyBoard.matched("basin_correlation_p_ratio", "$quantity")), "p"))
                .forQuery("A", Json.property("decimals", 0))
                .forQuery("B", Json.property("decimals", 3));
    }

    private static Panel number(String title, String description) {
        return StudyBoard.linked(Panel.numbers(title, Unit.NUMBER, description))
                .decimals(2)
                .whereNone("not yet");
    }

    private static Query runs(String measure) {
        return Query.instant(StudyBoard.orNone(StudyBoard.matched("basin_correlation_runs", measure)), "n");
    }

    private static Panel progress() {
        return StudyBoard.linked(Panel.bars(
                                "Progress of the study",
                                Unit.SHARE,
                                "Ended runs of those declared, and measurements done of those requested so far."
                                        + " Full bars are better: until then the numbers are provisional, because small"
                                        + " models finish first.")
                        .between(0, 1))
                .ask(Query.instant(
                        StudyBoard.ofStudy("basin_study_ended_runs") + " / "
                                + StudyBoard.ofStudy("basin_study_declared_runs"),
                        "runs ended"))
                .ask(Query.instant(
                        StudyBoard.ofStudy("basin_study_done_measurements") + " / "
                                + StudyBoard.ofStudy("basin_study_wanted_measurements"),
                        "measured"));
    }

    private static Panel rivals() {
        return number(
                        "The same for loss, and the difference",
                        "The correlation of −loss at the same level, and that of flatness minus that of loss"
                            + " (Spearman's, all runs). A difference above 0: flatness predicts accuracy better than"
                            + " loss does. " + ZERO)
                .ask(Query.instant(StudyBoard.orNone(StudyBoard.matched("basin_correlation_ratio", "loss")), "loss"))
                .ask(Query.instant(
                        StudyBoard.orNone(
                                StudyBoard.chosen(
                                        "basin_correlation_ratio",
                                        "comparison=~\"matched|raw\",level=\"$level\",measure=\"difference\",statistic=\"spearman\"")),
                        "difference (ρ)"))
                .ask(runs("loss"))
                .forQuery("C", Json.property("decimals", 0));
    }

    private static Panel overTime() {
        return StudyBoard.linked(Panel.lines(
                                "Correlation over time, with its interval",
                                Unit.NUMBER,
                                "The headline's correlation over time, its interval as a band, and n on the right. A"
                                        + " band that narrows and excludes zero is better; early values are of the runs"
                                        + " that finished first.")
                        .decimals(2))
                .ask(Query.range(StudyBoard.matched("basin_correlation_ratio", "$quantity"), "correlation"))
                .ask(Query.range(StudyBoard.matched("basin_correlation_ci_low_ratio", "$quantity"), "low"))
                .ask(Query.range(StudyBoard.matched("basin_correlation_ci_high_ratio", "$quantity"), "high"))
                .ask(Query.range(StudyBoard.matched("basin_correlation_runs", "$quantity"), "n"))
                .forQuery("A", FROM, TO, COLOUR, Json.property("custom.lineWidth", 2))
                .forQuery("B", FROM, TO, COLOUR, NO_LINE, NO_LEGEND)
                .forQuery(
                        "C",
                        FROM,
                        TO,
                        COLOUR,
                        NO_LINE,
                        NO_LEGEND,
                        Json.property("custom.fillBelowTo", "low"),
                        Json.property("custom.fillOpacity", 15))
                .forQuery(
                        "D",
                        Json.property("unit", Unit.RUNS.id()),
                        Json.property("decimals", 0),
                        Json.property("min", 0),
                        Json.property("color", Map.of("mode", "fixed", "fixedColor", "text")),
                        Json.property("custom.axisPlacement", "right"),
                        Json.property("custom.lineInterpolation", "stepAfter"));
    }

    private static Panel equality() {
        return StudyBoard.linked(Panel.bars(
                                "How equal the losses are",
                                Unit.NATS,
                                "Loss of the checkpoint with which each run enters: above the optimum, or on held-out"
                                        + " sentences where that is unknown. Bars of equal length are"
                                        + " better: the loss then does not explain the correlation. The number of"
                                        + " bars is n.")
                        .from(0)
                        .decimals(3))
                .ask(Query.instant(
                        "sort(" + StudyBoard.ofRuns("basin_matched_loss_nats", "label", "level=\"$level\"") + ")",
                        "{{label}}"));
    }
}
