package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.ResultFiles;
import basin.study.SampleSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a study that was interrupted and killed ends with the same files as an undisturbed
 * one.
 */
@Tag("sampled")
class InterruptedStudyTest {
    @Test
    void aSecondRunOnTheSameFolderEndsTheSame(@TempDir Path left, @TempDir Path disturbed) throws Exception {
        ResultFiles.write(RepeatedStudy.undisturbed(), left);
        try (StudyProcess first = StudyProcess.start(disturbed)) {
            first.awaitProgress(15).interrupt();
            assertThat(first.awaitEnd()).as(first.said()).isEqualTo(130);
            assertThat(first.said()).contains("Page: http://127.0.0.1:", "Expected: about");
            assertThat(first.said()).contains("Interrupted; the same command on the same folder resumes here.");
            assertThat(first.said()).doesNotContain("Exception").doesNotContain("\tat ");
        }
        for (int until : SampleSize.isWhole() ? List.of(35, 60) : List.of(50)) {
            try (StudyProcess killed = StudyProcess.start(disturbed)) {
                killed.awaitProgress(until).kill();
                assertThat(killed.awaitEnd()).as(killed.said()).isEqualTo(137);
            }
        }
        try (StudyProcess last = StudyProcess.start(disturbed, "--quiet")) {
            assertThat(last.awaitEnd()).as(last.said()).isZero();
            assertThat(last.said())
                    .as("--quiet leaves the result alone")
                    .contains("τ")
                    .doesNotContain("Page: ", "Expected: ", "runs ended", "Continuing", "All tables", "\u001b");
            assertThat(last.said().lines()).hasSizeLessThanOrEqualTo(25);
        }
        for (String file : new String[] {
            "view.json", "correlations.csv", "flatness.csv", "downstream.csv", "losses.csv", "table.txt"
        }) {
            assertThat(disturbed.resolve("out").resolve(file)).hasContent(Files.readString(left.resolve(file)));
        }
    }
}
