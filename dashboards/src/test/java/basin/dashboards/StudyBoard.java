package basin.dashboards;

import java.util.List;
import java.util.stream.Collectors;

/** The board of one study: the numbers of the live page, in its order. */
final class StudyBoard {
    private static final String STUDY = "study=\"$study\"";

    /** How losses are called in the names of metrics: a study has one of them. */
    private static final List<String> LOSSES = List.of("excess", "held_out");

    private StudyBoard() {}

    static Dashboard board() {
        Dashboard board = Dashboard.of(
                "study",
                "Study",
                "Of models with the same pre-training loss, do the flatter ones do better? The numbers of the live"
                        + " page, in its order.");
        choices(board);
        marks(board);
        board.link("Basin's page", page("$study"));
        StudyAnswer.add(board);
        StudyTables.add(board);
        return board;
    }

    /** The page's address with the view that the dashboard shows. */
    static String page(String study) {
        return Boards.PAGE + "#study=" + study
                + "&points=${level}&measure=${quantity}&task=${task}&protocol=${protocol}&statistic=${statistic}";
    }

    private static void choices(Dashboard board) {
        board.choose(Variable.values("language", "Language", "basin_study_info", "language", true));
        board.choose(new Variable(
                "study",
                "Study",
                "query_result(basin_study_info{language=~\"$language\"})",
                "/name=\"(?<text>[^\"]+)\".*study=\"(?<value>[^\"]+)\"/",
                false));
        // The live table first, so that the board opens with it; others are answers to other questions.
        board.choose(new Variable(
                "generation",
                "Generation",
                "query_result(sort_desc(1 + 0 * max by (generation) (basin_correlation_runs{" + STUDY
                        + ",generation=\"live\"}) or 0 * max by (generation) (basin_correlation_runs{" + STUDY + "})))",
                "/generation=\"([^\"]+)\"/",
                false));
        board.choose(headlineFirst("task", "Task", "comparison=\"matched\""));
        board.choose(headlineFirst("protocol", "Protocol", "comparison=\"matched\""));
        board.choose(headlineFirst("quantity", "Flatness by", "measure=~\".+trace\"", "measure"));
        board.choose(Variable.values(
                "estimator", "Estimator", "basin_flatness_trace_nats{" + STUDY + "}", "estimator", true));
        board.choose(headlineFirst("level", "Matched at (nats)", "comparison=\"matched\""));
        board.choose(headlineFirst("comparison", "Among", "comparison=~\"matched.*\""));
        board.choose(headlineFirst("statistic", "Statistic", "comparison=\"$comparison\""));
    }

    private static Variable headlineFirst(String label, String text, String selector) {
        return headlineFirst(label, text, selector, label);
    }

    /** A label's values, that of the row of which the page's headline speaks first, so that the board opens with it. */
    private static Variable headlineFirst(String name, String text, String selector, String label) {
        String query = "query_result(sort_desc(max by (" + label + ") (basin_headline_info{" + STUDY
                + "}) or 0 * max by (" + label + ") (basin_correlation_runs{" + STUDY + "," + selector + "})))";
        return new Variable(name, text, query, "/" + label + "=\"([^\"]+)\"/", false);
    }

    private static void marks(Dashboard board) {
        board.mark(new Annotation(
                "Runs ended",
                "changes(basin_study_runs_ended_runs{" + STUDY + "}[$__interval]) > 0",
                "light-blue",
                "A run of {{study}} has finished or failed."));
        board.mark(new Annotation(
                "Study done",
                "(max by (study) (basin_study_measurements_done_measurements{" + STUDY + "}) == max by (study)"
                        + " (basin_study_measurements_wanted_measurements{" + STUDY + "})) and on (study)"
                        + " (max by (study) (basin_study_runs_ended_runs{" + STUDY + "}) == max by (study)"
                        + " (basin_study_runs_declared_runs{" + STUDY + "}))",
                "green",
                "All runs of {{study}} have ended and everything wanted has been measured."));
        board.mark(new Annotation(
                "Dead letters",
                "sum by (topic, kind) (increase(basin_dead_letters_records_total[$__interval])) > 0",
                "red",
                "A record of {{topic}} was given up: {{kind}}."));
    }

    /** The rows of the table of correlations that the choices name, with more conditions. */
    static String chosen(String metric, String more) {
        return "max by (comparison, level, measure, statistic) (" + metric + "{" + STUDY
                + ",generation=\"$generation\",task=\"$task\",protocol=\"$protocol\""
                + (more.isEmpty() ? "" : "," + more) + "})";
    }

    /** The row of a measure at the chosen level, among the runs that the choice names. */
    static String matched(String metric, String measure) {
        return chosen(
                metric,
                "comparison=\"$comparison\",level=\"$level\",measure=\"" + measure + "\",statistic=\"$statistic\"");
    }

    /** An expression that is "not a number" where it finds nothing, which panels of numbers can put into words. */
    static String orNone(String expression) {
        return expression + " or on () vector(NaN)";
    }

    /** A gauge of the study. */
    static String ofStudy(String metric) {
        return "max by (study) (" + metric + "{" + STUDY + "})";
    }

    /** A gauge of the study's runs, with more conditions, by labels. */
    static String ofRuns(String metric, String labels, String more) {
        return "max by (" + labels + ") (" + metric + "{" + STUDY + (more.isEmpty() ? "" : "," + more) + "})";
    }

    /** A loss of the study's runs, whichever its kind: over the optimum, or of held-out sentences where that is unknown. */
    static String lossOfRuns(String metric, String labels, String more) {
        String where = "{" + STUDY + (more.isEmpty() ? "" : "," + more) + "}";
        return "max by (" + labels + ") ("
                + LOSSES.stream().map(kind -> metric.formatted(kind) + where).collect(Collectors.joining(" or "))
                + ")";
    }

    /** Gives every value a link to the page. */
    static Panel linked(Panel panel) {
        return panel.link("Open this study on Basin's page", page("${study}"));
    }
}
