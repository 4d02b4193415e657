package basin.aggregator.report;

import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.aggregator.view.CorrelationTable;
import basin.aggregator.view.StudyView;
import basin.record.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The rankings of measures. Pure functions. */
public final class RankingSection {
    private static final String HOW =
            "Kendall's τ with accuracy above the untrained network, over the same runs at equal loss. Intervals of"
                + " differences hold together within a ranking, p is adjusted for its pairs, q for all rankings too."
                + " All of it is exploratory.";

    private RankingSection() {}

    /**
     * Returns a figure and tables for each ranking, that of the primary row first and open; nothing
     * if there is none.
     */
    static List<Block> of(StudyView view, Optional<StudyView.RowView> primary) {
        if (view.rankings().isEmpty()) {
            return List.of();
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(2, "Ranking of measures"));
        blocks.add(new Block.Paragraph(HOW, true));
        view.rankings().stream()
                .sorted(Comparator.comparing(ranking -> !isOf(ranking, primary)))
                .forEach(ranking -> blocks.add(new Block.Details(
                        PointFigures.title(view, ranking.task(), ranking.protocol(), Optional.of(ranking.level()))
                                + (ranking.within().isEmpty()
                                        ? ""
                                        : ", within one " + String.join(" and ", ranking.within())),
                        blocks.size() == 2,
                        blocks(view, ranking))));
        return blocks;
    }

    private static boolean isOf(MeasureRanking ranking, Optional<StudyView.RowView> primary) {
        return primary.filter(row -> row.task().equals(ranking.task())
                        && row.protocol().equals(ranking.protocol())
                        && row.level().equals(Optional.of(ranking.level())))
                .isPresent();
    }

    private static List<Block> blocks(StudyView view, MeasureRanking ranking) {
        List<Block> blocks = new ArrayList<>(table(ranking));
        blocks.add(
                blocks.size() - 2,
                new Block.Figures(
                        List.of(new Block.Figure(
                                "ranking",
                                Svg.ranked(
                                        "Ranking of measures, task " + ranking.task() + ", " + ranking.protocol(),
                                        ranking.ranked().stream()
                                                .map(one -> ranked(
                                                        one, ranking.best().equals(Optional.of(one.measure()))))
                                                .toList()),
                                ranking.runs() + " of " + Numbers.plural(ranking.declared(), "run") + " in "
                                        + ranking.strata() + " strata; bars: "
                                        + Numbers.percent(view.confidence()) + " interval of each")),
                        false));
        return blocks;
    }

    /** Returns the sentence, the measures and the differences of a ranking; also for a terminal. */
    public static List<Block> table(MeasureRanking ranking) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph(ranking.sentence()));
        if (!ranking.note().isEmpty()) {
            blocks.add(new Block.Paragraph(ranking.note(), true));
        }
        blocks.add(new Block.Table(
                "",
                List.of("measure", "τ with accuracy", "remark"),
                ranking.ranked().stream()
                        .map(one -> new Block.Row(List.of(
                                one.measure(),
                                CorrelationTable.cell(one.finding()),
                                one.finding().value().isEmpty() ? one.finding().note() : "")))
                        .toList()));
        blocks.add(new Block.Table(
                "",
                List.of("difference", "difference of τ", "p", "q"),
                ranking.differences().stream()
                        .map(one -> new Block.Row(List.of(
                                one.measure() + " minus " + one.other(),
                                one.interval()
                                        .map(own -> Numbers.correlation(one.value()) + " "
                                                + Numbers.correlations(own.low(), own.high()))
                                        .orElse("they order the runs alike"),
                                one.p().map(Numbers::probability).orElse(""),
                                one.q().map(Numbers::probability).orElse(""))))
                        .toList()));
        return blocks;
    }

    private static Svg.Ranked ranked(MeasureRanking.RankedMeasure one, boolean best) {
        Finding finding = one.finding();
        return new Svg.Ranked(
                Words.symbol(one.measure()),
                finding.value().map(value -> Svg.bar(value, finding.interval())),
                one.measure().equals("loss") ? 1 : best ? 2 : 0,
                one.measure() + ": " + CorrelationTable.cell(finding) + (best ? ", predicts best" : ""));
    }
}
