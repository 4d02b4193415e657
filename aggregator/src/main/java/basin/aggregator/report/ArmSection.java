package basin.aggregator.report;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.view.ArmTable;
import basin.aggregator.view.StudyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The arms of a study beside the one of reference, as a part of a report: dots with intervals, a figure a measure, and the table. Pure. */
final class ArmFigure {
    private static final int LEFT = 250;
    private static final int RIGHT = 464;
    private static final int ROW = 22;
    private static final int TOP = 10;

    private ArmFigure() {}

    /** Markup; empty where the study has one arm alone. */
    static String of(StudyView view) {
        if (view.arms().isEmpty()) {
            return "";
        }
        StringBuilder page = new StringBuilder("<h2>Arms beside ")
                .append(Html.escape(view.arms().getFirst().reference()))
                .append("</h2>\n<p class=\"soft\">")
                .append(Html.escape(ArmTable.caption(view)))
                .append("</p>\n");
        record Place(ArmRow.At at, Optional<Double> level) {}
        List<Place> places = view.arms().stream()
                .map(row -> new Place(row.at(), row.level()))
                .distinct()
                .toList();
        boolean first = true;
        for (Place place : places) {
            List<ArmRow> rows = ArmTable.at(view, place.at(), place.level());
            if (!rows.isEmpty()) {
                page.append(first ? "<h3>" : "<details><summary>")
                        .append(Html.escape(ArmTable.compared(view, rows.getFirst())))
                        .append(first ? "</h3>\n" : "</summary>\n");
                figures(page, view, rows);
                page.append(first ? "" : "</details>\n");
                first = false;
            }
        }
        table(page, view);
        return page.toString();
    }

    private static void figures(StringBuilder page, StudyView view, List<ArmRow> rows) {
        page.append("<div class=\"pair\">\n");
        for (String title :
                rows.stream().map(row -> ArmTable.title(view, row)).distinct().toList()) {
            List<ArmRow> own = rows.stream()
                    .filter(row -> ArmTable.title(view, row).equals(title))
                    .toList();
            page.append("<figure>")
                    .append(dots(title, own))
                    .append("<figcaption>")
                    .append(Html.escape(title + ": arm less " + own.getFirst().reference()))
                    .append("</figcaption></figure>\n");
        }
        page.append("</div>\n");
    }

    /** A dot with its interval an arm, and a line at no difference. */
    static String dots(String title, List<ArmRow> rows) {
        int bottom = TOP + ROW * rows.size();
        List<Double> ends = new ArrayList<>(List.of(0.0));
        rows.forEach(row -> row.interval().ifPresent(one -> ends.addAll(List.of(one.low(), one.high()))));
        Axis x = Axis.around(ends, false, LEFT, RIGHT);
        StringBuilder svg = Svg.open(title, 480, bottom + 26, "figure");
        for (double tick : x.ticks()) {
            Svg.line(svg, "grid", x.place(tick), TOP, x.place(tick), bottom);
            Svg.text(svg, "tick middle", x.place(tick), bottom + 16, Axis.label(tick));
        }
        Svg.line(svg, "axis", x.place(0), TOP, x.place(0), bottom);
        for (int i = 0; i < rows.size(); i++) {
            ArmRow row = rows.get(i);
            double y = TOP + ROW * (i + .5);
            Svg.text(svg, "tick end", LEFT - 8, y + 4, row.arm());
            svg.append("<g class=\"s")
                    .append(i % Style.GROUPS)
                    .append("\"><title>")
                    .append(Html.escape(told(title, row)))
                    .append("</title>");
            row.interval().ifPresent(one -> Svg.line(svg, "bar", x.place(one.low()), y, x.place(one.high()), y));
            Svg.mark(svg, i, x.place(row.value().orElseThrow()), y);
            svg.append("</g>");
        }
        return svg.append("</svg>").toString();
    }

    private static String told(String title, ArmRow row) {
        return row.arm() + ", " + title + ": " + value(row) + ", " + row.pairs()
                + (row.pairs() == 1 ? " pair" : " pairs") + ". " + row.note();
    }

    private static String value(ArmRow row) {
        return ArmTable.number(row, row.value().orElseThrow())
                + row.interval()
                        .map(one -> " (" + ArmTable.number(row, one.low()) + " to " + ArmTable.number(row, one.high())
                                + ")")
                        .orElse("");
    }

    private static void table(StringBuilder page, StudyView view) {
        page.append("<div class=\"scroll\"><table><thead><tr>");
        for (String head : List.of("arm", "compared", "measure", "arm less reference", "n", "p", "remark")) {
            page.append("<th scope=\"col\">").append(head).append("</th>");
        }
        page.append("</tr></thead>\n<tbody>\n");
        for (ArmRow row : view.arms()) {
            page.append("<tr>");
            for (String cell : List.of(
                    row.arm(),
                    ArmTable.compared(view, row),
                    ArmTable.title(view, row),
                    row.value().isPresent() ? value(row) : "none",
                    row.pairs() + " of " + row.possible(),
                    row.p().map(one -> String.format(Locale.ROOT, "%.2g", one)).orElse(""),
                    ((row.provisional() ? "provisional. " : "") + row.note()).strip())) {
                page.append("<td>").append(Html.escape(cell)).append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div>\n");
    }
}
