package basin.dashboards;

import java.util.List;
import java.util.Map;

/**
 * The scatter plots of flatness and of loss, with one point per run. Each point is in a cross whose
 * arms are one standard error long. A cross is a separate series: a line from end to end of one
 * interval, back to the middle, and from end to end of the other.
 */
final class StudyScatter {
    private static final String RUN = "run, label, size";
    private static final String ACCURACY = "Accuracy above untrained";
    private static final String CROSS =
            "One point per run at the chosen level, coloured by size, with one standard error"
                    + " in each direction; higher is better. ";
    private static final String COUNT = " The number of points is n.";
    /** Value columns of the joined tables. */
    private static final String X = "Value #A";

    private static final String Y = "Value #B";

    private StudyScatter() {}

    static Panel flatness() {
        String trace = StudyBoard.ofRuns("basin_matched_flatness_nats", RUN, level("quantity=\"$quantity\""));
        String error = StudyBoard.ofRuns("basin_matched_flatness_stderr_nats", RUN, level("quantity=\"$quantity\""));
        // As on the page: if the error is as large as the trace, the interval ends at a tenth of
        // the trace.
        String min = "(" + trace + " - " + error + " > 0 or " + trace + " / 10)";
        return chart(
                "Flatness and accuracy",
                "Flatness is −ln of the trace: one unit more is a trace 2.7 times smaller. If flatness predicts"
                        + " accuracy, the points rise to the right.",
                "Flatness, −ln trace",
                1,
                new Measured(logarithm(trace), logarithm(trace + " + " + error), logarithm(min)));
    }

    static Panel loss() {
        return chart(
                "Loss and accuracy",
                "Loss is the KL divergence from the optimum, or the held-out loss where the optimum is unknown;"
                    + " smaller is better. At one level it is nearly the same for all runs, so these points should not"
                    + " rise.",
                "Loss, nats",
                3,
                Measured.of(
                        StudyBoard.ofRuns("basin_matched_loss_nats", RUN, level("")),
                        StudyBoard.ofRuns("basin_matched_loss_stderr_nats", RUN, level(""))));
    }

    private static Panel chart(String title, String description, String name, int decimals, Measured x) {
        String task = level("task=\"$task\",protocol=\"$protocol\"");
        Measured y = Measured.of(
                StudyBoard.ofRuns("basin_matched_accuracy_ratio", RUN, task),
                StudyBoard.ofRuns("basin_matched_accuracy_stderr_ratio", RUN, task));
        Panel panel = Panel.points(title, Unit.SHARE, CROSS + description + COUNT, X, Y)
                .ask(Query.table(x(x)))
                .ask(Query.table(y(y)))
                .forField(
                        X,
                        // Only the axis shows the unit.
                        Json.property("unit", Unit.NUMBER.id()),
                        Json.property("decimals", decimals),
                        Json.property("custom.axisLabel", name),
                        Json.property("displayName", name))
                .forField(
                        Y,
                        Json.property("custom.axisLabel", ACCURACY),
                        Json.property("displayName", "${__field.labels.series}"))
                .forFields(
                        "/^±/",
                        Json.property("custom.show", "lines"),
                        Json.property("custom.hideFrom", Map.of("legend", true, "tooltip", true, "viz", false)),
                        Json.property("color", Map.of("mode", "fixed", "fixedColor", "#8e8e8e")))
                .transform("joinByField", Map.of("byField", "at", "mode", "inner"))
                // Crosses first, each in the order of its line, so that points are drawn above
                // them.
                .transform("sortBy", Map.of("sort", List.of(Map.of("field", "end", "desc", true))))
                .transform(
                        "organize",
                        Map.of(
                                "excludeByName",
                                Map.of("Time", true, "Time 1", true, "Time 2", true, "at", true, "end", true)))
                .transform(
                        "partitionByValues",
                        Map.of("fields", List.of("series"), "keepFields", false, "naming", Map.of("asLabels", true)));
        return StudyBoard.linked(panel);
    }

    /** Returns the table of x values: points by size, and crosses by run. */
    private static String x(Measured x) {
        return at(series(x.value(), "$1", "size") + " or "
                + series(ends(x.low(), x.high(), x.value(), x.value(), x.value()), "± $1", "label"));
    }

    /** Returns the table of y values, whose rows are joined with those of x by position. */
    private static String y(Measured y) {
        return "max by (at) (" + at(y.value() + " or " + ends(y.value(), y.value(), y.value(), y.low(), y.high()))
                + ")";
    }

    private static String at(String rows) {
        return "label_join(" + rows + ", \"at\", \" \", \"run\", \"end\")";
    }

    private static String series(String rows, String name, String label) {
        return "label_replace(" + rows + ", \"series\", \"" + name + "\", \"" + label + "\", \"(.+)\")";
    }

    private static String ends(String... values) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            rows.append(i == 0 ? "" : " or ")
                    .append("label_replace(")
                    .append(values[i])
                    .append(", \"end\", \"")
                    .append(i + 1)
                    .append("\", \"\", \"\")");
        }
        return rows.toString();
    }

    private static String level(String more) {
        return "level=\"$level\"" + (more.isEmpty() ? "" : "," + more);
    }

    private static String logarithm(String trace) {
        return "-ln(" + trace + " > 0)";
    }

    /** A value and the ends of its interval, as expressions. */
    private record Measured(String value, String low, String high) {
        static Measured of(String value, String error) {
            return new Measured(value, value + " - " + error, value + " + " + error);
        }
    }
}
