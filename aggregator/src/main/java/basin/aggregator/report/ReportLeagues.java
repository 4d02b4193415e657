package basin.aggregator.report;

import basin.aggregator.analysis.League;
import basin.aggregator.view.StudyView;
import basin.events.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The part of a report that sets every measure beside every other. Pure. */
final class ReportLeagues {
    private ReportLeagues() {}

    /** Markup: a figure and the differences a league; the one of the primary row is open. */
    static String of(StudyView view, Optional<StudyView.RowView> primary) {
        if (view.leagues().isEmpty()) {
            return "";
        }
        StringBuilder page = new StringBuilder("<h2>League of measures</h2>\n"
                + "<p class=\"soft\">Every measure and the loss over the same runs at equal loss. Intervals of"
                + " differences hold together within a league, p is adjusted for its pairs, q for all leagues too."
                + " All of it is exploratory.</p>\n");
        List<League> leagues = view.leagues().stream()
                .sorted(Comparator.comparing(league -> !isOf(league, primary)))
                .toList();
        for (int place = 0; place < leagues.size(); place++) {
            League league = leagues.get(place);
            page.append("<details class=\"league\"")
                    .append(place == 0 ? " open" : "")
                    .append("><summary>");
            page.append(Html.escape("Task " + league.task() + ", " + league.protocol() + ", at equal loss, "
                    + view.loss().level() + " "
                    + league.level() + " nats"
                    + (league.within().isEmpty() ? "" : ", within one " + String.join(" and ", league.within()))));
            page.append("</summary>\n<p>")
                    .append(Html.escape(league.sentence()))
                    .append("</p>\n");
            if (!league.note().isEmpty()) {
                page.append("<p class=\"soft\">")
                        .append(Html.escape(league.note()))
                        .append("</p>\n");
            }
            page.append("<figure>").append(figure(league)).append("<figcaption>");
            page.append(Html.escape(league.runs() + " of " + league.declared() + " runs in " + league.strata()
                    + " strata; bars: " + HtmlReport.percent(view.confidence()) + " interval of each"));
            page.append("</figcaption></figure>\n");
            differences(page, league);
            page.append("</details>\n");
        }
        return page.toString();
    }

    private static boolean isOf(League league, Optional<StudyView.RowView> primary) {
        return primary.filter(row -> row.task().equals(league.task())
                        && row.protocol().equals(league.protocol())
                        && row.level().equals(Optional.of(league.level())))
                .isPresent();
    }

    private static String figure(League league) {
        return Svg.ranked(
                "League of measures, task " + league.task() + ", " + league.protocol(),
                league.entrants().stream()
                        .map(one -> ranked(one, league.best().equals(Optional.of(one.measure()))))
                        .toList());
    }

    private static Svg.Ranked ranked(League.Entrant one, boolean best) {
        Finding finding = one.finding();
        String label = HtmlReport.symbol(one.measure());
        String told = finding.value()
                .map(value -> "τ = " + HtmlReport.correlation(value)
                        + finding.interval()
                                .map(own -> ", " + HtmlReport.correlation(own.low()) + " to "
                                        + HtmlReport.correlation(own.high()))
                                .orElse(""))
                .orElse(finding.note());
        double value = finding.value().orElse(0.0);
        return new Svg.Ranked(
                label,
                finding.value().isPresent(),
                value,
                finding.interval().map(own -> own.low()).orElse(value),
                finding.interval().map(own -> own.high()).orElse(value),
                one.measure().equals("loss") ? 1 : best ? 2 : 0,
                one.measure() + ": " + told + ", " + finding.runs() + " runs" + (best ? ", tells most" : ""));
    }

    private static void differences(StringBuilder page, League league) {
        if (league.differences().isEmpty()) {
            return;
        }
        page.append("<ul class=\"differences\">\n");
        for (League.Versus one : league.differences()) {
            String told = one.interval()
                    .map(own -> HtmlReport.correlation(one.value()) + " (" + HtmlReport.correlation(own.low()) + " to "
                            + HtmlReport.correlation(own.high()) + "), p "
                            + one.p().map(HtmlReport::probability).orElse("none") + ", q "
                            + one.q().map(HtmlReport::probability).orElse("none"))
                    .orElse("they order the runs alike");
            page.append("<li>")
                    .append(Html.escape("τ of " + one.measure() + " less that of " + one.other() + ": " + told))
                    .append("</li>\n");
        }
        page.append("</ul>\n");
    }
}
