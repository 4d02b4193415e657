package basin.aggregator.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.aggregator.SyntheticStudy;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.Finding;
import basin.record.Measured;
import basin.record.Revision;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Json;
import basin.study.Quantity;
import basin.study.StudySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests that the fold depends only on the set of events, not on their order or repetition. */
class FoldTest {
    private static final StudySpec QUICK = SyntheticStudy.quick();
    private static final String STUDY = new Event.StudySubmitted(QUICK).studyId();

    private static Fold fold(List<? extends Event> events) {
        Fold fold = new Fold();
        events.forEach(fold::add);
        return fold;
    }

    private static byte[] bytes(Fold fold) {
        return Json.canonical(fold.study(STUDY).orElseThrow());
    }

    @Test
    void shufflingAndRepeatingEventsChangesNoByte() {
        List<Event> events = thinned(SyntheticStudy.until(QUICK, 1, 1, true));
        Fold ordered = fold(events);
        byte[] expected = bytes(ordered);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Event> shuffled = new ArrayList<>(events);
            for (int i = 0; i < 20; i++) {
                shuffled.add(events.get(random.nextInt(events.size())));
            }
            Collections.shuffle(shuffled, random);
            Fold fold = fold(shuffled);
            assertThat(fold.revision()).isEqualTo(ordered.revision());
            assertThat(bytes(fold)).as("seed %d", seed).isEqualTo(expected);
            assertThat(fold.conflicts()).isEmpty();
        }
    }

    /** Returns a subset with events of every kind, small enough for two hundred shuffles. */
    private static List<Event> thinned(List<Event> events) {
        return events.stream()
                .filter(event -> !(event instanceof Event.LossMeasured loss) || loss.full() || loss.step() % 500 == 0)
                .toList();
    }

    @Test
    void decodedEventsFoldToTheSameBytes() throws Exception {
        List<Event> events = thinned(SyntheticStudy.until(QUICK, 1, 2, false));
        List<Event> read = new ArrayList<>();
        for (Event event : events) {
            read.add(EventCodec.decode(EventCodec.encode(event)));
        }
        assertThat(bytes(fold(read))).isEqualTo(bytes(fold(events)));
        assertThat(fold(read).revision()).isEqualTo(fold(events).revision());
    }

    @Test
    void theSmallestOfConflictingEventsStandsWhicheverCameFirst() {
        List<Event> events = SyntheticStudy.until(QUICK, 1, 1, false);
        Event.CheckpointPublished one = events.stream()
                .filter(Event.CheckpointPublished.class::isInstance)
                .map(Event.CheckpointPublished.class::cast)
                .findFirst()
                .orElseThrow();
        List<Event> rivals = List.of(one, with(one, .11), with(one, .29));
        Set<Revision> revisions = new HashSet<>();
        Set<String> states = new HashSet<>();
        for (int[] order : new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
            Fold fold = new Fold();
            assertThat(fold.add(rivals.get(order[0]))).isEqualTo(Fold.Outcome.FOLDED);
            assertThat(fold.add(rivals.get(order[1]))).isEqualTo(Fold.Outcome.CONFLICT);
            events.forEach(fold::add);
            fold.add(rivals.get(order[2]));
            fold.add(rivals.get(order[0]));
            assertThat(fold.conflicts()).containsExactly(one.id());
            revisions.add(fold.revision());
            states.add(new String(bytes(fold), java.nio.charset.StandardCharsets.UTF_8));
        }
        assertThat(revisions).hasSize(1);
        assertThat(states).hasSize(1);
    }

    private static Event.CheckpointPublished with(Event.CheckpointPublished one, double excess) {
        return new Event.CheckpointPublished(
                one.runId(),
                one.step(),
                one.ordinal(),
                one.triggers(),
                new Measured(excess, .0008),
                one.lossNats(),
                one.weightNorm(),
                one.weights());
    }

    @Test
    void anotherContentIsAnotherRevision() {
        List<Event> events = SyntheticStudy.until(QUICK, 1, 1, false);
        List<Event> others = SyntheticStudy.until(QUICK, 2, 1, false);
        assertThat(fold(events).revision().events())
                .isEqualTo(fold(others).revision().events());
        assertThat(fold(events).revision()).isNotEqualTo(fold(others).revision());
    }

    @Test
    void measurementsMayComeBeforeTheirRunAndStudy() {
        List<Event> events = SyntheticStudy.until(QUICK, 1, 2, false);
        Fold fold = fold(events.reversed().stream()
                .filter(event -> !(event instanceof Event.StudySubmitted || event instanceof Event.RunDeclared))
                .toList());
        assertThat(fold.studies()).isEmpty();
        assertThat(fold.study(STUDY)).isEmpty();
        events.forEach(fold::add);
        assertThat(bytes(fold)).isEqualTo(bytes(fold(events)));
    }

    @Test
    void aStudyHoldsOnlyWhatItAskedFor() {
        List<Event> events = SyntheticStudy.until(QUICK, 1, 2, false);
        Event.FlatnessMeasured requested = events.stream()
                .filter(event ->
                        event instanceof Event.FlatnessMeasured flat && flat.quantity() == Quantity.HESSIAN_TRACE)
                .map(Event.FlatnessMeasured.class::cast)
                .findFirst()
                .orElseThrow();
        List<Event> more = new ArrayList<>(events);
        for (int pairs = 121; pairs < 150; pairs++) {
            // Another study on the same runs requests other pairs, and its ids may be the smaller
            // ones.
            more.add(new Event.FlatnessMeasured(
                    requested.runId(),
                    requested.step(),
                    new EstimatorSpec(Estimator.PAIRED, pairs, 64, 201),
                    requested.platform(),
                    requested.quantity(),
                    new Measured(1, .1),
                    requested.interval(),
                    Optional.empty(),
                    requested.parameters(),
                    1));
        }
        StudyState study = fold(more).study(STUDY).orElseThrow();
        assertThat(study.runs().getFirst().checkpoints().getFirst().flatness(Quantity.HESSIAN_TRACE))
                .contains(requested);
    }

    @Test
    void aNewVersionsResultIsNoConflictAndIsShownInPlaceOfTheOldOne() {
        List<Event> events = SyntheticStudy.until(QUICK, 1, 2, false);
        Completeness before = fold(events).study(STUDY).orElseThrow().completeness(Set.of());
        Event.FlatnessMeasured old = events.stream()
                .filter(Event.FlatnessMeasured.class::isInstance)
                .map(Event.FlatnessMeasured.class::cast)
                .findFirst()
                .orElseThrow();
        Event.FlatnessMeasured anew = ofVersion(old, 2);
        assertThat(anew.id()).isNotEqualTo(old.id());
        assertThat(anew.question()).isEqualTo(old.question()).isEqualTo(old.id());
        for (List<Event> order : List.of(List.<Event>of(old, anew), List.<Event>of(anew, old))) {
            Fold fold = new Fold();
            order.forEach(event -> assertThat(fold.add(event)).isEqualTo(Fold.Outcome.FOLDED));
            events.forEach(fold::add);
            assertThat(fold.conflicts()).isEmpty();
            StudyState study = fold.study(STUDY).orElseThrow();
            assertThat(shown(study, old.question())).containsExactly(anew);
            assertThat(study.completeness(Set.of())).isEqualTo(before);
        }
        // The new version's results answer the questions without results of the old one, so nothing
        // is missing.
        List<Event> onlyNew = events.stream()
                .map(event -> event instanceof Event.FlatnessMeasured flat ? ofVersion(flat, 2) : event)
                .toList();
        assertThat(fold(onlyNew).study(STUDY).orElseThrow().completeness(Set.of()))
                .isEqualTo(before);
    }

    private static List<Event> shown(StudyState study, String question) {
        return study.runs().stream()
                .flatMap(run -> run.checkpoints().stream())
                .flatMap(checkpoint -> checkpoint.flatness().stream())
                .filter(one -> one.question().equals(question))
                .map(Event.class::cast)
                .toList();
    }

    private static Event.FlatnessMeasured ofVersion(Event.FlatnessMeasured one, int version) {
        return new Event.FlatnessMeasured(
                one.runId(),
                one.step(),
                one.requested(),
                one.platform(),
                one.quantity(),
                new Measured(1 + one.value().value(), .1),
                one.interval(),
                one.effectiveRank(),
                one.parameters(),
                version);
    }

    @Test
    void derivedRowsAreNoInput() {
        CorrelationRow row =
                new CorrelationRow(Comparison.RAW, Optional.empty(), "loss", "root", "probe-200", "kendall");
        Finding finding = new Finding(
                Finding.Status.NOT_YET,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                12,
                true,
                "",
                "Nothing yet.",
                Optional.empty());
        Event derived = new Event.CorrelationComputed(STUDY, "live", new Revision(1, "0"), row, finding);
        assertThatThrownBy(() -> new Fold().add(derived)).isInstanceOf(IllegalArgumentException.class);
    }
}
