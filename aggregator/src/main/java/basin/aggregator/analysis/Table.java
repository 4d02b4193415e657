package basin.aggregator.analysis;

import basin.aggregator.fold.StudyState;
import java.util.List;

/**
 * The correlations of a study and the rankings of its measures. Immutable.
 *
 * @param whole whether every interval and p-value is there that its revision has
 */
public record Table(List<Row> rows, List<MeasureRanking> rankings, boolean whole) {
    /**
     * The table of a study by the question in its spec. What is in the cache is not computed again, and what is computed enters it.
     *
     * @param provisional whether runs or measurements are still to come, so that there are no p-values yet
     * @param choice which rows there are, and which measures and first strata the rankings have
     * @param cache of this study and question
     * @param pointsOnly leaves out what takes long and is not in the cache. Every correlation and every n is that of the whole table.
     *     Where nothing was resampled yet for a row's present points, it has no p-value, and its interval is the last in the cache or
     *     none; its note says which
     */
    public static Table of(
            StudyState study, boolean provisional, Choice choice, InferenceCache cache, boolean pointsOnly) {
        List<Row> rows = List.copyOf(Analysis.of(study, provisional, choice, cache, pointsOnly));
        MeasureRankings.Told ranked = MeasureRankings.of(study, provisional, choice, cache, pointsOnly);
        return new Table(
                rows, ranked.rankings(), ranked.whole() && rows.stream().noneMatch(Row::follows));
    }
}
