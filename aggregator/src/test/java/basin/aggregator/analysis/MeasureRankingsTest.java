package basin.aggregator.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.record.Event;
import basin.record.Finding;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.QuestionFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests of the rankings against the rows of the table for the same runs. */
class MeasureRankingsTest {
    private static final StudySpec SPEC = SyntheticStudy.withSpectra();
    private static final StudyState STATE = state(SyntheticStudy.complete(SPEC, 1));
    private static final List<MeasureRanking> RANKINGS = MeasureRankings.of(
                    STATE, false, Choice.own(SPEC), new InferenceCache(), false)
            .rankings();

    private static StudyState state(List<Event> events) {
        Fold fold = new Fold();
        events.forEach(event -> {
            var _ = fold.add(event);
        });
        return fold.study(Ids.study(SPEC)).orElseThrow();
    }

    @Test
    void everyMeasureCompetesInEveryTaskProtocolAndLevel() {
        assertThat(RANKINGS).hasSize(2 * 3 * 3);
        assertThat(RANKINGS)
                .allSatisfy(ranking -> assertThat(ranking.ranked())
                        .extracting(MeasureRanking.RankedMeasure::measure)
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
        List<Row> rows = Analysis.of(STATE, false, Choice.own(SPEC), new InferenceCache(), false);
        for (MeasureRanking ranking : RANKINGS) {
            assertThat(ranking.within()).containsExactly("size");
            for (MeasureRanking.RankedMeasure one : ranking.ranked()) {
                Optional<Finding> same = rows.stream()
                        .filter(row -> row.requested()
                                .equals(new CorrelationRow(
                                        Comparison.MATCHED_WITHIN_SIZE,
                                        Optional.of(ranking.level()),
                                        one.measure(),
                                        ranking.task(),
                                        ranking.protocol(),
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
            assertThat(ranking.ranked())
                    .isSortedAccordingTo((a, b) -> Double.compare(
                            b.finding().value().orElse(-2.0),
                            a.finding().value().orElse(-2.0)));
        }
    }

    @Test
    void differencesAreOfTheirCorrelationsAndAdjusted() {
        for (MeasureRanking ranking : RANKINGS) {
            assertThat(ranking.differences()).hasSize(8 * 7 / 2);
            for (MeasureRanking.Difference one : ranking.differences()) {
                assertThat(one.value())
                        .isCloseTo(tau(ranking, one.measure()) - tau(ranking, one.other()), within(1e-12));
                assertThat(one.value()).isNotNegative();
                assertThat(one.q().isPresent()).isEqualTo(one.p().isPresent());
            }
            assertThat(ranking.sentence())
                    .contains(
                            ranking.best().isPresent()
                                    ? "predicts accuracy best ("
                                    : "inconclusive which measure predicts accuracy best");
            ranking.best()
                    .ifPresent(best -> assertThat(ranking.differences())
                            .filteredOn(one -> one.measure().equals(best))
                            .hasSize(7)
                            .allMatch(one -> one.interval().orElseThrow().low() > 0));
        }
        // Within a size, the trace per parameter orders runs as the trace does, and so does the
        // synthetic study's sharpness.
        assertThat(RANKINGS.getFirst().best()).isEmpty();
        assertThat(RANKINGS.getFirst().differences())
                .anyMatch(one -> one.interval().isEmpty() && one.value() == 0);
    }

    private static double tau(MeasureRanking ranking, String measure) {
        return ranking.ranked().stream()
                .filter(one -> one.measure().equals(measure))
                .findFirst()
                .flatMap(one -> one.finding().value())
                .orElseThrow();
    }

    @Test
    void nothingIsComparedBeforeAllRunsHaveEnded() {
        StudyState until = state(SyntheticStudy.until(SPEC, 1, 9, false));
        List<MeasureRanking> rankings = MeasureRankings.of(until, true, Choice.own(SPEC), new InferenceCache(), false)
                .rankings();
        assertThat(rankings).allSatisfy(ranking -> {
            assertThat(ranking.differences()).isEmpty();
            assertThat(ranking.best()).isEmpty();
            assertThat(ranking.sentence()).contains("once all runs have ended");
        });
    }

    @Test
    void whatIsRememberedIsNotComputedAgainAndWhatIsNotFollows() {
        InferenceCache cache = new InferenceCache();
        MeasureRankings.Told first = MeasureRankings.of(STATE, false, Choice.own(SPEC), cache, true);
        assertThat(first.whole()).isFalse();
        assertThat(first.rankings()).allMatch(ranking -> ranking.differences().isEmpty());
        assertThat(MeasureRankings.of(STATE, false, Choice.own(SPEC), cache, false)
                        .rankings())
                .isEqualTo(RANKINGS);
        MeasureRankings.Told again = MeasureRankings.of(STATE, false, Choice.own(SPEC), cache, true);
        assertThat(again.whole()).isTrue();
        assertThat(again.rankings()).isEqualTo(RANKINGS);
    }

    @Test
    void aQuestionChoosesMeasuresAndStrata() {
        Choice choice = Choice.of(QuestionFile.parse("measures: [adaptive.trace, loss]\nwithin: [[rate]]", "question"));
        assertThat(MeasureRankings.of(STATE, false, choice, new InferenceCache(), false)
                        .rankings())
                .allSatisfy(ranking -> {
                    assertThat(ranking.within()).containsExactly("rate");
                    assertThat(ranking.ranked())
                            .extracting(MeasureRanking.RankedMeasure::measure)
                            .containsExactlyInAnyOrder("adaptive.trace", "loss");
                });
        MeasureRanking alone = MeasureRankings.of(STATE, false, choice, "half", "probe-200", .2, List.of());
        assertThat(alone.strata()).isEqualTo(1);
        assertThat(alone.differences()).hasSize(1);
    }
}
