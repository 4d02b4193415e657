package basin.aggregator.analysis;

import basin.aggregator.fold.StudyState;
import java.util.List;

/**
 * The correlations of a study and the rankings of its measures. Immutable.
 *
 * @param whole whether all intervals and p-values of this revision have been computed
 */
public record Table(List<Row> rows, List<MeasureRanking> rankings, boolean whole) {
    /**
     * Computes the table for the question in a study's spec. Cached results are reused and new ones
     * are cached.
     *
     * @param provisional whether runs or measurements are missing; if so, there are no p-values
     * @param choice rows of the table, and measures and first strata of the rankings
     * @param cache cache of this study and question
     * @param pointsOnly whether to skip expensive computations that are not cached. All
     *     correlations and run counts are the same as in the complete table. A row without cached
     *     resampling of its current points has no p-value, and its interval is the last cached one
     *     or absent; its note says which
     */
    public static Table of(
            StudyState study, boolean provisional, Choice choice, InferenceCache cache, boolean pointsOnly) {
        List<Row> rows = List.copyOf(Analysis.of(study, provisional, choice, cache, pointsOnly));
        MeasureRankings.Told ranked = MeasureRankings.of(study, provisional, choice, cache, pointsOnly);
        return new Table(
                rows, ranked.rankings(), ranked.whole() && rows.stream().noneMatch(Row::follows));
    }
}
