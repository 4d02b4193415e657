package basin.dashboards;

import java.util.List;
import java.util.Map;

/** The registered claim, the ranking of measures, and the arms of a study. */
final class StudyArms {
    private static final String ARM = "arm, at, measure, unit";

    /** Names of the points at which arms are compared. */
    private static final Map<String, String> PLACES = Map.of(
            "matched", "matched",
            "branch", "a band below the common start",
            "last", "last checkpoints");

    private StudyArms() {}

    static void add(Dashboard board) {
        board.section("Claim, ranking and arms");
        board.add(24, 3, claim());
        board.add(10, 8, ranking());
        board.add(14, 8, arms());
    }

    private static Panel claim() {
        return StudyBoard.linked(Panel.table(
                                "Registered claim",
                                Unit.NUMBER,
                                "The claim that the study registered before its first run, and what became of it:"
                                        + " holds, contradicted, inconclusive, or not judged yet. A claim that holds is"
                                        + " better evidence than any row chosen afterwards.")
                        .forField("verdict", Json.property("custom.width", 300))
                        .forField("statement", StudyTables.LONG))
                .ask(Query.table(StudyBoard.orText(
                        "max by (verdict, statement) (basin_claim_info{study=\"$study\"})",
                        "verdict",
                        "none: everything here is exploratory")))
                .transform(
                        "organize",
                        Map.of(
                                "excludeByName",
                                Map.of("Time", true, "Value", true),
                                "indexByName",
                                Json.order("verdict statement")));
    }

    private static Panel ranking() {
        return StudyBoard.linked(Panel.table(
                                "Ranking of measures",
                                Unit.NUMBER,
                                "Kendall's τ of every measure with accuracy over the same runs, at the headline's task,"
                                        + " protocol and level. A measure with a higher correlation predicts accuracy"
                                        + " better; it is best only if each of its differences from the others has an"
                                        + " interval above 0: the column best names it, or none.")
                        .decimals(2))
                .ask(Query.table(ranked("basin_ranking_ratio")))
                .ask(Query.table(ranked("basin_ranking_ci_low_ratio")))
                .ask(Query.table(ranked("basin_ranking_ci_high_ratio")))
                .ask(Query.table(ranked("basin_ranking_runs")))
                .forField("n", Json.property("decimals", 0))
                .forFields("/^(?!measure$)/", StudyTables.NO_LINKS)
                .sorted("correlation", true)
                .merged(
                        "measure best Value#A Value#B Value#C Value#D",
                        "Value#A=correlation Value#B=low Value#C=high Value#D=n");
    }

    /** Returns numbers of the ranking, each with the name of the best measure. */
    private static String ranked(String metric) {
        return "max by (measure, best) (" + metric
                + "{study=\"$study\"} * on (study) group_left (best) max by (study, best)"
                + " (basin_ranking_info{study=\"$study\"}))";
    }

    private static Panel arms() {
        return StudyBoard.linked(Panel.table(
                                "Arms compared with the reference",
                                Unit.NUMBER,
                                "Mean of arm minus reference over pairs of runs of the same size, seed and start, at"
                                    + " the headline's level and at the last checkpoints. For accuracy above 0 is"
                                    + " better; for the trace (its ln), the loss, steps and gradients below 0 is. An"
                                    + " interval that contains zero is inconclusive.")
                        .decimals(3))
                .ask(Query.table(ofArms("basin_arm_difference")))
                .ask(Query.table(ofArms("basin_arm_ci_low_difference")))
                .ask(Query.table(ofArms("basin_arm_ci_high_difference")))
                .ask(Query.table(ofArms("basin_arm_pairs")))
                .ask(Query.table(ofArms("basin_arm_p_ratio")))
                .forField("pairs", Json.property("decimals", 0), Json.property("custom.width", 70))
                .forField("arm", Json.property("custom.width", 160))
                .forField("at", Json.property("custom.width", 140))
                .forField("measure", Json.property("custom.width", 120))
                .forField("unit", Json.property("custom.width", 150))
                .forFields("/^(?!arm$)/", StudyTables.NO_LINKS)
                .forField("at", Json.property("mappings", List.of(StudyTables.words(PLACES))))
                .sorted("arm", false)
                .merged(
                        "arm at measure Value#A Value#B Value#C unit Value#D Value#E",
                        "Value#A=difference Value#B=low Value#C=high Value#D=pairs Value#E=p");
    }

    private static String ofArms(String metric) {
        return "max by (" + ARM + ") (" + metric + " * on (row) group_left (" + ARM + ") max by (row, " + ARM
                + ") (basin_arm_info{study=\"$study\"}))";
    }
}
