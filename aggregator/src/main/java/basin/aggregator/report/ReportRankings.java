package basin.aggregator.report;

import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.view.StudyView;
import basin.events.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The part of a report that sets every measure beside every other. Pure. */
final class ReportRankings {
    private ReportRankings() {}

    /** Markup: a figure and the differences a ranking; the one of the primary row is open. */
    static String of(StudyView view, Optional<StudyView.RowView> primary) {
        if (view.rankings().isEmpty()) {
            return "";
        }
        StringBuilder page = new StringBuilder("<h2>Ranking of measures</h2>\n"
                + "<p class=\"soft\">Every measure and the loss over the same runs at equal loss. Intervals of"
                + " differences hold together within a ranking, p is adjusted for its pairs, q for all rankings too."
                + " All of it is exploratory.</p>\n");
        List<MeasureRanking> rankings = view.rankings().stream()
                .sorted(Comparator.comparing(ranking -> !isOf(ranking, primary)))
                .toList();
        for (int place = 0; place < rankings.size(); place++) {
            MeasureRanking ranking = rankings.get(place);
            page.append("<details class=\"ranking\"")
                    .append(place == 0 ? " open" : "")
                    .append("><summary>");
            page.append(Html.escape("Task " + ranking.task() + ", " + ranking.protocol() + ", at equal loss, "
                    + view.loss().level() + " "
                    + ranking.level() + " nats"
                    + (ranking.within().isEmpty() ? "" : ", within one " + String.join(" and ", ranking.within()))));
            page.append("</summary>\n<p>")
                    .append(Html.escape(ranking.sentence()))
                    .append("</p>\n");
            if (!ranking.note().isEmpty()) {
                page.append("<p class=\"soft\">")
                        .append(Html.escape(ranking.note()))
                        .append("</p>\n");
            }
            page.append("<figure>").append(figure(ranking)).append("<figcaption>");
            page.append(Html.escape(ranking.runs() + " of " + ranking.declared() + " runs in " + ranking.strata()
                    + " strata; bars: " + HtmlReport.percent(view.confidence()) + " interval of each"));
            page.append("</figcaption></figure>\n");
            differences(page, ranking);
            page.append("</details>\n");
        }
        return page.toString();
    }

    private static boolean isOf(MeasureRanking ranking, Optional<StudyView.RowView> primary) {
        return primary.filter(row -> row.task().equals(ranking.task())
                        && row.protocol().equals(ranking.protocol())
                        && row.level().equals(Optional.of(ranking.level())))
                .isPresent();
    }

    private static String figure(MeasureRanking ranking) {
        return Svg.ranked(
                "Ranking of measures, task " + ranking.task() + ", " + ranking.protocol(),
                ranking.ranked().stream()
                        .map(one -> ranked(one, ranking.best().equals(Optional.of(one.measure()))))
                        .toList());
    }

    private static Svg.Ranked ranked(MeasureRanking.RankedMeasure one, boolean best) {
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

    private static void differences(StringBuilder page, MeasureRanking ranking) {
        if (ranking.differences().isEmpty()) {
            return;
        }
        page.append("<ul class=\"differences\">\n");
        for (MeasureRanking.Difference one : ranking.differences()) {
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
