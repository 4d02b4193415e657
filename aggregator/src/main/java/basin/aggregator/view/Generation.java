package basin.aggregator.view;

import basin.aggregator.analysis.Row;
import basin.record.Event;
import basin.record.Revision;
import basin.study.QuestionSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The table of a study's answer to another question, as published under a name. Immutable.
 *
 * @param revision revision of the fold from which it was computed
 * @param rows rows sorted by task, protocol, comparison, level (descending), conditioning
 *     variables, statistic and measure
 */
public record Generation(String studyId, String name, Revision revision, List<StudyView.RowView> rows) {
    private static final Comparator<StudyView.RowView> ORDER = Comparator.comparing(StudyView.RowView::task)
            .thenComparing(StudyView.RowView::protocol)
            .thenComparing(StudyView.RowView::comparison)
            .thenComparingDouble(row -> -row.level().orElse(0.0))
            .thenComparing(row -> String.join(" ", row.conditionedOn()))
            .thenComparing(StudyView.RowView::statistic)
            .thenComparingInt(row -> place(row.measure()));

    /**
     * Creates a generation from the events that contain its rows.
     *
     * @param rows rows of one study and generation, at least one
     * @throws IllegalArgumentException if there are no rows
     */
    public static Generation of(Collection<Event.CorrelationComputed> rows) {
        Event.CorrelationComputed newest = rows.stream()
                .max(Comparator.comparingLong(row -> row.revision().events()))
                .orElseThrow(() -> new IllegalArgumentException("A generation without rows is none."));
        return new Generation(
                newest.studyId(),
                newest.generation(),
                newest.revision(),
                rows.stream()
                        .map(row -> Views.row(
                                new Row(row.row(), row.finding()),
                                Optional.empty(),
                                false,
                                Headline.numbers(row.row(), row.finding()),
                                false))
                        .sorted(ORDER)
                        .toList());
    }

    private static int place(String measure) {
        int place = QuestionSpec.MEASURES.indexOf(measure);
        return place < 0 ? QuestionSpec.MEASURES.size() : place;
    }
}
