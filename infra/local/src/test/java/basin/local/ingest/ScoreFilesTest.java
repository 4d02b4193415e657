package basin.local.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import basin.events.IngestFile;
import basin.events.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each line of scores is taken, or refused with the column, its value and what to do. */
class ScoreFilesTest {
    @TempDir
    private Path folder;

    private IngestFile.Manifest manifest;

    @BeforeEach
    void aManifest() throws IOException {
        manifest = IngestFile.read(Files.writeString(folder.resolve("basin.yaml"), """
            study: mine
            text: held-out.txt
            sentences: 640
            seed: 1
            steps: 20
            sizes: [{name: tiny, width: 8, layers: 2, heads: 2, intermediate: 0}]
            runs:
              - {name: run-a, size: tiny, algorithm: muon, rate: 0.01, seed: 1}
              - {name: run-b, size: tiny, algorithm: muon, rate: 0.02, seed: 1}
            flatness: []
            tasks: [{name: questions}, {name: answers}]
            analysis: {match: [3.0], band: 10, leastRuns: 3, permutations: 99, resamples: 100, confidence: 0.95, seed: 1}
            platform: {device: cpu, dtype: float32}
            """));
    }

    private ScoreFiles.Read read(String line) throws IOException {
        Path csv = Files.writeString(folder.resolve("s.csv"), "run,step,task,score,stderr,n\n" + line + "\n");
        return ScoreFiles.read(List.of(csv), manifest);
    }

    @Test
    void aLineIsAScoreWithItsErrorOrThatOfRightAndWrongAnswers() throws IOException {
        ScoreFiles.Read read = read("run-a, 20 ,questions,0.5,,400\n\nrun-b,10,answers,1,0.02,");
        assertThat(read.refused()).isEmpty();
        assertThat(read.scores())
                .containsExactly(
                        new Score("run-a", 20, "questions", new Measured(0.5, 0.025)),
                        new Score("run-b", 10, "answers", new Measured(1, 0.02)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "run-z,20,questions,0.5,,400 | run is 'run-z', which is not in the manifest: give one of run-a, run-b",
                "run-a,20,question,0.5,,400 | task is 'question', which is not in the manifest: give one of questions,"
                        + " answers",
                "run-a,soon,questions,0.5,,400 | step is 'soon': give a whole number",
                "run-a,20,questions,70,,400 | the score is 70.0: give a share from 0 to 1",
                "run-a,20,questions,much,,400 | score is 'much': give a number",
                "run-a,20,questions,,,400 | the score is absent",
                "run-a,20,questions,0.5,,few | n is 'few': give a number",
                "run-a,20,questions,0.5,, | neither a standard error nor n is given",
                "run-a,20,questions,0.5,-1, | the standard error is -1.0",
                "run-a,20,questions,0.5 | has 4 columns: give 6, run,step,task,score,stderr,n",
            })
    void whatIsNoScoreIsRefusedInOneSentence(String line, String expected) throws IOException {
        ScoreFiles.Read read = read(line);
        assertThat(read.scores()).isEmpty();
        assertThat(read.refused()).singleElement().asString().contains("s.csv, line 2", expected);
    }
}
