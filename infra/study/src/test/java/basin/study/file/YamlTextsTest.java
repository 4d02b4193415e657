package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Json;
import basin.study.Refusal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A text is the same with and without quotes. An unquoted value in a text field, even a number of
 * YAML 1.1 or a Boolean, gives the same result as the quoted one: the same study, or the same
 * refusal.
 */
class YamlTextsTest {
    private static final String MARK = "@here@";
    private static final JsonMapper PLAIN = new JsonMapper(new YAMLFactory());

    private static final String MANIFEST = """
        {study: mine, text: held-out.txt, sentences: 640, seed: 1, steps: 200, metric: acc,
         sizes: [{name: small, width: 4, layers: 1, heads: 2, intermediate: 0}],
         runs: [{name: run-a, size: small, algorithm: adamw, learningRate: 3e-4, seed: 8}],
         flatness: [{estimator: hessian.split, pairs: 40, batch: 16, seed: 7}],
         tasks: [{name: arc_easy, baseline: 0.25}],
         analysis: {match: [1.15], band: 0.15, minRuns: 5, permutations: 99, resamples: 100, confidence: 0.95, seed: 1,
                    claim: {task: arc_easy, protocol: scores, measure: loss, statistic: spearman, expects: positive}},
         platform: {device: cpu, dtype: float32}}
        """;

    private static final String QUESTION = """
        {band: 0.05, measures: [loss], statistics: [kendall], tasks: [root], protocols: [probe],
         flatness: [{estimator: hessian.split, pairs: 40, batch: 16, seed: 7}],
         runs: {sizes: [d16], algorithms: [adamw], learningRates: [0.01], seeds: [1], ids: [3f9a52c1]},
         given: [[loss, rate]], within: [[rate]]}
        """;

    private static final String TEXT_STUDY = """
        {name: text, language: {kind: text, files: [a.txt], tokenizer: words, vocabularySize: 100, maxLength: 8, pairs: 0.2,
                                heldOut: 0.2, seed: 1},
         sizes: [{name: d8, width: 8, layers: 2, heads: 2, intermediate: 0}, {name: l, width: 16, layers: 2, heads: 4, intermediate: 0, architecture: transformer}],
         algorithms: [adamw, {kind: sam, rho: 0.05}],
         learningRates: [0.01], seeds: [1],
         training: {steps: 20, batch: 8, schedule: constant, warmup: 0, beta1: 0.9, beta2: 0.98, epsilon: 1.0e-6,
                    weightDecay: 0.01, initialDeviation: 0.02},
         checkpoints: {geometric: {first: 10, ratio: 2.0}, every: 0, excess: []},
         validation: {sentences: 640, quickSentences: 64, every: 5, seed: 101},
         flatness: [{estimator: hessian.split, pairs: 40, batch: 16, seed: 7, expandTo: l, recipe: tiled}],
         tasks: [{name: one, table: {layout: sst-2, file: a.tsv, test: b.tsv}},
                 {name: own, table: {texts: [t], label: l, classes: [x, y], file: a.tsv, test: b.tsv}}],
         protocols: [{kind: linear-probe, name: p, features: mean, project: 0, labels: [25, 100], test: 1_0, epochs: 4, batch: 2,
                      learningRate: 0.01, repetitions: 3, seed: 3, checkpoints: all}],
         analysis: {match: [0.2], band: 0.05, minRuns: 5, permutations: 99, resamples: 100, confidence: 0.95, seed: 4},
         platform: {device: cpu, dtype: float32}}
        """;

    private static final String STUDY = """
        {name: sample, language: {kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, seed: 1},
         sizes: [{name: d8, width: 8, layers: 1, heads: 2, intermediate: 0}],
         algorithms: [{kind: sgd, momentum: 0.9, learningRates: [0.1, 0.3], schedule: linear},
                      {kind: sam, rho: 5e-2, base: {kind: sgd, momentum: 0}}, {kind: sam, rho: 0.1, base: adamw},
                      {kind: adversarial, weight: 0.5, task: root, examples: 64, seed: 7}, lookup-table],
         learningRates: [0.01, 0.02], seeds: [1, 2], startFrom: [3f9a52c1@1200],
         training: {steps: 120, batch: 32, schedule: linear, warmup: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1.0e-6,
                    weightDecay: 0.01, initialDeviation: 0.1},
         checkpoints: {geometric: {first: 30, ratio: 2.0}, every: 0, excess: [0.8]},
         validation: {sentences: 512, quickSentences: 64, every: 10, seed: 101},
         flatness: [{estimator: paired, pairs: 40, batch: 16, seed: 201}],
         tasks: [{name: root, start: 0, length: 0, label: ancestor, shift: {kind: reweighted, strength: 0.5, seed: 7}}],
         protocols: [{kind: fine-tune, name: tune, labels: 40, test: 100, epochs: 2, batch: 20, learningRate: 0.001, warmupSteps: 2,
                      repetitions: 2, seed: 301, checkpoints: matched}],
         analysis: {match: [0.8], band: 0.1, minRuns: 5, permutations: 999, resamples: 500, confidence: 0.95, seed: 401,
                    claim: {task: root, protocol: tune, measure: hessian.trace, statistic: kendall,
                            match: 0.8, within: [rate], expects: negative}},
         platform: {device: cpu, dtype: float32}}
        """;

    @TempDir
    private Path folder;

