package basin.aggregator.view;

import basin.aggregator.analysis.Row;
import basin.record.Event;
import basin.record.Revision;
import basin.study.CorrelationRow;
import basin.study.QuestionSpec;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A study's answer to another question, as published under a name. Immutable.
 *
 * @param revision revision of the fold from which it was computed
 * @param answer the answer in words; absent while only rows are known
 * @param rows rows sorted by task, protocol, comparison, level (descending), conditioning
 *     variables, statistic and measure
 */
public record Generation(
        String studyId,
        String name,
        Revision revision,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AskedAnswer> answer,
        List<StudyView.RowView> rows) {
    private static final Comparator<StudyView.RowView> ORDER = Comparator.comparing(StudyView.RowView::task)
            .thenComparing(StudyView.RowView::protocol)
            .thenComparing(StudyView.RowView::comparison)
            .thenComparingDouble(row -> -row.level().orElse(0.0))
            .thenComparing(row -> String.join(" ", row.conditionedOn()))
            .thenComparing(StudyView.RowView::statistic)
            .thenComparingInt(row -> place(row.measure()));

    /**
     * Creates a generation from the events that contain its rows and its sentence.
     *
     * @param events events of one study and generation, at least one
     * @throws IllegalArgumentException if there is no event
     */
    public static Generation of(Collection<Event.Derived> events) {
        Event.Derived newest = events.stream()
                .max(Comparator.comparingLong(row -> row.revision().events()))
                .orElseThrow(() -> new IllegalArgumentException("A generation without events is none."));
        Optional<Event.QuestionAnswered> answered =
                of(events, Event.QuestionAnswered.class).findFirst();
        Optional<CorrelationRow> primary = answered.flatMap(Event.QuestionAnswered::primary);
        List<StudyView.RowView> rows = of(events, Event.CorrelationComputed.class)
                .map(row -> Views.row(
                        new Row(row.row(), row.finding()),
                        Optional.empty(),
                        primary.filter(row.row()::equals).isPresent(),
                        Headline.numbers(row.row(), row.finding()),
                        false))
                .sorted(ORDER)
                .toList();
        return new Generation(
                newest.studyId(),
                newest.generation(),
                newest.revision(),
                answered.map(one -> AskedAnswer.of(
                        one, rows.stream().filter(StudyView.RowView::primary).findFirst())),
                rows);
    }

    /** Returns the answers in words to a study's other questions. */
    public static List<AskedAnswer> asked(Collection<Generation> answers, String studyId) {
        return answers.stream()
                .filter(answer -> answer.studyId().equals(studyId))
                .flatMap(answer -> answer.answer().stream())
                .toList();
    }

    private static <E extends Event.Derived> Stream<E> of(Collection<Event.Derived> events, Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast);
    }

    private static int place(String measure) {
        int place = QuestionSpec.MEASURES.indexOf(measure);
        return place < 0 ? QuestionSpec.MEASURES.size() : place;
    }
}
