package basin.aggregator.report;

import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.events.CorrelationRow;
import basin.events.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer as one HTML file that needs nothing beside itself: no script, no network, its one style sheet allowed by hash. Pure: the
 * same answer gives the same bytes.
 */
public final class HtmlReport {
    static final double NORMAL_95 = 1.959964;
    private static final String LAST = "last";

    private final StudyView view;
    private final Asked asked;
    private final StringBuilder page = new StringBuilder();

    private HtmlReport(StudyView view, Asked asked) {
        this.view = view;
        this.asked = asked;
    }

    /** The file's text, UTF-8. */
    public static String of(StudyView view, Asked asked) {
        HtmlReport report = new HtmlReport(view, asked);
        report.write();
        return report.page.toString();
    }

    private void write() {
        raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src " + Style.source()
                + "; base-uri 'none'; form-action 'none'\">\n");
        raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        raw("<title>" + escape(view.name()) + ", " + escape(asked.generation()) + " · Basin</title>\n");
        raw("<style>" + Style.SHEET + "</style>\n</head>\n<body>\n<main>\n");
        tag("p", "soft", "Study " + view.studyId() + ", reanalysed: " + asked.generation());
        tag("h1", "", view.headline());
        if (!view.more().isEmpty()) {
            tag("p", "", view.more());
        }
        tag("p", "registration", ResultTable.registration(view));
        view.claim()
                .filter(claim -> !view.headline().equals(claim.sentence()))
                .ifPresent(claim -> tag("p", "", claim.sentence()));
        asked.remarks().forEach(remark -> tag("p", "", remark));
        figures();
        table();
        raw(ArmFigure.of(view));
        raw(ReportRankings.of(view, primary()));
        raw(ReportBudgets.of(view, primary()));
        runs();
        question();
        raw("</main>\n</body>\n</html>\n");
    }

    private void figures() {
        tag("h2", "", "Flatness beside loss");
        raw("<p class=\"soft\">");
        for (int i = 0; i < view.sizes().size(); i++) {
            raw(Svg.legend(i) + " " + escape(view.sizes().get(i).name()) + " ");
        }
        raw("</p>\n");
        List<String> levels = new ArrayList<>();
        primary().flatMap(StudyView.RowView::level).map(String::valueOf).ifPresent(levels::add);
        view.levels().stream()
                .map(String::valueOf)
                .filter(level -> !levels.contains(level))
                .forEach(levels::add);
        levels.add(LAST);
        boolean first = true;
        for (String task : view.tasks()) {
            for (String protocol : view.protocols()) {
                for (String level : levels) {
                    String title = "Task " + task + ", " + protocol + ", "
                            + (level.equals(LAST)
                                    ? "last checkpoints"
                                    : "at equal loss, " + view.loss().level() + " " + level + " nats");
                    raw(
                            first
                                    ? "<h3>" + escape(title) + "</h3>\n"
                                    : "<details><summary>" + escape(title) + "</summary>\n");
                    pair(title, task, protocol, level);
                    raw(first ? "" : "</details>\n");
                    first = false;
                }
            }
        }
    }

    private Optional<StudyView.RowView> primary() {
        return view.rows().stream().filter(StudyView.RowView::primary).findFirst();
    }

    private void pair(String title, String task, String protocol, String level) {
        PointFigures figures = PointFigures.of(view, title, task, protocol, level);
        if (figures.losses().isEmpty()) {
            tag("p", "soft", "No run has a point here.");
            return;
        }
        raw("<div class=\"pair\">\n");
        if (!figures.flatness().isEmpty()) {
            figure(figures.flatness(), figures.flatnessCaption());
        }
        figure(figures.losses(), figures.lossCaption());
        raw("</div>\n");
    }

    private void figure(String svg, String caption) {
        raw("<figure>" + svg + "<figcaption>" + escape(caption) + "</figcaption></figure>\n");
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** Which of the sizes a run is of, from 0. */
    static int group(StudyView view, StudyView.Run run) {
        List<String> names = view.sizes().stream().map(StudyView.Size::name).toList();
        return Math.max(0, names.indexOf(run.size()));
    }

    private void table() {
        tag("h2", "", "Correlations");
        raw("<div class=\"scroll\"><table><caption>With accuracy above the untrained network; one point a run; seed "
                + view.seed() + "; intervals at " + percent(view.confidence())
                + ". Flatness is −ln of the trace, loss is −"
                + view.loss().level() + ".</caption>\n<thead><tr>");
        for (String head : List.of(
                "registration",
                "task",
                "protocol",
                "compared",
                "statistic",
                "measure",
                "value",
                "interval",
                "n",
                "p",
                "remark")) {
            raw("<th scope=\"col\">" + head + "</th>");
        }
        raw("</tr></thead>\n<tbody>\n");
        for (StudyView.RowView row : view.rows()) {
            Finding finding = row.finding();
            raw(row.primary() ? "<tr class=\"primary\">" : "<tr>");
            cell(row.registration());
            cell(row.task());
            cell(row.protocol());
            cell(row.compared());
            cell(row.statistic());
            cell(row.measure());
            cell(finding.value().map(HtmlReport::correlation).orElse("none"));
            cell(finding.interval()
                    .map(interval -> correlation(interval.low()) + " to " + correlation(interval.high()))
                    .orElse(""));
            cell(finding.runs() + " of " + finding.declared());
            cell(finding.p().map(HtmlReport::probability).orElse(""));
            cell(remark(row));
            raw("</tr>\n");
        }
        raw("</tbody></table></div>\n");
    }

    private static String remark(StudyView.RowView row) {
        Finding finding = row.finding();
        String status = finding.status() == Finding.Status.ESTIMATE
                ? ""
                : finding.status().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ". ";
        String provisional = finding.provisional() ? "provisional. " : "";
        String description = row.comparison() == CorrelationRow.Comparison.ALL_CHECKPOINTS ? "description. " : "";
        return (status + provisional + description + finding.note()).strip();
    }

    private void runs() {
        tag("h2", "", "Runs");
        tag(
                "p",
                "soft",
                capital(view.loss().quantity()) + " in nats, logarithmic, by step; one scale for all."
                        + (view.loss().aboveOptimum() ? "" : " The best there can be is unknown."));
        raw("<div class=\"runs\">\n");
        Axis scale = Axis.around(
                view.runs().stream()
                        .flatMap(run -> run.losses().stream())
                        .map(loss -> loss.excess().value())
                        .toList(),
                true,
                0,
                1);
        for (StudyView.Run run : view.runs()) {
            List<Svg.Value> values = run.losses().stream()
                    .map(loss -> new Svg.Value(
                            loss.step(), loss.excess().value(), loss.excess().standardError()))
                    .toList();
            String told = run.label() + ": " + run.state()
                    + (run.reason().isEmpty() ? "" : ", " + run.reason())
                    + (run.losses().isEmpty()
                            ? ""
                            : ", " + view.loss().level() + " "
                                    + number(run.losses().getLast().excess().value()));
            figure(Svg.curve(told, values, scale, group(view, run)), told);
        }
        raw("</div>\n");
    }

    private void question() {
        tag("h2", "", "What was asked");
        raw("<dl>\n");
        entry("study", view.studyId() + " (" + view.state() + ")");
        entry(
                "revision",
                view.revision().events() + " events, digest " + view.revision().digest());
        entry("seed", String.valueOf(view.seed()));
        entry("levels", view.levels() + " nats, at most " + view.band() + " below");
        entry("confidence", percent(view.confidence()));
        view.claim().ifPresent(claim -> entry("registered claim", claim.statement() + " SHA-256 " + claim.sha256()));
        entry("generation", asked.generation());
        if (!asked.measured().isEmpty()) {
            entry("measured anew", asked.measured());
        }
        entry("analysis file", "SHA-256 " + asked.hash());
        raw("</dl>\n<pre>" + escape(asked.text()) + "</pre>\n");
        tag("h2", "", "How to get this again");
        tag("p", "", "The same record and the same analysis file give the same numbers, byte for byte:");
        raw("<pre>" + escape(asked.command()) + "</pre>\n");
        tag(
                "p",
                "soft",
                "Beside this file lie table.csv, points.csv and points.arrow with every number, view.json with all of"
                        + " it, and history.om with event times for promtool tsdb create-blocks-from openmetrics.");
    }

    private void entry(String name, String value) {
        raw("<dt>" + escape(name) + "</dt><dd>" + escape(value) + "</dd>\n");
    }

    private void cell(String text) {
        raw("<td>" + escape(text) + "</td>");
    }

    private void tag(String name, String type, String text) {
        raw("<" + name + (type.isEmpty() ? "" : " class=\"" + type + "\"") + ">" + escape(text) + "</" + name + ">\n");
    }

    private void raw(String markup) {
        page.append(markup);
    }

    private static String escape(String text) {
        return Html.escape(text);
    }

    static String symbol(String measure) {
        return switch (measure) {
            case "hessian.trace" -> "tr H";
            case "fisher.trace" -> "tr F";
            case "adaptive.trace" -> "tr |θ|H|θ|";
            default -> measure;
        };
    }

    static String percent(double share) {
        return Axis.label(100 * share) + " %";
    }

    static String number(double value) {
        return Axis.label(Double.parseDouble(String.format(Locale.ROOT, "%.3g", value)));
    }

    static String correlation(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.equals("-0.00") ? "0.00" : text.replace('-', '−');
    }

    static String probability(double p) {
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, p < 0.01 ? "%.4f" : "%.3f", p);
    }
}
