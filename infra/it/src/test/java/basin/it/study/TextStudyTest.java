package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.DataTables;
import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.it.StudyText;
import basin.record.Finding;
import basin.study.Comparison;
import basin.study.Ids;
import basin.study.SampleSize;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the study on a text that comes with Basin, with 20 steps of some of its arms, or of all in
 * the profile {@code long}, from submission to table.
 */
@Tag("sampled")
class TextStudyTest {
    private static final int RUNS = SampleSize.of(6, 12);
    private static final Path STUDIES = Path.of("../studies");

    private static StudySpec brief(Path folder) throws IOException {
        StudyText text = StudyText.of(STUDIES.resolve("text.yaml"))
                .with("text/", STUDIES.toAbsolutePath() + "/text/")
                .with("steps: 3000", "steps: 20")
                .withSeeds("1")
                .with("first: \\d+", "first: 20")
                .with("  every: 0$", "  every: 0\n  excess: []")
                .with(
                        "sentences: \\d+, quickSentences: \\d+, every: \\d+",
                        "sentences: 200, quickSentences: 50, every: 100")
                // Also measures an estimator that uses forward passes only.
                .with("flatness:$", """
                    flatness:
                      - {estimator: hessian.split, pairs: 40, batch: 32, seed: 201}
                      - {estimator: adaptive.forward, pairs: 40, batch: 32, seed: 201}\
                    """)
                .with("pairs: 40, batch: 32", "pairs: 40, batch: 16")
                .with(
                        "labels: 2000, test: 1000, epochs: \\d+, (.*), repetitions: 5",
                        "labels: 200, test: 500, epochs: 3, batch: 50, learningRate: 0.01, repetitions: 2")
                .with("labels: 1000, test: 1000, epochs: \\d+", "labels: 40, test: 50, epochs: 1")
                .with("match: \\[.*\\], band: [0-9.]+", "match: [4.8], band: 4")
                .withFewDraws();
        if (!SampleSize.isWhole()) {
            text = text.with("^  - \\{kind: (label-noise|average).*\\n", "")
                    .with("learningRates: \\[0.003, 0.01\\]", "learningRates: [0.003]");
        }
        return StudyFile.read(Files.writeString(folder.resolve("brief.yaml"), text.text()));
    }

    @Test
    void armsOnATextEndInATableOfHeldOutLosses(@TempDir Path folder) throws Exception {
        StudySpec study = brief(folder);
        StudyView view;
        try (LocalPipeline pipeline = LocalPipeline.start(folder.resolve("data"), 0, 2)) {
            Submission.submit(pipeline.endpoint(), study);
            view = Awaitility.await()
                    .atMost(Duration.ofMinutes(8))
                    .until(
                            () -> pipeline.aggregator().view(Ids.study(study)).filter(StudyView::ended),
                            Optional::isPresent)
                    .orElseThrow();
        }
        assertThat(view.state()).isEqualTo("done");
        assertThat(view.runs()).hasSize(RUNS);
        assertThat(view.optimum()).isEmpty();
        assertThat(view.loss().quantity()).isEqualTo("held-out loss");
        assertThat(view.loss().kind()).isEqualTo("held-out");
        assertThat(view.headline())
                .contains("matched held-out loss (")
                .contains("–4.80 nats)")
                .doesNotContain("excess");
        assertThat(ResultTable.of(view))
                .contains("at equal loss, held-out loss 4.80", "−held-out loss")
                .doesNotContain("excess");
        for (StudyView.Run run : view.runs()) {
            StudyView.Checkpoint last = run.checkpoints().getLast();
            // Between a perfect prediction and the logarithm of a vocabulary of some hundred words.
            assertThat(last.loss().value()).isBetween(1.0, 4.8);
            assertThat(last.loss().standardError()).isPositive();
            assertThat(last.flatness())
                    .extracting(StudyView.Flatness::estimator)
                    .contains(
                            "paired",
                            "paired in d32, tiled",
                            "paired in d32, leading",
                            "hessian.split",
                            "adaptive.forward");
            assertThat(last.downstream())
                    .hasSize(4)
                    .allSatisfy(down -> assertThat(down.bayesAccuracy()).isEmpty())
                    .allSatisfy(down -> assertThat(down.classes()).isEqualTo(2));
        }
        for (String task : List.of("days", "answers")) {
            for (String measure : List.of("hessian.trace", "loss")) {
                assertThat(view.rows())
                        .filteredOn(row -> row.task().equals(task)
                                && row.measure().equals(measure)
                                && row.comparison() == Comparison.MATCHED
                                && row.protocol().equals("probe-2000")
                                && row.statistic().equals("spearman"))
                        .isNotEmpty()
                        .allSatisfy(row -> {
                            assertThat(row.finding().status()).isEqualTo(Finding.Status.ESTIMATE);
                            assertThat(row.finding().runs()).isEqualTo(RUNS);
                        });
            }
        }
        assertThat(DataTables.of("downstream").csv(view)).contains(",days,probe-2000,", ",answers,fine-tune-1000,");
        assertThat(DataTables.of("losses").csv(view)).contains(",held-out,");
    }
}
