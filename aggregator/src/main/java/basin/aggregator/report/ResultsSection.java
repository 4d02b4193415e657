package basin.aggregator.report;

import basin.aggregator.analysis.FactorEffect;
import basin.aggregator.analysis.FactorEffects;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.aggregator.view.CorrelationTable;
import basin.aggregator.view.StudyView;
import basin.study.Association;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The results of a study as a section of a Markdown page, with figures as files: every factor,
 * every task, every correlation. Pure functions: the same answer gives the same bytes.
 */
public final class ResultsSection {
    private final StudyView view;
    private final Part part;
    private final Optional<Double> level;
    private final String task;
    private final String protocol;

    /** The part of the results that the section contains. */
    public enum Part {
        /** Everything. */
        ALL,
        /** Everything except correlations at other levels and Pearson's r. */
        SUMMARY,
        /** Only the comparison of the ways of training. */
        ARMS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A section and its figures.
     *
     * @param markdown text of the section, without its markers
     * @param pictures SVG by file name
     */
    public record Made(String markdown, Map<String, String> pictures) {
        public Made {
            pictures = Map.copyOf(pictures);
        }
    }

    /** Takes level, task and protocol from the headline's row. */
    private ResultsSection(StudyView view, Part part) {
        this.view = view;
        this.part = part;
        Optional<StudyView.RowView> primary = view.primary();
        this.level = primary.flatMap(StudyView.RowView::level)
                .or(() -> view.levels().stream().min(Double::compare));
        this.task = primary.map(StudyView.RowView::task).orElse(view.tasks().getFirst());
        this.protocol =
                primary.map(StudyView.RowView::protocol).orElse(view.protocols().getFirst());
    }

    /**
     * Returns the section.
     *
     * @param part part of the results
     * @param folder folder of the figures as the page refers to it, such as {@code pictures}
     * @param command commands that give the same section, one per line
     * @param remarks sentences about the record, such as on what it lacks
     */
    public static Made of(Answer answer, Part part, String folder, String command, List<String> remarks) {
        MarkdownRenderer renderer = new MarkdownRenderer(folder);
        String markdown = renderer.of(new ResultsSection(answer.view(), part).blocks(answer, command, remarks));
        return new Made(markdown, renderer.pictures());
    }

    private List<Block> blocks(Answer answer, String command, List<String> remarks) {
        FactorSection factors = new FactorSection(view, level, task, protocol, part != Part.ALL);
        List<Block> blocks = new ArrayList<>();
        if (part != Part.ARMS) {
            blocks.add(new Block.Paragraph(("**" + view.headline() + "** " + view.more()).strip()));
        }
        remarks.forEach(remark -> blocks.add(new Block.Paragraph("**" + remark + "**")));
        blocks.add(new Block.Paragraph(about()));
        blocks.add(new Block.Code(command));
        if (part == Part.ARMS) {
            blocks.addAll(factors.arms());
            return blocks;
        }
        if (level.isPresent()) {
            points(blocks, level, "equal");
        }
        points(blocks, Optional.empty(), "last");
        blocks.addAll(factors.arms());
        List<FactorEffect> effects = FactorEffects.of(answer.requested().state());
        blocks.addAll(factors.durations(effects));
        blocks.addAll(factors.sizes(effects));
        correlations(blocks);
        view.rankings().stream()
                .filter(one -> one.task().equals(task)
                        && one.protocol().equals(protocol)
                        && Optional.of(one.level()).equals(level))
                .findFirst()
                .ifPresent(ranking -> {
                    blocks.add(new Block.Heading(2, "Ranking of measures"));
                    blocks.addAll(RankingSection.table(ranking));
                });
        blocks.add(new Block.Details("Every run's last checkpoint", false, runs()));
        return blocks;
    }