    /**
     * Returns, by the path of each text without indices of list entries, the document with the mark
     * in place of the text.
     */
    private static Map<String, String> marked(String yaml) {
        try {
            JsonNode tree = PLAIN.readTree(yaml);
            Map<String, String> marked = new LinkedHashMap<>();
            mark(tree, tree, "", marked);
            return marked;
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void mark(JsonNode root, JsonNode node, String path, Map<String, String> marked) {
        if (node instanceof ObjectNode fields) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(fields.properties())) {
                String own = path + "." + field.getKey();
                if (field.getValue().isTextual()) {
                    fields.set(field.getKey(), TextNode.valueOf(MARK));
                    marked.putIfAbsent(own, root.toString());
                    fields.set(field.getKey(), field.getValue());
                } else {
                    mark(root, field.getValue(), own, marked);
                }
            }
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                JsonNode entry = list.get(i);
                if (entry.isTextual()) {
                    list.set(i, TextNode.valueOf(MARK));
                    marked.putIfAbsent(path + "[]", root.toString());
                    list.set(i, entry);
                } else {
                    mark(root, entry, path, marked);
                }
            }
        }
    }

    private static String outcome(Function<String, Object> read, String document) {
        try {
            return new String(Json.canonical(read.apply(document)), StandardCharsets.UTF_8);
        } catch (RuntimeException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static void sameWithAndWithoutQuotes(String scalar, String yaml, Function<String, Object> read) {
        List<String> different = new ArrayList<>();
        marked(yaml).forEach((path, document) -> {
            String quoted = outcome(read, document.replace(MARK, scalar));
            String plain = outcome(read, document.replace("\"" + MARK + "\"", scalar));
            if (!plain.equals(quoted)) {
                different.add(path + ": " + plain + "\n   quoted: " + quoted);
            }
        });
        assertThat(different).isEmpty();
    }

    private Object manifest(String document) {
        try {
            return IngestFile.read(Files.writeString(folder.resolve("basin.yaml"), document));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Object study(String document) {
        try {
            return StudyFile.draft(Files.writeString(folder.resolve("study.yaml"), document));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3e-4",
                "1e5",
                "010",
                "0o17",
                "1_000",
                "0x1f",
                "0b11",
                "007",
                "1.0",
                "1.",
                ".5",
                "+1",
                "-0",
                "1.50",
                "1:30",
                "yes",
                "Yes",
                "no",
                "on",
                "off",
                "y",
                "n",
                "true",
                "False",
                "TRUE",
                "null",
                "Null",
                "NULL",
                "2024-01-01",
                "2024-01-01T00:00:00Z",
                ".inf",
                ".NaN",
                "12345678901234567890",
                "00123412"
            })
    void aScalarIsWhatItIsWithQuotes(String scalar) throws IOException {
        for (String name : List.of("a.txt", "a.tsv", "b.tsv", scalar)) {
            Files.writeString(folder.resolve(name), "");
        }
        // None is refused unchanged, so that a refusal is caused by the change.
        manifest(MANIFEST);
        QuestionFile.parse(QUESTION, "it");
        study(TEXT_STUDY);
        study(STUDY);
        sameWithAndWithoutQuotes(scalar, MANIFEST, this::manifest);
        sameWithAndWithoutQuotes(scalar, QUESTION, text -> QuestionFile.parse(text, "it"));
        sameWithAndWithoutQuotes(scalar, TEXT_STUDY, this::study);
        sameWithAndWithoutQuotes(scalar, STUDY, this::study);
    }

    @Test
    void theStudiesThatComeWithBasinDoNotCareForQuotesEither() throws IOException {
        for (String study : List.of("quick", "small", "paper-hmm", "paper-pcfg")) {
            String yaml = Files.readString(Path.of("../studies", study + ".yaml"));
            assertThat(StudyFile.parse(yaml, "it").name()).isEqualTo(study);
            for (String scalar : List.of("3e-4", "010", "on", "null")) {
                sameWithAndWithoutQuotes(scalar, yaml, text -> StudyFile.parse(text, "it"));
            }
        }
    }

    @Test
    void namesStayAsTheyAreWrittenAndNumbersAreNumbers() {
        for (String name : List.of("3e-4", "010", "1_000", "0x1f", "yes", "on", "null", "2024-01-01", "1.0")) {
            IngestFile.Manifest read = (IngestFile.Manifest) manifest(MANIFEST.replace("run-a", name)
                    .replace("small", name)
                    .replace("algorithm: adamw", "algorithm: " + name)
                    .replace("arc_easy", name)
                    .replace("study: mine", "study: " + name)
                    .replace("metric: acc", "metric: " + name));
            assertThat(read.runs().getFirst().name()).isEqualTo(name);
            assertThat(read.runs().getFirst().size()).isEqualTo(name);
            assertThat(read.runs().getFirst().algorithm()).isEqualTo(name);
            assertThat(read.runs().getFirst().learningRate()).isEqualTo(3e-4);
            assertThat(read.runs().getFirst().seed()).isEqualTo(8);
            assertThat(read.sizes().getFirst().name()).isEqualTo(name);
            assertThat(read.tasks().getFirst().name()).isEqualTo(name);
            assertThat(read.study()).isEqualTo(name);
            assertThat(read.metric()).hasValue(name);
        }
    }

    @Test
    void aNumberThatTwoVersionsOfYamlReadDifferentlyIsRefused() {
        assertThatThrownBy(() -> manifest(MANIFEST.replace("seed: 8", "seed: 010")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("seed is '010': give a whole number");
    }
}
