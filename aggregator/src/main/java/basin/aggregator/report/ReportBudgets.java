package basin.aggregator.report;

import basin.aggregator.view.StudyView;
import basin.events.CorrelationRow.Comparison;
import basin.events.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The part of a report that tells what more labels do, where a protocol has several numbers of them. Pure. */
final class ReportBudgets {
    private final StudyView view;
    private final StudyView.Budget budget;
    private final String task;
    private final Optional<Double> level;

    private ReportBudgets(StudyView view, StudyView.Budget budget, String task, Optional<Double> level) {
        this.view = view;
        this.budget = budget;
        this.task = task;
        this.level = level;
    }

    /** Markup: two figures a task, protocol and level; empty where no protocol has several numbers of labels. */
    static String of(StudyView view, Optional<StudyView.RowView> primary) {
        StringBuilder page = new StringBuilder();
        List<Optional<Double>> levels = new ArrayList<>();
        primary.map(StudyView.RowView::level).ifPresent(levels::add);
        view.levels().stream()
                .map(Optional::of)
                .filter(one -> !levels.contains(one))
                .forEach(levels::add);
        if (!levels.contains(Optional.<Double>empty())) {
            levels.add(Optional.empty());
        }
        for (StudyView.Budget budget : view.budgets()) {
            for (String task : view.tasks()) {
                for (Optional<Double> level : levels) {
                    new ReportBudgets(view, budget, task, level).write(page);
                }
            }
        }
        return page.isEmpty() ? "" : "<h2>Numbers of labels</h2>\n" + page;
    }

    private void write(StringBuilder page) {
        String title = "Task " + task + ", " + budget.name() + ", "
                + level.map(own -> "at equal loss, " + view.loss().level() + " " + own + " nats")
                        .orElse("last checkpoints");
        List<Svg.Series> accuracies = accuracies();
        boolean first = page.isEmpty();
        page.append("<details class=\"budget\"").append(first ? " open" : "").append("><summary>");
        page.append(Html.escape(title)).append("</summary>\n");
        if (accuracies.isEmpty()) {
            page.append("<p class=\"soft\">No run has a point here.</p>\n</details>\n");
            return;
        }
        page.append("<div class=\"pair\">\n");
        figure(
                page,
                Svg.series("Accuracy by labels. " + title, "labels, logarithmic", "accuracy", accuracies),
                accuracies.size() + " runs; bars: 95 % (normal) over repetitions");
        String measure = view.measures().isEmpty() ? "loss" : view.measures().getFirst();
        List<Svg.Series> correlations = new ArrayList<>();
        correlation(measure, 0).ifPresent(correlations::add);
        if (!measure.equals("loss")) {
            correlation("loss", 1).ifPresent(correlations::add);
        }
        if (!correlations.isEmpty()) {
            figure(
                    page,
                    Svg.series(
                            "Correlation by labels. " + title,
                            "labels, logarithmic",
                            "Kendall's τ with accuracy above untrained",
                            correlations),
                    HtmlReport.symbol(measure) + " (first colour) and loss (second); bars: "
                            + HtmlReport.percent(view.confidence()) + " interval; exploratory");
        }
        page.append("</div>\n</details>\n");
    }

    private static void figure(StringBuilder page, String svg, String caption) {
        page.append("<figure>")
                .append(svg)
                .append("<figcaption>")
                .append(Html.escape(caption))
                .append("</figcaption></figure>\n");
    }

    private List<Svg.Series> accuracies() {
        List<Svg.Series> series = new ArrayList<>();
        for (StudyView.Run run : view.runs()) {
            int group = HtmlReport.group(view, run);
            List<Svg.Dot> dots = run.checkpoints().stream()
                    .filter(checkpoint ->
                            level.map(checkpoint.matched()::contains).orElse(checkpoint.last()))
                    .findFirst()
                    .map(checkpoint -> budget.points().stream()
                            .flatMap(point -> checkpoint.downstream().stream()
                                    .filter(down -> down.task().equals(task)
                                            && down.protocol().equals(point.protocol()))
                                    .limit(1)
                                    .map(down -> dot(run, checkpoint, down, group)))
                            .toList())
                    .orElse(List.of());
            if (!dots.isEmpty()) {
                series.add(new Svg.Series(group, dots));
            }
        }
        return series;
    }

    private static Svg.Dot dot(
            StudyView.Run run, StudyView.Checkpoint checkpoint, StudyView.Downstream down, int group) {
        double value = down.accuracy().value();
        double error = HtmlReport.NORMAL_95 * down.accuracy().standardError();
        return new Svg.Dot(
                down.labels(),
                down.labels(),
                down.labels(),
                value,
                value - error,
                value + error,
                group,
                run.label() + ", step " + checkpoint.step() + ", " + down.labels() + " labels: accuracy "
                        + HtmlReport.number(value) + " (standard error "
                        + HtmlReport.number(down.accuracy().standardError()) + ", " + down.repetitions()
                        + " repetitions, seed " + down.seed() + ")");
    }

    private Optional<Svg.Series> correlation(String measure, int group) {
        List<Svg.Dot> dots = IntStream.range(0, budget.points().size())
                .mapToObj(budget.points()::get)
                .flatMap(point -> view.rows().stream()
                        .filter(row -> row.comparison() == (level.isPresent() ? Comparison.MATCHED : Comparison.RAW)
                                && row.level().equals(level)
                                && row.statistic().equals("kendall")
                                && row.measure().equals(measure)
                                && row.task().equals(task)
                                && row.protocol().equals(point.protocol()))
                        .map(StudyView.RowView::finding)
                        .filter(finding -> finding.status() == Finding.Status.ESTIMATE)
                        .map(finding -> dot(measure, point.labels(), finding, group)))
                .toList();
        return dots.isEmpty() ? Optional.empty() : Optional.of(new Svg.Series(group, dots));
    }

    private static Svg.Dot dot(String measure, int labels, Finding finding, int group) {
        double value = finding.value().orElse(0.0);
        return new Svg.Dot(
                labels,
                labels,
                labels,
                value,
                finding.interval().map(own -> own.low()).orElse(value),
                finding.interval().map(own -> own.high()).orElse(value),
                group,
                measure + ", " + labels + " labels: τ = " + HtmlReport.correlation(value) + ", " + finding.runs()
                        + " runs");
    }
}