    private String about() {
        long trained = view.runs().stream().filter(run -> run.parameters() > 0).count();
        return "Study `" + view.studyId() + "`: " + Numbers.plural(view.runs().size(), "run") + " (" + trained
                + " with weights), " + Numbers.plural(view.sizes().size(), "size") + "; "
                + view.loss().quantity() + " by " + view.loss().estimator()
                + view.optimum()
                        .map(one -> ", optimum " + PointFigures.reported(one) + " nats")
                        .orElse("")
                + ". " + CorrelationTable.registration(view) + " Intervals at " + Numbers.percent(view.confidence())
                + ", seed " + view.seed() + "; revision " + view.revision().events() + ", digest `"
                + view.revision().digest() + "`.";
    }

    private void points(List<Block> blocks, Optional<Double> at, String name) {
        PointFigures.of(view, task, protocol, at, view.name() + "-" + name).ifPresent(figures -> {
            blocks.add(new Block.Paragraph(
                    "**" + PointFigures.title(view, task, protocol, at) + ".** Runs of " + Svg.legend(view) + "."));
            blocks.add(figures);
        });
    }

    private void correlations(List<Block> blocks) {
        blocks.add(new Block.Heading(2, "Correlations with accuracy above the untrained network"));
        blocks.add(new Block.Paragraph("One point per run. Flatness is −ln of the trace, loss is −"
                + view.loss().level()
                + "; positive: flatter models, or models with lower loss, do better. *Difference*: the first measure's"
                + " ρ minus the loss's. ρ Spearman, τ Kendall, r Pearson; interval, n and permutation p."
                + (part == Part.SUMMARY ? " Other levels and Pearson's r are left out here." : "")));
        blocks.add(new Block.Paragraph("Task " + task + ", " + protocol + ":"));
        blocks.add(correlations(task, protocol));
        for (String other : view.tasks()) {
            for (String by : view.protocols()) {
                if (!(other.equals(task) && by.equals(protocol))) {
                    blocks.add(new Block.Details("Task " + other + ", " + by, false, List.of(correlations(other, by))));
                }
            }
        }
    }

    private Block correlations(String of, String by) {
        return CorrelationTable.of(
                view.rows().stream()
                        .filter(row -> row.task().equals(of) && row.protocol().equals(by) && reported(row))
                        .toList(),
                CorrelationTable.measures(view));
    }

    private boolean reported(StudyView.RowView row) {
        boolean here = row.level().isEmpty() || row.level().equals(level);
        return part == Part.ALL || (here && !row.statistic().equals(Association.PEARSON.id()));
    }

    private List<Block> runs() {
        String measure = view.measures().isEmpty() ? "" : view.measures().getFirst();
        List<Block.Cell> cells = new ArrayList<>();
        for (StudyView.Run run : view.runs()) {
            String row = run.label() + (run.state().equals("failed") ? ", failed" : "");
            Optional<StudyView.Checkpoint> last = run.checkpoints().stream()
                    .filter(StudyView.Checkpoint::last)
                    .findFirst();
            cells.add(new Block.Cell(
                    "step",
                    row,
                    last.map(one -> Numbers.count(one.step()))
                            .orElse(run.reason().isEmpty() ? "took no last step" : run.reason())));
            last.ifPresent(one -> {
                cells.add(new Block.Cell(view.loss().quantity() + ", nats", row, PointFigures.reported(one.loss())));
                one.flatness().stream()
                        .filter(flat -> flat.quantity().equals(measure))
                        .findFirst()
                        .ifPresent(flat -> cells.add(new Block.Cell(
                                Words.symbol(measure) + ", nats", row, PointFigures.reported(flat.estimate()))));
                for (String of : view.tasks()) {
                    for (String by : view.protocols()) {
                        PointFigures.downstream(one, of, by)
                                .ifPresent(down -> cells.add(
                                        new Block.Cell(of + ", " + by, row, PointFigures.reported(down.accuracy()))));
                    }
                }
            });
        }
        return List.of(
                new Block.Paragraph("In brackets " + Numbers.percent(view.pointConfidence())
                        + " intervals: of losses over sentences, of traces over pairs, of accuracies over"
                        + " repetitions."),
                Block.Table.of("run", "none", cells));
    }
}
