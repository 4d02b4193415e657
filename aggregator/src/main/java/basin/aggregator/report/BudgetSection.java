package basin.aggregator.report;

import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.aggregator.view.StudyView;
import basin.record.Finding;
import basin.study.Association;
import basin.study.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Accuracies and correlations by number of labels, for protocols that have several such numbers.
 * Pure functions.
 *
 * @param level empty for last checkpoints
 */
record BudgetSection(StudyView view, StudyView.Budget budget, String task, Optional<Double> level) {

    /**
     * Returns two figures for each task, protocol and level; nothing if no protocol has several
     * numbers of labels.
     */
    static List<Block> of(StudyView view, List<Optional<Double>> levels) {
        List<Block> blocks = new ArrayList<>();
        for (StudyView.Budget budget : view.budgets()) {
            for (String task : view.tasks()) {
                for (Optional<Double> level : levels) {
                    blocks.add(new BudgetSection(view, budget, task, level).details(blocks.isEmpty()));
                }
            }
        }
        if (!blocks.isEmpty()) {
            blocks.addFirst(new Block.Heading(2, "Numbers of labels"));
        }
        return blocks;
    }

    private Block details(boolean open) {
        String title = PointFigures.title(view, task, budget.name(), level);
        List<Svg.Series> accuracies = accuracies();
        if (accuracies.isEmpty()) {
            return new Block.Details(title, open, List.of(new Block.Paragraph("No run has a point here.", true)));
        }
        List<Block.Figure> figures = new ArrayList<>();
        figures.add(new Block.Figure(
                "labels-accuracy",
                Svg.series("Accuracy by labels. " + title, "labels, logarithmic", "accuracy", accuracies),
                Numbers.plural(accuracies.size(), "run") + "; bars: " + Numbers.percent(view.pointConfidence())
                        + " intervals over repetitions"));
        String measure = view.measures().isEmpty() ? "loss" : view.measures().getFirst();
        List<Svg.Series> correlations = new ArrayList<>();
        correlation(measure, 0).ifPresent(correlations::add);
        if (!measure.equals("loss")) {
            correlation("loss", 1).ifPresent(correlations::add);
        }
        if (!correlations.isEmpty()) {
            figures.add(new Block.Figure(
                    "labels-correlation",
                    Svg.series(
                            "Correlation by labels. " + title,
                            "labels, logarithmic",
                            "Kendall's τ with accuracy above untrained",
                            correlations),
                    Words.symbol(measure) + " (first colour) and loss (second); bars: "
                            + Numbers.percent(view.confidence()) + " intervals; exploratory"));
        }
        return new Block.Details(title, open, List.of(new Block.Figures(figures, false)));
    }

    private List<Svg.Series> accuracies() {
        List<Svg.Series> series = new ArrayList<>();
        for (StudyView.Run run : view.runs()) {
            int group = PointFigures.group(view, run);
            List<Svg.Dot> dots = run.checkpoints().stream()
                    .filter(checkpoint -> PointFigures.stands(checkpoint, level))
                    .findFirst()
                    .map(checkpoint -> budget.points().stream()
                            .flatMap(point -> PointFigures.downstream(checkpoint, task, point.protocol()).stream())
                            .map(down -> dot(run, checkpoint, down, group))
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
        return new Svg.Dot(
                Svg.bar(down.labels(), Optional.empty()),
                down.accuracy(),
                group,
                run.label() + ", step " + Numbers.count(checkpoint.step()) + ", " + down.labels()
                        + " labels: accuracy " + PointFigures.reported(down.accuracy()) + ", "
                        + Numbers.plural(down.repetitions(), "repetition") + ", seed " + down.protocolSeed());
    }

    private Optional<Svg.Series> correlation(String measure, int group) {
        List<Svg.Dot> dots = budget.points().stream()
                .flatMap(point -> view.rows().stream()
                        .filter(row -> row.comparison() == (level.isPresent() ? Comparison.MATCHED : Comparison.RAW)
                                && row.level().equals(level)
                                && row.statistic().equals(Association.KENDALL.id())
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
                Svg.bar(labels, Optional.empty()),
                Svg.bar(value, finding.interval()),
                group,
                measure + ", " + labels + " labels: τ = " + Numbers.correlation(value) + ", "
                        + Numbers.plural(finding.runs(), "run"));
    }
}
