package basin.dashboards;

/** The dashboard of one study: the numbers of the live page, in its order. */
final class StudyBoard {
    private static final String STUDY = "study=\"$study\"";
    private static final String QUESTION = "question=\"$question\"";
    private static final String TASK = "task=\"$task\",protocol=\"$protocol\"";

    /** Labels that identify a row of the table of correlations within the board's selection. */
    private static final String ROW = "comparison, level, measure, statistic, conditioned_on";

    private StudyBoard() {}

    static Dashboard board() {
        Dashboard board = Dashboard.of(
                "study",
                "Study",
                "Of models with the same pre-training loss, do the flatter ones do better? The numbers of the live"
                        + " page, in the same order.");
        choices(board);
        marks(board);
        board.link("Basin's page", page("$study"));
        StudyAnswer.add(board);
        StudyTables.add(board);
        StudyArms.add(board);
        StudyTables.addRuns(board);
        return board;
    }

    /** Returns the page's address with the dashboard's selection. */
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
        // The study's own first, so that it is selected initially; the others are answers to other
        // questions.
        board.choose(new Variable(
                "question",
                "Question",
                "query_result(sort_desc(1 + 0 * max by (question) (basin_correlation_info{" + STUDY
                        + ",question=\"live\"}) or 0 * max by (question) (basin_correlation_info{" + STUDY + "})))",
                "/question=\"([^\"]+)\"/",
                false));
        board.choose(headlineFirst("task", "task", "Task", ""));
        board.choose(headlineFirst("protocol", "protocol", "Protocol", ""));
        board.choose(headlineFirst("quantity", "measure", "Flatness by", "measure=~\".+trace\""));
        board.choose(Variable.values(
                "estimator", "Estimator", "basin_flatness_trace_nats{" + STUDY + "}", "estimator", true));
        board.choose(headlineFirst("level", "level", "One point per run, at (nats)", TASK + ",level!=\"all\""));
        board.choose(headlineFirst(
                "comparison", "comparison", "Among", TASK + ",level=\"$level\",comparison!~\"partial.*\""));
        board.choose(headlineFirst(
                "statistic", "statistic", "Statistic", TASK + ",level=\"$level\",comparison=\"$comparison\""));
    }

    /**
     * Returns a variable for a label's values. The value of the headline's row is first, so that it
     * is selected initially.
     */
    private static Variable headlineFirst(String name, String label, String text, String selector) {
        String rows = STUDY + "," + QUESTION + (selector.isEmpty() ? "" : "," + selector);
        String query = "query_result(sort_desc(max by (" + label + ") (basin_headline_info{" + rows
                + "}) or 0 * max by (" + label + ") (basin_correlation_info{" + rows + "})))";
        return new Variable(name, text, query, "/" + label + "=\"([^\"]+)\"/", false);
    }

    private static void marks(Dashboard board) {
        board.mark(new Annotation(
                "Runs ended",
                "changes(basin_study_ended_runs{" + STUDY + "}[$__interval]) > 0",
                "light-blue",
                "A run of {{study}} has finished or failed."));
        board.mark(new Annotation(
                "Study done",
                "(max by (study) (basin_study_done_measurements{" + STUDY + "}) == max by (study)"
                        + " (basin_study_wanted_measurements{" + STUDY + "})) and on (study)"
                        + " (max by (study) (basin_study_ended_runs{" + STUDY + "}) == max by (study)"
                        + " (basin_study_declared_runs{" + STUDY + "}))",
                "green",
                "All runs of {{study}} have ended and all requested measurements are done."));
        board.mark(new Annotation(
                "Dead letters",
                "sum by (topic, kind) (increase(basin_dead_letters_records_total[$__interval])) > 0",
                "red",
                "A record of {{topic}} became a dead letter: {{kind}}."));
    }

    /**
     * Returns numbers of the selected rows of the table of correlations, with additional
     * conditions. A number has the row's label alone, and the row's other labels are those of its
     * description.
     */
    static String chosen(String metric, String more) {
        return "max by (" + ROW + ") (" + metric + " * on (row) group_left (" + ROW + ") max by (row, " + ROW
                + ") (basin_correlation_info{" + STUDY
                + "," + QUESTION + "," + TASK
                + (more.isEmpty() ? "" : "," + more) + "}))";
    }

    /** Returns the row of a measure at the selected level, in the selected comparison. */
    static String matched(String metric, String measure) {
        return chosen(
                metric,
                "comparison=\"$comparison\",level=\"$level\",measure=\"" + measure + "\",statistic=\"$statistic\"");
    }

    /**
     * Returns an expression whose value is NaN if it finds nothing, for which panels of numbers can
     * show a text.
     */
    static String orNone(String expression) {
        return expression + " or on () vector(NaN)";
    }

    /**
     * Returns an expression whose value is 0 if it finds nothing, with a text in one of its labels,
     * so that a table says that there is nothing.
     */
    static String orText(String expression, String label, String text) {
        return expression + " or on () label_replace(vector(0), \"" + label + "\", \"" + text + "\", \"\", \"\")";
    }

    /** Returns a gauge of the study. */
    static String ofStudy(String metric) {
        return "max by (study) (" + metric + "{" + STUDY + "})";
    }

    /**
     * Returns a gauge of the study's runs, with additional conditions, grouped by labels. A number
     * has the run's id alone, and its label and size are those of the run's description.
     */
    static String ofRuns(String metric, String labels, String more) {
        return ofRuns(metric, labels, more, "");
    }

    /** Returns the same times another gauge of the runs; empty for none. */
    static String ofRuns(String metric, String labels, String more, String times) {
        return "max by (" + labels + ") (" + metric + "{" + STUDY + (more.isEmpty() ? "" : "," + more) + "}"
                + (times.isEmpty() ? "" : " * on (study, run) group_left () max by (study, run) (" + times + ")")
                + " * on (study, run) group_left (label, size) max by (study, run, label, size) (basin_run_info{"
                + STUDY + "}))";
    }

    /** Adds a link to the page to every value. */
    static Panel linked(Panel panel) {
        return panel.link("Open this study on Basin's page", page("${study}"));
    }
}
