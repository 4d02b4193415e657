package basin.aggregator.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.events.CorrelationRow;
import basin.events.CorrelationRow.Comparison;
import basin.events.Event;
import basin.events.Finding;
import basin.events.Ids;
import basin.events.QuestionFile;
import basin.events.spec.StudySpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Leagues against the rows of the table, which have the same runs. */
class LeaguesTest {
    private static final StudySpec SPEC = SyntheticStudy.withSpectra();
    private static final StudyState STATE = state(SyntheticStudy.complete(SPEC, 1));
    private static final List<League> LEAGUES =
            Leagues.of(STATE, false, Choice.own(SPEC), new Remembered(), false).leagues();

    private static StudyState state(List<Event> events) {
        Fold fold = new Fold();
        events.forEach(event -> {
            var _ = fold.add(event);
        });
        return fold.study(Ids.study(SPEC)).orElseThrow();
    }

    @Test
    void everyMeasureCompetesInEveryTaskProtocolAndLevel() {
        assertThat(LEAGUES).hasSize(2 * 3 * 3);
        assertThat(LEAGUES)
                .allSatisfy(league -> assertThat(league.entrants())
                        .extracting(League.Entrant::measure)
                        .containsExactlyInAnyOrder(
                                "hessian.trace",
                                "fisher.trace",
                                "adaptive.trace",
                                "hessian.trace.per.parameter",
                                "weighted.trace",
                                "average.sharpness",
                                "hessian.top.eigenvalue",
                                "loss"));
    }

    @Test
    void itsNumbersAreThoseOfTheTable() {
        List<Row> rows = Analysis.of(STATE);
        for (League league : LEAGUES) {
            assertThat(league.within()).containsExactly("size");
            for (League.Entrant one : league.entrants()) {
                Optional<Finding> same = rows.stream()
                        .filter(row -> row.asked()
                                .equals(new CorrelationRow(
                                        Comparison.MATCHED_WITHIN_SIZE,
                                        Optional.of(league.level()),
                                        one.measure(),
                                        league.task(),
                                        league.protocol(),
                                        "kendall")))
                        .map(Row::finding)
                        .findFirst();
                same.ifPresent(finding -> {
                    assertThat(one.finding().value()).isEqualTo(finding.value());
                    assertThat(one.finding().interval()).isEqualTo(finding.interval());
                    assertThat(one.finding().runs()).isEqualTo(finding.runs());
                });
                assertThat(same.isPresent())
                        .isEqualTo(List.of("hessian.trace", "fisher.trace", "adaptive.trace", "loss")
                                .contains(one.measure()));
            }
            assertThat(league.entrants())
                    .isSortedAccordingTo((a, b) -> Double.compare(
                            b.finding().value().orElse(-2.0),
                            a.finding().value().orElse(-2.0)));
        }
    }

    @Test
    void differencesAreOfTheirCorrelationsAndAdjusted() {
        for (League league : LEAGUES) {
            assertThat(league.differences()).hasSize(8 * 7 / 2);
            for (League.Versus one : league.differences()) {
                assertThat(one.value()).isCloseTo(tau(league, one.measure()) - tau(league, one.other()), within(1e-12));
                assertThat(one.value()).isNotNegative();
                assertThat(one.q().isPresent()).isEqualTo(one.p().isPresent());
            }
            assertThat(league.sentence())
                    .contains(league.best().isPresent() ? "tells most" : "cannot be told which measure tells most");
            league.best()
                    .ifPresent(best -> assertThat(league.differences())
                            .filteredOn(one -> one.measure().equals(best))
                            .hasSize(7)
                            .allMatch(one -> one.interval().orElseThrow().low() > 0));
        }
        // tr H a parameter orders runs of a size as tr H does, and so does the synthetic study's sharpness.
        assertThat(LEAGUES.getFirst().best()).isEmpty();
        assertThat(LEAGUES.getFirst().differences())
                .anyMatch(one -> one.interval().isEmpty() && one.value() == 0);
    }

    private static double tau(League league, String measure) {
        return league.entrants().stream()
                .filter(one -> one.measure().equals(measure))
                .findFirst()
                .flatMap(one -> one.finding().value())
                .orElseThrow();
    }

    @Test
    void nothingIsComparedBeforeAllRunsHaveEnded() {
        StudyState until = state(SyntheticStudy.until(SPEC, 1, 9, false));
        List<League> leagues = Leagues.of(until, true, Choice.own(SPEC), new Remembered(), false)
                .leagues();
        assertThat(leagues).allSatisfy(league -> {
            assertThat(league.differences()).isEmpty();
            assertThat(league.best()).isEmpty();
            assertThat(league.sentence()).contains("once all runs have ended");
        });
    }

    @Test
    void whatIsRememberedIsNotComputedAgainAndWhatIsNotFollows() {
        Remembered remembered = new Remembered();
        Leagues.Told first = Leagues.of(STATE, false, Choice.own(SPEC), remembered, true);
        assertThat(first.whole()).isFalse();
        assertThat(first.leagues()).allMatch(league -> league.differences().isEmpty());
        assertThat(Leagues.of(STATE, false, Choice.own(SPEC), remembered, false).leagues())
                .isEqualTo(LEAGUES);
        Leagues.Told again = Leagues.of(STATE, false, Choice.own(SPEC), remembered, true);
        assertThat(again.whole()).isTrue();
        assertThat(again.leagues()).isEqualTo(LEAGUES);
    }

    @Test
    void aQuestionChoosesMeasuresAndStrata() {
        Choice choice = Choice.of(QuestionFile.parse("measures: [adaptive.trace, loss]\nwithin: [[rate]]", "question"));
        assertThat(Leagues.of(STATE, false, choice, new Remembered(), false).leagues())
                .allSatisfy(league -> {
                    assertThat(league.within()).containsExactly("rate");
                    assertThat(league.entrants())
                            .extracting(League.Entrant::measure)
                            .containsExactlyInAnyOrder("adaptive.trace", "loss");
                });
        League alone = Leagues.of(STATE, false, choice, "half", "probe-200", .2, List.of());
        assertThat(alone.strata()).isEqualTo(1);
        assertThat(alone.differences()).hasSize(1);
    }
}
