package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.it.StudyText;
import basin.study.Ids;
import basin.study.StudySpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a work item that can never be done is dead-lettered, the others are done, and the
 * study reports that it is incomplete.
 */
class IncompleteStudyTest {

    @Test
    void workThatCannotBeDoneIsSetAside(@TempDir Path folder) throws Exception {
        // Words 1 and 2 of a tree's four are cousins, so no symbol ever covers exactly these two.
        StudySpec study = StudyText.brief()
                .withOneRunOfEachSize()
                .with("label: ancestor}", "label: ancestor}\n  - {name: cousins, start: 1, length: 2, label: ancestor}")
                .spec();
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2)) {
            Submission.submit(pipeline.endpoint(), study);
            StudyView view = Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(
                            () -> pipeline.aggregator().view(Ids.study(study)).filter(StudyView::ended),
                            Optional::isPresent)
                    .orElseThrow();
            assertThat(view.state()).isEqualTo("incomplete");
            assertThat(view.more()).startsWith("Incomplete: 0 of 2 runs and ");
            assertThat(view.runs()).allSatisfy(run -> {
                assertThat(run.state()).isEqualTo("done");
                assertThat(run.checkpoints()).allSatisfy(checkpoint -> {
                    assertThat(checkpoint.flatness()).hasSize(4);
                    assertThat(checkpoint.downstream())
                            .extracting(StudyView.Downstream::task)
                            .containsOnly("root");
                });
            });
            long givenUp = pipeline.aggregator()
                    .progress(view.studyId())
                    .orElseThrow()
                    .pipeline()
                    .deadLetters();
            assertThat(givenUp)
                    .isEqualTo(view.done().measurements() - view.done().measured())
                    .isPositive();
        }
    }
}
