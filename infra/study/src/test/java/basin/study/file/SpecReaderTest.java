package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Json;
import basin.study.Refusal;
import basin.study.SizeSpec;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading of files: scalars as written, and all mistakes at once. */
class SpecReaderTest {
    private static final Path QUICK = Path.of("../studies/quick.yaml");

    private static String quick() throws IOException {
        return Files.readString(QUICK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3e-4", "1e3", "007", "1_000", "12", "0.50", "true", "false", "on", "no", "2026-01-31"})
    void aTextThatLooksLikeANumberOrATruthValueStaysAsItIsWritten(String name) throws IOException {
        StudySpec study = StudyFile.parse(
                quick().replace("name: d16, ", "name: " + name + ", ").replace("name: root, ", "name: " + name + ", "),
                "study.yaml");
        assertThat(study.sizes().getFirst().name()).isEqualTo(name);
        assertThat(study.tasks().getFirst().name()).isEqualTo(name);
        assertThat(QuestionFile.parse("tasks: [" + name + "]\nruns: {ids: [" + name + "]}", "question.yaml")
                        .tasks())
                .contains(List.of(name));
    }

    @Test
    void aTextFileThatLooksLikeANumberIsNamedInAnEstimatorsEmbeddingAndAnAdversarysTask() throws IOException {
        String text = quick().replace("name: root, ", "name: 1e2, ")
                .replace("[adamw]", "[{kind: adversarial, weight: 1, task: 1e2, examples: 64, seed: 1}]");
        assertThat(StudyFile.parse(text, "study.yaml").tasks())
                .extracting(TaskSpec::name)
                .startsWith("1e2");
    }

    @Test
    void aNumberIsANumberInEveryForm() throws IOException {
        String text = quick();
        assertThat(StudyFile.parse(text.replace("steps: 1000", "steps: 1_000"), "study.yaml"))
                .isEqualTo(StudyFile.parse(text.replace("steps: 1000", "steps: +1000"), "study.yaml"))
                .isEqualTo(StudyFile.read(QUICK));
        assertThat(StudyFile.parse(text.replace("band: 0.02", "band: 2e-2"), "study.yaml"))
                .isEqualTo(StudyFile.parse(text.replace("band: 0.02", "band: .02"), "study.yaml"))
                .isEqualTo(StudyFile.read(QUICK));
        assertThatThrownBy(() -> StudyFile.parse(text.replace("band: 0.02", "band: \"0.02\""), "study.yaml"))
                .hasMessageContaining("analysis.band is '0.02': give a number");
    }

    @Test
    void everyMistakeIsToldAtOnceWithItsLine() throws IOException {
        String text = quick().replace("width: 16, layers", "widht: 16, layers")
                .replace("steps: 1000", "steps: many")
                .replace("label: ancestor}", "label: ancestors}")
                .replace("  seed: 101\n", "");
        assertThatThrownBy(() -> StudyFile.parse(text, "study.yaml"))
                .isInstanceOf(Refusal.class)
                .message()
                .satisfies(reported ->
                        assertThat(reported.lines()).first().asString().matches("study.yaml has [34] mistakes:"))
                .contains("line 7: unknown field 'sizes[0].widht' (did you mean 'width'?): remove it or use one of")
                .contains("training.steps is 'many': give a whole number from 1 to 10000000")
                .contains("tasks[0].label is 'ancestors' (did you mean 'ancestor'?)")
                .doesNotContain("'sizes[0].width' is missing");
    }

    @Test
    void whatPartsRefuseAndWhatHoldsBetweenThemIsToldTogether() throws IOException {
        String parts = quick().replace("width: 16, layers", "width: -16, layers")
                .replace("learningRates: [0.006", "learningRates: [-1");
        assertThatThrownBy(() ->
                        StudyFile.parse(parts.replace("name: d48, width: 48", "name: d48, width: 9999"), "study.yaml"))
                .hasMessageContaining("study.yaml has 3 mistakes:")
                .hasMessageContaining("line 7: sizes[0].width is -16")
                .hasMessageContaining("sizes[3].width is 9999: give a whole number from 1 to 8192");
        String between = quick().replace("name: d24,", "name: d16,").replace("seeds: [1]", "seeds: [1, 1]");
        assertThatThrownBy(() -> StudyFile.parse(between + "\nreference: none\n", "study.yaml"))
                .hasMessageContaining("study.yaml has 3 mistakes:")
                .hasMessageContaining("line 8: sizes[1].name is 'd16', as in another entry: name each once.")
                .hasMessageContaining("seeds[1] is 1, as in another entry: name each once.")
                .hasMessageContaining("reference is 'none': give one of the study's arms");
    }

    @Test
    void aFieldThatIsGivenTwiceIsRefused() throws IOException {
        assertThatThrownBy(() -> StudyFile.parse(quick() + "\nseeds: [2]\n", "study.yaml"))
                .isInstanceOf(Refusal.class)
                .hasMessageMatching(
                        "study.yaml: line \\d+: field 'seeds' is given twice, first in line \\d+: remove one\\.");
        assertThatThrownBy(() -> QuestionFile.parse("runs: {sizes: [a], sizes: [b]}", "question.yaml"))
                .hasMessageContaining("field 'runs.sizes' is given twice");
    }

    @Test
    void aManifestIsReadAlike(@TempDir Path folder) throws IOException {
        String manifest = """
            study: my-models
            text: held-out.txt
            sentences: 640
            seed: 1
            steps: 200
            sizes:
              - {name: small, width: 4, layers: 1, heads: 2, intermediate: 0}
            runs:
              - {name: 3e-4, size: small, algorithm: adamw, learningRate: 0.01, seed: 1}
            flatness: []
            tasks:
              - {name: arc_easy, baseline: 0.25}
            analysis: {match: [1.15], band: 0.15, minRuns: 5, permutations: 99, resamples: 100, confidence: 0.95, seed: 1}
            platform: {device: cpu, dtype: float32}
            """;
        Path file = Files.writeString(folder.resolve("basin.yaml"), manifest);
        assertThat(IngestFile.read(file).runs().getFirst().name()).isEqualTo("3e-4");
        Files.writeString(
                file,
                manifest.replace("learningRate: 0.01", "learningRat: 0.01")
                        .replace("sentences: 640", "sentences: all"));
        assertThatThrownBy(() -> IngestFile.read(file))
                .hasMessageContaining("has 2 mistakes:")
                .hasMessageContaining("line 3: sentences is 'all': give a whole number of at least 640")
                .hasMessageContaining("line 9: unknown field 'runs[0].learningRat' (did you mean 'learningRate'?)");
    }

    @Test
    void manyAliasesAreNoBomb() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String before = "*a" + (i - 1);
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(String.join(", ", java.util.Collections.nCopies(10, before)))
                    .append("]\n");
        }
        assertThatThrownBy(() -> StudyFile.parse(bomb.toString(), "study.yaml"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("repeats values by '*' too often");
    }

    @Test
    void aBugOfOursInAConstructorIsNoMistakeOfTheText() {
        ValueInstantiationException bug = ValueInstantiationException.from(
                (JsonParser) null,
                "planted",
                Json.mapper().constructType(SizeSpec.class),
                new IllegalArgumentException("planted"));
        assertThatThrownBy(() -> Json.explain(bug))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("planted");
    }
}
