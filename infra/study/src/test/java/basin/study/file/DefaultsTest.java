package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.AnalysisSpec;
import basin.study.ArmSpec;
import basin.study.CheckpointSpec;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.Json;
import basin.study.LanguageSpec;
import basin.study.ProtocolSpec;
import basin.study.SizeSpec;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import basin.study.TrainingSpec;
import basin.study.ValidationSpec;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The defaults of study files, and the ranges of their fields beside those of the records. */
class DefaultsTest {
    static final Path STUDIES = Path.of("../studies");
    private static final Path FILES = Path.of("src/test/resources/basin/study/file");
    private static final String LEAST = """
        name: least
        language: %s
        sizes: %s
        learningRates: [0.01]
        seeds: [1]
        """;

    static List<Path> studies() throws IOException {
        try (Stream<Path> files = Files.list(STUDIES)) {
            return Stream.concat(files, Stream.of(FILES.resolve("least.yaml")))
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static StudySpec least(String language, String sizes, String more) {
        return StudyFile.parse(LEAST.formatted(language, sizes) + more, "least.yaml");
    }

    @Test
    void aStudyOfFiveLinesIsWhole() {
        StudySpec study = StudyFile.read(FILES.resolve("least.yaml"));
        assertThat(study.sizes())
                .containsExactly(new SizeSpec("d16", 16, 2, 4, 64), new SizeSpec("d32", 32, 2, 4, 128));
        assertThat(study.learningRates()).containsExactly(0.001, 0.003);
        assertThat(study.language()).isEqualTo(new LanguageSpec.Tree(3, 6, 2, 18, 1));
        assertThat(study.training().steps()).isEqualTo(4000);
        assertThat(study.checkpoints())
                .isEqualTo(
                        new CheckpointSpec(Optional.of(new CheckpointSpec.Geometric(1000, 2)), 0, List.of(0.2, 0.1)));
        assertThat(study.validation()).isEqualTo(new ValidationSpec(16384, 2048, 20, 101));
        assertThat(study.flatness()).containsExactly(new EstimatorSpec(Estimator.PAIRED, 40, 24, 201));
        assertThat(study.tasks()).containsExactly(new TaskSpec("root", 0, 0, TaskSpec.Label.ANCESTOR));
        assertThat(study.protocols()).extracting(ProtocolSpec::name).containsExactly("probe");
        assertThat(study.analysis().match()).containsExactly(0.2, 0.1);
        assertThat(study.platform().device()).isEqualTo("cpu");
    }

    @Test
    void aDefaultFollowsTheValuesThatItIsComputedFrom() {
        StudySpec study = least("{kind: tree}", "[{width: 24, layers: 1}, {architecture: lstm, width: 16}]", """
            training: {steps: 80}
            validation: {sentences: 640}
            analysis: {match: [0.5]}
            flatness: [{}, {estimator: spectrum.lanczos}, {estimator: sharpness.sam}]
            protocols: [{kind: fine-tune}, {labels: [50, 100]}]
            algorithms: [sgd, {kind: sam, base: {kind: sgd}}, average, {kind: average, from: 0.5}]
            """);
        assertThat(study.sizes()).extracting(SizeSpec::name).containsExactly("d24", "l16");
        assertThat(study.sizes().getFirst().intermediate()).isEqualTo(96);
        assertThat(study.checkpoints().geometric().orElseThrow().first()).isEqualTo(20);
        assertThat(study.checkpoints().excess()).containsExactly(0.5);
        assertThat(study.validation().quickSentences()).isEqualTo(80);
        assertThat(study.flatness()).extracting(EstimatorSpec::pairs).containsExactly(40, 8, 40);
        assertThat(study.flatness().getLast().radius()).hasValue(0.01);
        assertThat(study.protocols())
                .extracting(ProtocolSpec::name)
                .containsExactly("fine-tune", "probe-50", "probe-100");
        assertThat(study.algorithms())
                .extracting(arm -> arm.algorithm().name())
                .containsExactly(
                        "sgd(momentum=0.9)",
                        "sam(rho=0.05)+sgd(momentum=0.9)",
                        "average(decay=0.99)",
                        "average(from=0.5)");
    }

    @Test
    void levelsAreWrittenOnceAndCheckpointsAtOthersAreChosenFreely() {
        assertThat(least("{kind: tree}", "[16]", "analysis: {match: [0.3]}\n")
                        .checkpoints()
                        .excess())
                .containsExactly(0.3);
        StudySpec other =
                least("{kind: tree}", "[16]", "checkpoints: {every: 5, excess: []}\nanalysis: {match: [0.3]}\n");
        assertThat(other.checkpoints()).isEqualTo(new CheckpointSpec(Optional.empty(), 5, List.of()));
        assertThat(other.analysis().match()).containsExactly(0.3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tree | root | 0.2",
                "layered | root | 0.2",
                "random | root | 0.2",
                "hmm | state | 0.2",
                "brackets | openings | 0.2",
            })
    void everyLanguageHasATaskThatFits(String kind, String task, double level) {
        StudySpec study = least("{kind: " + kind + "}", "[16]", "");
        assertThat(study.tasks()).extracting(TaskSpec::name).containsExactly(task);
        assertThat(study.analysis().match()).startsWith(level);
    }

    @Test
    void aTextHasNoTaskAndNoLevelUnlessItIsGiven(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("lines.txt"), "a b c\n");
        Path file = Files.writeString(
                folder.resolve("text.yaml"), LEAST.formatted("{kind: text, files: [lines.txt]}", "[16]"));
        StudySpec study = StudyFile.read(file);
        assertThat(study.tasks()).isEmpty();
        assertThat(study.analysis().match()).isEmpty();
        assertThat(study.checkpoints().excess()).isEmpty();
        assertThat(study.validation()).isEqualTo(new ValidationSpec(1000, 500, 20, 101));
    }

    /** The ids are those that these studies had when their files gave every value. */
    @ParameterizedTest
    @CsvSource({
        "quick, quick-62661329",
        "small, small-b5d7856f",
        "text, text-41734e36",
        "paper-hmm, paper-hmm-780c1806",
        "paper-pcfg, paper-pcfg-197f3dde"
    })
    void shippedStudiesKeepTheirIds(String name, String id) {
        assertThat(Ids.study(StudyFile.read(STUDIES.resolve(name + ".yaml")))).isEqualTo(id);
    }

    /** Writes a study file into a folder, beside the files that shipped studies name. */
    static Path copy(String yaml, Path folder) throws IOException {
        for (String data :
                List.of("sentences.txt", "days-train.tsv", "days-dev.tsv", "answers-train.tsv", "answers-dev.tsv")) {
            Path to = Files.createDirectories(folder.resolve("text")).resolve(data);
            if (!Files.exists(to)) {
                Files.copy(STUDIES.resolve("text").resolve(data), to);
            }
        }
        return Files.writeString(folder.resolve("copy.yaml"), yaml);
    }

    @ParameterizedTest
    @MethodSource("studies")
    void theWholeFileIsTheSameStudy(Path study, @TempDir Path folder) throws IOException {
        String whole = StudyFile.whole(study);
        Path file = copy(whole, folder);
        assertThat(StudyFile.draft(file)).isEqualTo(StudyFile.draft(study));
        assertThat(StudyFile.whole(file)).isEqualTo(whole);
        JsonNode tree = YamlTree.parse(whole, "it").root();
        for (Fields.Field field : Fields.STUDY.all()) {
            if (field.hasDefault() && field.path().matches("(training|validation|analysis|platform)\\.\\w+")) {
                assertThat(tree.at("/" + field.path().replace('.', '/')).isMissingNode())
                        .as(field.path())
                        .isFalse();
            }
        }
    }

    private static final JsonMapper LENIENT = Json.mapper()
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private static final Map<String, Class<?>> RECORDS = Map.of(
            "language", LanguageSpec.class,
            "sizes", SizeSpec.class,
            "algorithms", ArmSpec.class,
            "training", TrainingSpec.class,
            "checkpoints", CheckpointSpec.class,
            "validation", ValidationSpec.class,
            "flatness", EstimatorSpec.class,
            "tasks", TaskSpec.class,
            "protocols", ProtocolSpec.class,
            "analysis", AnalysisSpec.class);

    /** Bounds that depend on other fields, and are narrower with these at their defaults. */
    private static final Set<String> NARROWER = Set.of(
            "language(tree).rules max",
            "language(tree).vocabularySize min",
            "language(hmm).minLength max",
            "language(teacher).minLength max",
            "validation.quickSentences max",
            "flatness.pairs min");

    /** Returns a file in which the field's entry is there, filled with defaults. */
    private static ObjectNode around(String path) throws IOException {
        String kind = path.replaceAll("[^(]*\\(?([^)]*)\\)?.*", "$1");
        Map<String, String> parts = new LinkedHashMap<>(Map.of(
                "language", "{kind: tree}",
                "sizes", "[{width: 16}]",
                "flatness", "[{}]",
                "tasks", "[{name: t}]"));
        String hash = "a".repeat(64);
        switch (path.split("[.(]")[0]) {
            case "language" ->
                parts.put(
                        "language",
                        "{kind: " + kind
                                + (kind.equals("teacher") ? ", weights: " + hash : "")
                                + (kind.equals("text") ? ", files: [" + hash + "]" : "") + "}");
            case "algorithms" ->
                parts.put(
                        "algorithms",
                        "[{kind: " + (kind.isEmpty() ? "adamw" : kind)
                                + (kind.equals("adversarial")
                                        ? ", task: {name: t, start: 0, length: 0, label: ancestor}"
                                        : "")
                                + "}]");
            case "protocols" -> parts.put("protocols", "[{kind: " + kind + "}]");
            case "tasks" -> {
                if (path.contains("shift")) {
                    parts.put("tasks", "[{name: t, shift: {kind: " + kind + "}}]");
                }
            }
            case "flatness" -> {
                if (path.endsWith("radius")) {
                    parts.put("flatness", "[{estimator: sharpness.sam}]");
                }
            }
            default -> {}
        }
        StringBuilder yaml = new StringBuilder();
        parts.forEach(
                (name, value) -> yaml.append(name).append(": ").append(value).append('\n'));
        ObjectNode file = (ObjectNode) YamlTree.parse(yaml.toString(), path).root();
        Fields.STUDY.fill(file);
        return file;
    }

    /** Returns why the record of the field's entry refuses a value; empty if it takes it. */
    private static Optional<String> refusal(String path, double value) throws IOException {
        String head = path.split("[.(]")[0];
        if (!RECORDS.containsKey(head)) {
            return Optional.of("has no record");
        }
        JsonNode part = around(path).path(head);
        JsonNode own = part.isArray() ? part.get(0) : part;
        List<String> names =
                new ArrayList<>(List.of(path.replaceAll("\\([^)]*\\)", "").split("\\.")));
        ObjectNode parent = (ObjectNode) own;
        for (String name : names.subList(1, names.size() - 1)) {
            parent = (ObjectNode) parent.path(name);
        }
        JsonNode number = value == Math.rint(value) ? parent.numberNode((long) value) : parent.numberNode(value);
        boolean isList = parent.path(names.getLast()) instanceof ArrayNode
                || names.getLast().matches("match|excess|learningRates");
        parent.set(names.getLast(), isList ? parent.arrayNode().add(number) : number);
        if (head.equals("protocols")) {
            ((ObjectNode) own).set("on", ((ObjectNode) own).remove("checkpoints"));
        }
        try {
            LENIENT.treeToValue(own, RECORDS.get(head));
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(Json.explain(e));
        }
    }

    static List<String> bounded() {
        return Fields.STUDY.all().stream()
                .filter(field -> Stream.of("min", "max", "above", "below")
                        .anyMatch(bound -> field.bound(bound).isPresent()))
                .map(Fields.Field::path)
                .filter(path -> RECORDS.containsKey(path.split("[.(]")[0]) && !path.contains("claim"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("bounded")
    void rangesAreThoseOfTheRecords(String path) throws IOException {
        Fields.Field field = Fields.STUDY.find(path).orElseThrow();
        for (Map.Entry<String, Integer> side :
                Map.of("min", -1, "above", 0, "max", 1, "below", 0).entrySet()) {
            if (field.bound(side.getKey()).isEmpty()) {
                continue;
            }
            double bound = field.bound(side.getKey()).get().asDouble();
            boolean whole = field.bound(side.getKey()).get().isIntegralNumber();
            double step = whole && bound != 0 && bound != 1 ? 1 : 1e-5;
            boolean isWholeField =
                    field.constant().map(JsonNode::isIntegralNumber).orElse(whole);
            double beyond = bound + side.getValue() * (isWholeField ? 1 : step);
            assertThat(refusal(path, beyond)).as("%s beyond %s", path, side).isPresent();
            if (side.getValue() != 0 && !NARROWER.contains(path + " " + side.getKey())) {
                assertThat(refusal(path, bound).orElse(""))
                        .as("%s at %s", path, side)
                        .doesNotContainPattern("is " + (long) bound + "(\\.0)?: give a (whole )?number (from|above)");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"16, 16", "{width: 16}, {name: d16, width: 32}"})
    void sizesOfTheSameNameAreRefused(String sizes) {
        assertThatThrownBy(() -> least("{kind: tree}", "[" + sizes + "]", ""))
                .hasMessage("least.yaml: line 3: sizes[1].name is 'd16'"
                        + (sizes.startsWith("16") ? ", the default" : "") + ", as in another entry: name each once.");
    }

    @Test
    void aDefaultThatDoesNotFitSaysThatItIsTheDefault() {
        assertThatThrownBy(() -> least("{kind: tree}", "[16, 18]", ""))
                .hasMessage("least.yaml: line 3: sizes[1].heads is 4, the default: give a number of heads that divides"
                        + " the width, 18, of size 'd18'.");
    }
}
