package basin.aggregator.fold;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.SyntheticStudy;
import basin.record.Event;
import basin.record.work.WorkItem;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Tests that a study is complete when all its results exist, and incomplete when the missing ones
 * were given up.
 */
class CompletenessTest {
    private static final StudySpec QUICK = SyntheticStudy.quick();
    private static final String STUDY = new Event.StudySubmitted(QUICK).studyId();

    private static StudyState state(List<Event> events, Predicate<Event> kept) {
        Fold fold = new Fold();
        events.stream().filter(kept).forEach(fold::add);
        return fold.study(STUDY).orElseThrow();
    }

    @Test
    void completeOnceAllRunsHaveEndedAndAllIsMeasured() {
        List<Event> events = SyntheticStudy.complete(QUICK, 1);
        Completeness all = state(events, event -> true).completeness();
        assertThat(all.complete()).isTrue();
        assertThat(all.incomplete()).isFalse();
        assertThat(all.measurements()).isEqualTo(all.done()).isGreaterThan(12 * 5);
        Event last = events.stream()
                .filter(Event.DownstreamMeasured.class::isInstance)
                .reduce((first, second) -> second)
                .orElseThrow();
        Completeness without = state(events, event -> !event.equals(last)).completeness();
        assertThat(without.done()).isEqualTo(all.done() - 1);
        assertThat(without.complete()).isFalse();
    }

    @Test
    void aWorkItemIsDoneOnlyWithAllItsResults() {
        List<Event> events = SyntheticStudy.complete(QUICK, 1);
        Event one = events.stream()
                .filter(Event.FlatnessMeasured.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(state(events, event -> !event.equals(one)).completeness().complete())
                .isFalse();
    }

    @Test
    void aFailedRunHasEnded() {
        Completeness completeness =
                state(SyntheticStudy.until(QUICK, 1, 12, true), event -> true).completeness();
        assertThat(completeness.ended()).isEqualTo(12);
        assertThat(completeness.complete()).isTrue();
    }

    @Test
    void incompleteWhereAMissingMeasurementIsGivenUp() {
        List<Event> events = SyntheticStudy.complete(QUICK, 1);
        Event.DownstreamMeasured missing = (Event.DownstreamMeasured) events.stream()
                .filter(Event.DownstreamMeasured.class::isInstance)
                .findFirst()
                .orElseThrow();
        WorkItem item = new WorkItem.Evaluate(
                STUDY, missing.runId(), missing.step(), missing.task(), missing.protocol(), missing.platform());
        StudyState study = state(events, event -> !event.equals(missing));
        assertThat(study.completeness().incomplete()).isFalse();
        assertThat(study.completeness(Set.of(item.id())).incomplete()).isTrue();
        // A redriven item has a result, so its earlier failure no longer counts.
        assertThat(state(events, event -> true).completeness(Set.of(item.id())).complete())
                .isTrue();
    }

    @Test
    void incompleteWhereARunCannotGoOn() {
        String stuck = SyntheticStudy.runId(QUICK, 11);
        StudyState study = state(
                SyntheticStudy.complete(QUICK, 1),
                event -> !event.key().equals(stuck) || event instanceof Event.RunDeclared);
        assertThat(study.completeness().incomplete()).isFalse();
        assertThat(study.completeness(Set.of(new WorkItem.Segment(STUDY, stuck, 0).id()))
                        .incomplete())
                .isTrue();
    }

    @Test
    void incompleteWhereTheStudyCannotBeExpanded() {
        StudyState study = state(List.of(new Event.StudySubmitted(QUICK)), event -> true);
        assertThat(study.completeness().incomplete()).isFalse();
        assertThat(study.completeness(Set.of(new WorkItem.Expand(STUDY).id())).incomplete())
                .isTrue();
        assertThat(study.completeness().runs()).isEqualTo(StudyPlan.runs(QUICK).size());
    }
}
