package basin.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.PageServer;
import basin.aggregator.SyntheticStudy;
import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.fold.StudyState;
import basin.record.Finding;
import basin.study.Comparison;
import basin.study.Json;
import basin.study.StudySpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Tests that the view of points only has the numbers of the complete view, becomes that view, and
 * never shows outdated results as current.
 */
class PointsFirstTest {
    private static final StudySpec QUICK = SyntheticStudy.quick();
    private static final StudyState EARLIER = PageServer.state(SyntheticStudy.until(QUICK, 1, 9, false));
    private static final StudyState LATER = PageServer.state(SyntheticStudy.until(QUICK, 1, 10, false));
    private static final StudyState COMPLETE = PageServer.state(SyntheticStudy.complete(QUICK, 1));

    @Test
    void pointsAreThoseOfTheWholeViewWhateverIsRemembered() {
        for (StudyState state : List.of(EARLIER, LATER, COMPLETE)) {
            pointsAreThoseOfTheWhole(state, new InferenceCache());
            InferenceCache cache = new InferenceCache();
            StudyView _ = Views.of(EARLIER, Set.of(), cache);
            pointsAreThoseOfTheWhole(state, cache);
        }
    }

    private static void pointsAreThoseOfTheWhole(StudyState state, InferenceCache cache) {
        StudyView whole = Views.of(state);
        StudyView draft = Views.points(state, Set.of(), cache).view();
        assertThat(draft.runs()).isEqualTo(whole.runs());
        assertThat(draft.done()).isEqualTo(whole.done());
        assertThat(draft.revision()).isEqualTo(whole.revision());
        assertThat(draft.rows()).hasSameSizeAs(whole.rows());
        for (int i = 0; i < draft.rows().size(); i++) {
            StudyView.RowView now = draft.rows().get(i);
            StudyView.RowView then = whole.rows().get(i);
            assertThat(now.compared()).isEqualTo(then.compared());
            assertThat(now.primary()).isEqualTo(then.primary());
            assertThat(now.finding().status()).isEqualTo(then.finding().status());
            assertThat(now.finding().value()).isEqualTo(then.finding().value());
            assertThat(now.finding().runs()).isEqualTo(then.finding().runs());
            assertThat(now.follows()).isEqualTo(now.finding().note().endsWith(" follows."));
            if (!now.follows()) {
                assertThat(now).isEqualTo(then);
            }
        }
    }

    @Test
    void whatIsRememberedOfTheSamePointsMakesTheDraftWhole() {
        for (StudyState state : List.of(EARLIER, COMPLETE)) {
            InferenceCache cache = new InferenceCache();
            assertThat(Views.points(state, Set.of(), cache).whole()).isFalse();
            byte[] whole = Json.canonical(Views.of(state));
            assertThat(Json.canonical(Views.of(state, Set.of(), cache))).isEqualTo(whole);
            Views.Draft again = Views.points(state, Set.of(), cache);
            assertThat(again.whole()).isTrue();
            assertThat(Json.canonical(again.view())).isEqualTo(whole);
        }
    }

    @Test
    void anIntervalOfEarlierPointsSaysOfWhichRevisionItIs() {
        InferenceCache cache = new InferenceCache();
        StudyView before = Views.of(EARLIER, Set.of(), cache);
        Views.Draft draft = Views.points(LATER, Set.of(), cache);
        assertThat(draft.whole()).isFalse();
        Finding then = loss(before);
        Finding now = loss(draft.view());
        assertThat(now.interval()).isPresent().isEqualTo(then.interval());
        assertThat(now.value()).isPresent().isNotEqualTo(then.value());
        assertThat(now.note())
                .endsWith("The interval is that of revision "
                        + EARLIER.revision().events() + "; that of this one follows.");
        assertThat(Json.canonical(Views.of(LATER, Set.of(), cache))).isEqualTo(Json.canonical(Views.of(LATER)));
    }

    @Test
    void withoutAnEarlierIntervalThereIsNone() {
        Finding now = loss(Views.points(EARLIER, Set.of(), new InferenceCache()).view());
        assertThat(now.value()).isPresent();
        assertThat(now.interval()).isEmpty();
        assertThat(now.note()).endsWith("The interval follows.");
    }

    @Test
    void aStudyEndsWhenItsTableIsWhole() {
        InferenceCache cache = new InferenceCache();
        StudyView draft = Views.points(COMPLETE, Set.of(), cache).view();
        assertThat(draft.state()).isEqualTo("running");
        assertThat(draft.rows()).allMatch(row -> row.finding().p().isEmpty());
        StudyView whole = Views.of(COMPLETE, Set.of(), cache);
        assertThat(whole.state()).isEqualTo("done");
        assertThat(whole.rows()).anyMatch(row -> row.finding().p().isPresent());
    }

    private static Finding loss(StudyView view) {
        return view.rows().stream()
                .filter(row -> row.comparison() == Comparison.ALL_CHECKPOINTS)
                .filter(row -> row.measure().equals("loss") && row.level().equals(Optional.empty()))
                .findFirst()
                .orElseThrow()
                .finding();
    }
}
