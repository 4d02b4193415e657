package basin.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.fold.Fold;
import basin.record.Event;
import basin.study.Comparison;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Tests that headline and rankings make the same comparison and name other estimator versions among
 * the results.
 */
class ComparedWithinSizeTest {
    /**
     * Returns a study with one seed and one common rate, but two rates of its only algorithm: two
     * runs per size.
     */
    private static StudySpec ratesOfAnArm() throws IOException {
        return StudyFile.parse(
                Files.readString(Path.of("src/test/resources/basin/aggregator/quick.yaml"))
                        .replaceFirst(
                                "(?m)^algorithms: .*$", "algorithms: [{kind: adamw, learningRates: [0.003, 0.006]}]")
                        .replaceFirst("(?m)^learningRates: .*$", "learningRates: [0.006]")
                        .replaceFirst("(?m)^seeds: .*$", "seeds: [1]"),
                "study.yaml");
    }

    private static StudyView view(StudySpec study, List<Event> events) {
        Fold fold = new Fold();
        events.forEach(fold::add);
        return Views.of(fold.study(Ids.study(study)).orElseThrow(), Set.of());
    }

    @Test
    void anArmsOwnRatesCountForBoth() throws IOException {
        StudySpec study = ratesOfAnArm();
        StudyView view = view(study, SyntheticStudy.until(study, 1, 100, true));
        assertThat(view.rankings())
                .isNotEmpty()
                .allSatisfy(league -> assertThat(league.within()).containsExactly("size"));
        assertThat(view.rankings())
                .extracting(MeasureRanking::task)
                .contains(study.tasks().getFirst().name());
        assertThat(view.rows().stream().filter(StudyView.RowView::primary))
                .singleElement()
                .extracting(StudyView.RowView::comparison)
                .isEqualTo(Comparison.MATCHED_WITHIN_SIZE);
    }

    @Test
    void resultsOfAnotherVersionAreSaidToBe() throws IOException {
        StudySpec study = ratesOfAnArm();
        List<Event> events = SyntheticStudy.until(study, 1, 100, true);
        assertThat(view(study, events).more()).doesNotContain("version");
        List<Event> others = events.stream()
                .map(event -> event instanceof Event.FlatnessMeasured flat
                        ? new Event.FlatnessMeasured(
                                flat.runId(),
                                flat.step(),
                                flat.requested(),
                                flat.platform(),
                                flat.quantity(),
                                flat.value(),
                                flat.interval(),
                                flat.effectiveRank(),
                                flat.parameters(),
                                flat.version() + 1)
                        : event)
                .toList();
        assertThat(view(study, others).more())
                .endsWith("Other versions of estimators: paired measured by version 2, current 1; they stay until you"
                        + " measure anew, with 'replay --measure'.");
    }
}
