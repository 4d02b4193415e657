package basin.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.fold.Fold;
import basin.aggregator.present.Columns;
import basin.record.Event;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a study's result is told in few lines, and its headline in the words of a paper. */
class BriefResultTest {
    private static final Path QUICK = Path.of("src/test/resources/basin/aggregator/quick.yaml");
    private static final StudyView DONE = view(SyntheticStudy.quick(), 100);

    private static StudyView view(StudySpec study, int finished) {
        Fold fold = new Fold();
        for (Event event : SyntheticStudy.until(study, 1, finished, false)) {
            Fold.Outcome _ = fold.add(event);
        }
        return Views.of(fold.study(Ids.study(study)).orElseThrow(), Set.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 80, 60})
    void itFitsAScreen(int columns) {
        List<String> lines = ResultTable.brief(DONE, columns).lines().toList();
        assertThat(lines).hasSizeBetween(6, ResultTable.BRIEF_LINES);
        assertThat(lines.getFirst())
                .isEqualTo(Columns.wrap(DONE.headline(), columns).getFirst());
        if (columns >= 80) {
            assertThat(lines).allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(columns));
        }
    }

    @Test
    void theRowsThatAnswerComeFirst() {
        StudyView.RowView primary = DONE.primary().orElseThrow();
        List<String> lines = ResultTable.brief(DONE, 100).lines().toList();
        int head = lines.indexOf(lines.stream()
                .filter(line -> line.contains("  task "))
                .findFirst()
                .orElseThrow());
        assertThat(lines.get(head)).contains("Kendall's τ", "95 % CI", "p", "runs");
        assertThat(lines.get(head + 1)).contains(primary.task(), primary.protocol(), "tr H");
        assertThat(lines).filteredOn(line -> line.contains(" loss ")).isNotEmpty();
        assertThat(lines).noneMatch(line -> line.contains("n 0"));
        assertThat(lines.getLast()).contains("exploratory");
    }

    @Test
    void theHeadlineSaysWhatWasComparedAndHowSurelyFlatnessPredicts() {
        assertThat(DONE.headline())
                .matches("(Inconclusive|Flatter models do better|Flatter models do worse)\\. Among models of the same"
                        + " size with matched loss \\(0\\.\\d\\d–0\\.\\d\\d nats above optimum\\), flatness"
                        + " (does not clearly predict|predicts higher|predicts lower) accuracy on [\\w-]+"
                        + " \\(Kendall's τ = −?\\d\\.\\d\\d, 95 % CI \\[.*], p [=<] .*, \\d+ runs\\)\\.");
        assertThat(view(SyntheticStudy.quick(), 1).headline())
                .matches(
                        "No answer yet: \\d+ of 12 runs can be compared among models of the same size with matched loss"
                                + " \\(0\\.\\d\\d–0\\.\\d\\d nats above optimum\\)\\.");
    }

    @Test
    void aStudyWithoutTasksSaysWhyThereIsNoAnswer() throws IOException {
        StudySpec study = StudyFile.parse(
                Files.readString(QUICK).replaceAll("(?ms)^tasks:.*?^protocols:", "tasks: []\nprotocols:"),
                "study.yaml");
        StudyView view = view(study, 100);
        assertThat(view.headline()).isEqualTo("This study has no task, so there is no accuracy to compare.");
        assertThat(ResultTable.brief(view, 100)).startsWith(view.headline());
    }
}
