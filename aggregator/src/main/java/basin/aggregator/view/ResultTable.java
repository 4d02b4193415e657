package basin.aggregator.view;

import basin.aggregator.analysis.Analysis;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.PlainText;
import basin.aggregator.present.Words;
import basin.study.Association;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A study's result as text for a terminal: in full, with one line per comparison, or in brief, with
 * the rows that answer the study's question. Pure functions.
 */
public final class ResultTable {
    /** The most lines of a brief result. */
    public static final int BRIEF_LINES = 18;

    private static final int MIN_ROWS = 3;

    private ResultTable() {}

    /**
     * Returns the headline and, by the same comparison, level and statistic, the correlation of
     * each measure: those of the headline's task and protocol first, then flatness and loss with
     * other accuracies. At most {@value #BRIEF_LINES} lines, unless the sentences alone are longer.
     *
     * @param columns width of a line, in columns of a terminal
     */
    public static String brief(StudyView view, int columns) {
        List<Block> sentences = new ArrayList<>();
        sentences.add(new Block.Paragraph(view.headline()));
        if (!view.more().isEmpty()) {
            sentences.add(new Block.Paragraph(view.more()));
        }
        Block last = new Block.Paragraph(CorrelationTable.registration(view));
        List<StudyView.RowView> answering = answering(view);
        if (answering.isEmpty()) {
            sentences.add(last);
            return PlainText.of(sentences, columns);
        }
        StudyView.RowView primary = answering.getFirst();
        sentences.add(new Block.Heading(
                2,
                "Correlation of −ln of each measure with accuracy above the untrained network, " + primary.compared()
                        + ":"));
        int taken = lines(sentences, columns) + lines(List.of(last), columns) + 2;
        int shown = Math.min(answering.size(), Math.max(MIN_ROWS, BRIEF_LINES - taken));
        // One more line says how many rows are left out.
        shown = shown < answering.size() ? Math.max(MIN_ROWS - 1, shown - 1) : shown;
        List<Block> blocks = new ArrayList<>(sentences);
        blocks.add(table(view, answering.subList(0, shown)));
        if (shown < answering.size()) {
            blocks.add(new Block.Paragraph(
                    "  and " + (answering.size() - shown) + " more of this comparison in the full table"));
        }
        blocks.add(last);
        return PlainText.of(blocks, columns);
    }

    private static int lines(List<Block> blocks, int columns) {
        return (int) PlainText.of(blocks, columns).lines().count();
    }

    /** Returns the rows of the primary row's comparison that have runs, the primary row first. */
    private static List<StudyView.RowView> answering(StudyView view) {
        List<String> measures = CorrelationTable.measures(view);
        return view.primary().stream()
                .flatMap(primary -> view.rows().stream()
                        .filter(row -> row.comparison() == primary.comparison()
                                && row.level().equals(primary.level())
                                && row.statistic().equals(primary.statistic())
                                && row.conditionedOn().equals(primary.conditionedOn()))
                        .filter(row -> row.finding().runs() > 0)
                        .filter(row -> isOf(primary, row)
                                || row.measure().equals(primary.measure())
                                || row.measure().equals(Analysis.LOSS))
                        .sorted(Comparator.<StudyView.RowView>comparingInt(row -> row.primary() ? 0 : 1)
                                .thenComparingInt(row -> isOf(primary, row) ? 0 : 1)
                                .thenComparingInt(row -> view.tasks().indexOf(row.task()))
                                .thenComparingInt(row -> view.protocols().indexOf(row.protocol()))
                                .thenComparingInt(row -> measures.indexOf(row.measure()))))
                .toList();
    }

    private static boolean isOf(StudyView.RowView primary, StudyView.RowView row) {
        return row.task().equals(primary.task()) && row.protocol().equals(primary.protocol());
    }

    private static Block.Table table(StudyView view, List<StudyView.RowView> rows) {
        return new Block.Table(
                "",
                List.of(
                        "task",
                        "protocol",
                        "measure",
                        Words.named(rows.getFirst().statistic()),
                        Numbers.percent(view.confidence()) + " CI",
                        "p",
                        "runs"),
                rows.stream()
                        .map(row -> new Block.Row(
                                List.of(
                                        row.task(),
                                        row.protocol(),
                                        Words.symbol(row.measure()),
                                        row.finding()
                                                .value()
                                                .map(Numbers::correlation)
                                                .orElseGet(() -> CorrelationTable.status(row.finding())),
                                        row.finding()
                                                .interval()
                                                .map(one -> Numbers.correlations(one.low(), one.high()))
                                                .orElse(""),
                                        row.finding()
                                                .p()
                                                .map(Numbers::probability)
                                                .orElse(""),
                                        Numbers.count(row.finding().runs())),
                                row.primary()))
                        .toList());
    }

    /**
     * Returns the comparisons for each task and protocol, with flatness, loss and their difference
     * in columns.
     */
    public static String of(StudyView view) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph((view.headline() + " " + view.more()).strip()));
        blocks.add(new Block.Paragraph(CorrelationTable.registration(view)));
        for (String task : view.tasks()) {
            for (String protocol : view.protocols()) {
                List<StudyView.RowView> own = view.rows().stream()
                        .filter(row -> row.task().equals(task)
                                && row.protocol().equals(protocol)
                                && (!row.statistic().equals(Association.PEARSON.id())
                                        || row.registration().equals(StudyView.REGISTERED)))
                        .toList();
                if (own.stream().anyMatch(row -> row.finding().runs() > 0)) {
                    blocks.add(new Block.Heading(2, "Task " + task + ", " + protocol));
                    blocks.add(CorrelationTable.of(own, CorrelationTable.measures(view)));
                }
            }
        }
        ArmTable.reported(view).forEach(blocks::add);
        blocks.add(new Block.Heading(
                2,
                "Correlations of −ln of the trace, and of −" + view.loss().quantity()
                        + ", with accuracy above the untrained network."));
        blocks.add(
                new Block.Paragraph("One point per run; intervals at " + Numbers.percent(view.confidence()) + "; seed "
                        + view.seed() + "; revision " + view.revision().events() + " ("
                        + view.revision().digest() + ")."));
        return PlainText.of(blocks);
    }
}
