package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import basin.study.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All mistakes of a file at once, each with its line, its field, its value and the fix. */
class MistakesTest {
    private static final Path SEVEN = Path.of("src/test/resources/basin/study/file/seven.yaml");

    @Test
    void sevenMistakesOfSevenKindsAreToldAtOnce() {
        Refusal refused = catchThrowableOfType(Refusal.class, () -> StudyFile.read(SEVEN));
        assertThat(refused.sentences())
                .containsExactly(
                        SEVEN + " has 7 mistakes:",
                        "  line 1: field 'seeds' is missing: give a list, such as [1, 2].",
                        "  line 2: unknown field 'language.depht' (did you mean 'depth'?): remove it or use one of"
                                + " depth, kind, rules, seed, symbols, vocabularySize.",
                        "  line 4: sizes[0].heads is 3: give a number of heads that divides the width, 16, of size"
                                + " 'd16'.",
                        "  line 6: sizes[2].name is 'd32', as in another entry: name each once.",
                        "  line 7: learningRates[1] is -0.001: give a number above 0.",
                        "  line 9: training.steps is 'many': give a whole number from 1 to 10000000, such as 4000.",
                        "  line 10: training.schedule is 'liner' (did you mean 'linear'?): give one of constant,"
                                + " linear.");
    }

    @Test
    void rulesBetweenPartsAreAppliedBesideOtherMistakes() {
        assertThatThrownBy(() -> StudyFile.parse("""
            name: my study
            language: {kind: tree, symbols: 5}
            sizes: [16, {architecture: lstm, width: 16, heads: 2}]
            learningRates: [0.01]
            seeds: [1, 1]
            reference: sgd
            training: {objective: causal, batch: 0}
            tasks: [{name: a}, {name: a}, {name: b, table: {layout: sst-2, file: x.tsv, test: y.tsv}}]
            protocols: [{kind: linear-prob}, {name: p, labels: [10, ten]}]
            analysis: {claim: {task: a, protocol: p, measure: loss, statistic: tau, expects: positive}}
            """, "it"))
                .isInstanceOf(Refusal.class)
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .contains(
                                "  line 1: name is 'my study': give 1 to 40 letters, digits, dots, dashes, plus signs"
                                        + " or underscores, a letter or digit first.",
                                "  line 2: language.vocabularySize is 18, the default: give a multiple of"
                                        + " language.symbols, 5.",
                                "  line 3: sizes[1].heads is 2: leave it out of size 'l16', for an LSTM has none.",
                                "  line 5: seeds[1] is 1, as in another entry: name each once.",
                                "  line 7: training.batch is 0: give a whole number from 1 to 65536, such as 64.",
                                "  line 8: tasks[1].name is 'a', as in another entry: name each once.",
                                "  line 9: protocols[0].kind is 'linear-prob' (did you mean 'linear-probe'?): give one"
                                        + " of linear-probe, fine-tune.",
                                "  line 9: protocols[1].labels[1] is 'ten': give a whole number from 2 to 10000000.",
                                "  line 10: analysis.claim.statistic is 'tau': give one of pearson, spearman, kendall.")
                        .anyMatch(line -> line.startsWith("  line 8: tasks[2].table.file is 'x.tsv', and there is no"))
                        .noneMatch(line -> line.contains("objective is 'causal'")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "start_from: 3f9a52c1@1200 | line 6: unknown field 'start_from' (did you mean 'startFrom'?): remove it",
                "protocols: [{on: all}] | line 6: unknown field 'protocols[0].on' (did you mean 'checkpoints'?)",
                "protocols: [{true: all}] | line 6: unknown field 'protocols[0].true' (did you mean 'checkpoints'?)",
                "training: {weight_decay: 0.1} | unknown field 'training.weight_decay' (did you mean 'weightDecay'?)",
                "seeds: [2] | line 6: field 'seeds' is given twice, first in line 5: remove one.",
                "ingested: [] | line 6: unknown field 'ingested': remove it or use one of algorithms, analysis,",
                "algorithms: [other] | line 6: algorithms[0] is 'other': give one of adamw, sgd, sam, label-noise,",
                "training: | line 6: field 'training' has no value: give fields, such as {steps: 4000}.",
                "training: {steps: } | line 6: field 'training.steps' has no value: give a whole number from 1",
                "training: {steps: 1e400} | line 6: training.steps is 1e400: give a",
                "training: {steps: 4.5} | line 6: training.steps is 4.5: give a whole number from 1 to 10000000",
                "flatness: [{estimator: piared}] | flatness[0].estimator is 'piared' (did you mean 'paired'?): give",
                "platform: {dtype: float23} | line 6: platform.dtype is 'float23'",
                "platform: {device: gpu} | line 6: platform.device is 'gpu': give auto, cpu, or cuda:0",
                "tasks: [{label: ancestor}] | line 6: field 'tasks[0].name' is missing: give a text, such as root.",
                "validation: {quickSentences: 20000} | line 6: validation.quickSentences is 20000: give a whole number"
                        + " from 2 to 16384",
            })
    void aMistakeHasItsLineAndTheFix(String more, String expected) {
        assertThatThrownBy(() -> StudyFile.parse(
                        "name: it\nlanguage: {kind: tree}\nsizes: [16]\nlearningRates: [0.01]\nseeds: [1]\n" + more
                                + "\n",
                        "it"))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("it: ")
                .hasMessageContaining(expected)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void ofManyMistakesTheFirstFiftyAreTold() {
        String many = "name: it\nlanguage: {kind: tree}\nlearningRates: [0.01]\nsizes:\n"
                + "  - {widht: 16}\n".repeat(20_000) + "seeds: [1" + ", 1".repeat(30_000) + "]\n";
        assertThatThrownBy(() -> StudyFile.parse(many, "it"))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("it has more than 50 mistakes:\n  line 5: unknown field 'sizes[0].widht'")
                .message()
                .satisfies(message -> assertThat(message.lines()).hasSize(51));
    }

    @Test
    void furtherRulesTellLinesToo(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("it.yaml"), """
            name: it
            language: {kind: tree}
            sizes: [16]
            learningRates: [0.01]
            seeds: [0.5]
            tasks: [{name: a,
              start: 7}]
            """);
        StudyFile.Rules rules = new StudyFile.Rules() {
            @Override
            public void parts(Map<String, Object> parts, Set<String> incomplete) {
                throw new Refusal(
                        "tasks.start is 7: " + parts.containsKey("language") + incomplete.contains("seeds") + ".");
            }
        };
        assertThatThrownBy(() -> StudyFile.read(file, false, rules))
                .hasMessageContaining("line 5: seeds[0] is 0.5: give a whole number")
                .hasMessageContaining("line 7: tasks[0].start is 7: truetrue.");
    }

