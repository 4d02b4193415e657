package basin.aggregator.view;

import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.PlainText;
import basin.study.Association;
import java.util.ArrayList;
import java.util.List;

/** A study's result as text for a terminal: the headline, then one line per comparison. */
public final class ResultTable {
    private ResultTable() {}

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
        blocks.add(new Block.Paragraph("One point a run; intervals at " + Numbers.percent(view.confidence()) + "; seed "
                + view.seed() + "; revision " + view.revision().events() + " ("
                + view.revision().digest() + ")."));
        return PlainText.of(blocks);
    }
}