    @Test
    void aQuestionAndAManifestTellAllAtOnceToo(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> QuestionFile.parse(
                        "bnad: 0.1\nminRuns: 2\nmeasures: [loss, hessian]\nruns: {seeds: [one]}\n", "question.yaml"))
                .hasMessageContaining("question.yaml has 4 mistakes:")
                .hasMessageContaining("line 1: unknown field 'bnad' (did you mean 'band'?)")
                .hasMessageContaining("line 2: minRuns is 2: give a whole number from 3 to 1000")
                .hasMessageContaining("line 3: measures[1] is 'hessian': give one of hessian.trace, fisher.trace,")
                .hasMessageContaining("line 4: runs.seeds[0] is 'one': give a whole number");
        Path manifest = Files.writeString(folder.resolve("basin.yaml"), """
            study: my models
            text: held-out.txt
            steps: -1
            sizes: [16]
            runs:
              - {name: a, size: d16, learningRate: 0.01}
              - {name: a, size: d32, learningRate: 0.01}
            """);
        assertThatThrownBy(() -> IngestFile.read(manifest))
                .hasMessageContaining("has 3 mistakes:")
                .hasMessageContaining("line 3: steps is -1: give a whole number from 1 to 10000000")
                .hasMessageContaining("line 7: runs[1].name is 'a', as in another entry: name each once.")
                .hasMessageContaining("line 7: runs[1].size is 'd32': give one of the sizes, d16.");
    }
}
