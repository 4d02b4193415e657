package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Architecture;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.Json;
import basin.study.Objective;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.ShiftSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The valid forms of a study file, and the refusal of each mistake. */
class StudyFileTest {
    private static final Path QUICK = Path.of("../studies/quick.yaml");

    @org.junit.jupiter.api.Test
    void expandsToItsGrid() {
        StudySpec study = StudyFile.read(QUICK);
        assertThat(StudyPlan.runs(study))
                .hasSize(12)
                .extracting(StudyPlan.PlannedRun::runId)
                .doesNotHaveDuplicates();
        assertThat(StudyFile.read(QUICK)).isEqualTo(study);
        assertThat(Ids.study(study)).startsWith("quick-").hasSize("quick-".length() + 8);
    }

    @org.junit.jupiter.api.Test
    void aRadiusIsPartOfWhatIsAskedAndItsAbsenceChangesNoOldId() throws IOException {
        String text = Files.readString(QUICK);
        EstimatorSpec sharpness = StudyFile.parse(
                        text.replace("estimator: paired,", "estimator: sharpness.sam, radius: 0.05,"), "study.yaml")
                .flatness()
                .getFirst();
        assertThat(sharpness.radius()).hasValue(0.05);
        assertThat(new String(Json.canonical(sharpness), StandardCharsets.UTF_8))
                .contains("\"radius\":0.05");
        EstimatorSpec paired = new EstimatorSpec(Estimator.PAIRED, 40, 16, 201);
        assertThat(new String(Json.canonical(paired), StandardCharsets.UTF_8))
                .isEqualTo("{\"batch\":16,\"estimator\":\"paired\",\"pairs\":40,\"seed\":201}");
    }

    @org.junit.jupiter.api.Test
    void aShiftIsPartOfWhatIsAskedAndItsAbsenceChangesNoOldId() throws IOException {
        TaskSpec shifted = StudyFile.parse(
                        Files.readString(QUICK)
                                .replaceFirst(
                                        "label: ancestor}",
                                        "label: ancestor, shift: {kind: extended, rules: 2, seed: 5}}"),
                        "study.yaml")
                .tasks()
                .getFirst();
        assertThat(shifted.shift()).hasValue(new ShiftSpec.Extended(2, 5));
        assertThat(new String(Json.canonical(shifted), StandardCharsets.UTF_8))
                .endsWith("\"shift\":{\"kind\":\"extended\",\"rules\":2,\"seed\":5},\"start\":0}");
        assertThat(new String(
                        Json.canonical(new TaskSpec("root", 0, 0, TaskSpec.Label.ANCESTOR)), StandardCharsets.UTF_8))
                .isEqualTo("{\"label\":\"ANCESTOR\",\"length\":0,\"name\":\"root\",\"start\":0}");
    }

    @org.junit.jupiter.api.Test
    void algorithmsAreArmsOfTheGridAndAPlainOneKeepsItsForm() throws IOException {
        String text = Files.readString(QUICK);
        StudySpec plain = StudyFile.read(QUICK);
        assertThat(StudyFile.parse(text.replace("[adamw]", "[{kind: adamw}]"), "study.yaml"))
                .isEqualTo(plain);
        assertThat(new String(Json.canonical(plain), StandardCharsets.UTF_8)).contains("\"algorithms\":[\"adamw\"]");
        StudySpec study = StudyFile.parse(
                text.replace(
                        "[adamw]",
                        "[adamw, {kind: sgd, momentum: 0.9, learningRates: [0.3]}, {kind: average, decay: 0.99, base:"
                                + " {kind: sam, rho: 0.05}}]"),
                "study.yaml");
        assertThat(StudyPlan.runs(study)).hasSize(4 * (3 + 1 + 3));
        assertThat(StudyPlan.runs(study).stream()
                        .map(run -> run.spec().algorithm().name())
                        .distinct())
                .containsExactly("adamw", "sgd(momentum=0.9)", "average(decay=0.99)+sam(rho=0.05)");
        assertThat(StudyPlan.runs(study))
                .extracting(StudyPlan.PlannedRun::label)
                .contains("d16 · 0.006 · adamw", "d48 · 0.3 · sgd(momentum=0.9)")
                .doesNotHaveDuplicates();
        assertThat(StudyPlan.runs(study).getFirst().runId())
                .as("a run of the plain study")
                .isEqualTo(StudyPlan.runs(plain).getFirst().runId());
        assertThat(Json.mapper().readValue(Json.canonical(study), StudySpec.class))
                .isEqualTo(study);
        QuestionSpec question = QuestionFile.parse("runs: {algorithms: [sgd(momentum=0.9)]}", "question.yaml");
        assertThat(StudyPlan.runs(question.of(study)))
                .hasSize(4)
                .allSatisfy(run -> assertThat(run.spec().learningRate()).isEqualTo(0.3));
        assertThat(StudyPlan.runs(QuestionFile.parse("runs: {learningRates: [0.3, 0.006]}", "question.yaml")
                        .of(study)))
                .hasSize(4 + 8);
    }

    @org.junit.jupiter.api.Test
    void anEmbeddingHoldsTheSizeItselfAndItsAbsenceChangesNoOldId() throws IOException {
        String text = Files.readString(QUICK)
                .replace("name: d24, width: 24, layers: 2, heads: 4", "name: d96, width: 96, layers: 3, heads: 24")
                .replace("name: d48, width: 48, layers: 2, heads: 4", "name: d48, width: 48, layers: 2, heads: 12")
                .replace("name: d32, width: 32, layers: 2, heads: 4", "name: d32, width: 32, layers: 2, heads: 8");
        String entry = "{estimator: paired, pairs: 40, batch: 24, seed: 201}";
        StudySpec study = StudyFile.parse(
                text.replace(
                        entry,
                        entry + "\n  - " + entry.replace("}", ", expandTo: d96}") + "\n  - "
                                + entry.replace("}", ", expandTo: d96, recipe: leading}")),
                "study.yaml");
        assertThat(study.flatness())
                .extracting(EstimatorSpec::title)
                .containsExactly("paired", "paired in d96, tiled", "paired in d96, leading");
        assertThat(study.flatness().getLast().expandTo()).contains(study.sizes().get(1));
        assertThat(new String(Json.canonical(study.flatness().get(1)), StandardCharsets.UTF_8))
                .contains("\"expandTo\":{\"heads\":24,\"intermediate\":384,\"layers\":3,\"name\":\"d96\",\"width\":96}")
                .contains("\"recipe\":\"TILED\"");
        assertThat(Json.mapper().readValue(Json.canonical(study), StudySpec.class))
                .isEqualTo(study);
        assertThat(Ids.hash(study.flatness().getFirst()))
                .isEqualTo(Ids.hash(new EstimatorSpec(Estimator.PAIRED, 40, 24, 201)));
    }

    @org.junit.jupiter.api.Test
    void objectiveAndArchitectureAreSaidOnceAndTheirAbsenceChangesNoOldId() throws IOException {
        String text = Files.readString(QUICK);
        StudySpec plain = StudyFile.parse(text, "study.yaml");
        StudySpec said = StudyFile.parse(
                text.replace("  steps: 1000", "  objective: masked\n  steps: 1000")
                        .replace("name: d16, width", "name: d16, architecture: transformer, width"),
                "study.yaml");
        assertThat(said).isEqualTo(plain);
        assertThat(new String(Json.canonical(plain), StandardCharsets.UTF_8))
                .doesNotContain("objective")
                .doesNotContain("architecture");
        StudySpec causal =
                StudyFile.parse(text.replace("  steps: 1000", "  objective: causal\n  steps: 1000"), "study.yaml");
        assertThat(causal.training().predicted()).isEqualTo(Objective.CAUSAL);
        assertThat(StudyPlan.runs(causal).getFirst().runId())
                .isNotEqualTo(StudyPlan.runs(plain).getFirst().runId());
        assertThat(Json.mapper().readValue(Json.canonical(causal), StudySpec.class))
                .isEqualTo(causal);
        StudySpec recurrent = StudyFile.parse(
                text.replace(
                        "{name: d16, width: 16, layers: 2, heads: 4, intermediate: 0}",
                        "{name: l16, architecture: lstm, width: 16, layers: 2}"),
                "study.yaml");
        assertThat(recurrent.sizes().getFirst().madeOf()).isEqualTo(Architecture.LSTM);
        assertThat(new String(Json.canonical(recurrent.sizes().getFirst()), StandardCharsets.UTF_8))
                .isEqualTo("{\"architecture\":\"LSTM\",\"layers\":2,\"name\":\"l16\",\"width\":16}");
        assertThat(Json.mapper().readValue(Json.canonical(recurrent), StudySpec.class))
                .isEqualTo(recurrent);
    }

    @org.junit.jupiter.api.Test
    void aListOfLabelsIsAProtocolEach() throws IOException {
        String text = Files.readString(QUICK);
        StudySpec plain = StudyFile.read(QUICK);
        StudySpec study = StudyFile.parse(text.replaceFirst("labels: 200", "labels: [25, 200, 400]"), "study.yaml");
        assertThat(study.protocols())
                .extracting(protocol -> protocol.name())
                .containsExactly("probe-200-25", "probe-200-200", "probe-200-400", "probe-200-common", "fine-tune-200");
        assertThat(study.protocols()).extracting(protocol -> protocol.labels()).containsExactly(25, 200, 400, 200, 200);
        assertThat(study.protocols().get(1))
                .isEqualTo(plain.protocols().getFirst().called("probe-200-200", 200));
        assertThat(study.protocols().subList(3, 5)).isEqualTo(plain.protocols().subList(1, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "steps: 1000 | \"objective: forwards\n"
                        + "  steps: 1000\" | training.objective is 'forwards': give one of masked, causal",
                "name: d16, width: 16, layers: 2, heads: 4, intermediate: 0 | name: d16, architecture: rnn, width: 16,"
                        + " layers: 2 | sizes[0].architecture is 'rnn': give one of transformer, lstm",
                "name: d16, width: 16, layers: 2, heads: 4, intermediate: 0 | name: d16, architecture: lstm, width:"
                        + " 16, layers: 2, heads: 4 | sizes[0].heads is 4: leave it out of size 'd16', for an LSTM has"
                        + " none",
                "name: d16, width: 16, layers: 2, heads: 4, intermediate: 0 | name: d16, architecture: lstm, width: 16,"
                        + " layers: 2, hidden: 4 | unknown field 'sizes[0].hidden'",
                "width: 16, layers | widht: 16, layers | sizes[0].widht",
                "width: 16, layers | width: -16, layers | sizes[0].width is -16",
                "width: 16, layers: 2, heads: 4 | width: 16, layers: 2, heads: 3 | divides the width, 16",
                "seeds: [1] | seeds: 1 | field 'seeds' is no list: put what it holds in brackets",
                "match: [0.2, 0.1] | match: 0.2 | field 'analysis.match' is no list",
                "band: 0.02 | band: wide | analysis.band is 'wide': give a number",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18, seed: 1} | {kind: grammar} | field"
                        + " 'language.file' is missing",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18, seed: 1} | {kind: grammar, file:"
                        + " none.json} | language.file is 'none.json', and there is no file",
                "steps: 1000 | steps: many | training.steps",
                "steps: 1000 | stepz: 1000 | training.stepz",
                "kind: tree | kind: three | 'three'",
                "vocabularySize: 18 | vocabularySize: 19 | language.vocabularySize is 19",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18, seed: 1} | {kind: brackets, length:"
                        + " 7, nested: true} | language.length is 7: give an even",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18, seed: 1} | {kind: brackets, length:"
                        + " 64, nested: true} | language.length is 64: give a whole number from 2 to 62",
                "label: ancestor} | label: ancestor, shift: {kind: reweighted, strength: 0, seed: 1}} |"
                        + " tasks[0].shift.strength is 0: give a number above 0",
                "label: ancestor} | label: ancestor, shift: {kind: reversed, rules: 0, seed: 1}} | tasks[0].shift.rules"
                        + " is 0",
                "label: ancestor} | label: ancestor, shift: {kind: turned, seed: 1}} | tasks[0].shift.kind is"
                        + " 'turned': give one of reweighted, reversed, extended",
                "label: ancestor} | label: ancestor, shifted: 1} | unknown field 'tasks[0].shifted'",
                "label: ancestor} | label: ancestors} | tasks[0].label is 'ancestors' (did you mean 'ancestor'?): give"
                        + " one of inside, ancestor, state",
                "start: 0, length: 0 | start: soon, length: 0 | tasks[0].start is 'soon': give a whole number",
                "start: 0, length: 0 | start: 0.5, length: 0 | tasks[0].start is 0.5: give a whole number",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18 | {kind: hmm, states: 0,"
                        + " vocabularySize: 18, minLength: 4, maxLength: 8, sharpness: 2 | language.states is 0",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18 | {kind: hmm, states: 2000,"
                    + " vocabularySize: 20000, minLength: 4, maxLength: 8, sharpness: 2 | language.vocabularySize is"
                    + " 20000: with 2000 states give at most 10000",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18 | {kind: hmm, states: 9,"
                    + " vocabularySize: 18, minLength: 9, maxLength: 8, sharpness: 2 | language.minLength is 9: give a"
                    + " whole number from 1 to 8",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, vocabularySize: 18 | {kind: hmm, states: 9,"
                        + " vocabularySize: 18, minLength: 4, maxLength: 8, sharpness: -1 | language.sharpness is -1:"
                        + " give a number from 0 to 10",
                "labels: 200 | labels: [] | protocols[0].labels is []: name at least one",
                "labels: 200 | labels: [25, many] | protocols[0].labels[1] is 'many': give a whole number",
                "labels: 200 | labels: [25, 25] | protocols[0].labels is [25,25]: name each once",
                "labels: 200 | labels: [1, 25] | protocols[0].labels[0] is 1: give a whole number from 2",
                "learningRates: [0.006 | learningRates: [-1 | learningRates[0] is -1: give a number above 0",
                "schedule: linear | schedule: cosine | training.schedule",
                "name: quick | name: [ | a list in brackets has neither a comma",
                "estimator: paired, pairs | estimator: paired, pears | flatness[0].pears",
                "estimator: paired, | estimator: paired, radius: 0.01, | flatness[0].radius is 0.01: leave it out",
                "estimator: paired, | estimator: sharpness.sam, radius: -1, | flatness[0].radius is -1: give a number"
                        + " above 0",
                "estimator: paired, | estimator: sharpness.sam, radius: far, | flatness[0].radius is 'far': give a"
                        + " number",
                "estimator: paired, | estimator: paired, expandTo: d99, | flatness[0].expandTo is 'd99': give one of"
                        + " the study's sizes, d16, d24, d32, d48",
                "estimator: paired, | estimator: paired, expandTo: d32, | flatness[0].expandTo is 'd32', of width 32, 2"
                        + " layers, 4 heads and 128 hidden units: give one in which every size of the study fits: 'd16'"
                        + " needs a whole multiple of width 16",
                "estimator: paired, | estimator: paired, recipe: tiled, | flatness[0].recipe is tiled: leave it out",
                "estimator: paired, | estimator: paired, expandTo: {name: d96, width: 96}, | field"
                        + " 'flatness[0].expandTo.layers' is missing",
                "estimator: paired, | estimator: paired, expandTo: {name: d96, width: 96, layers: 2, heads: 4,"
                        + " intermediate: 0}, | heads of 4 units",
                "[adamw] | [adam] | algorithms[0] is 'adam' (did you mean 'adamw'?): give one of adamw, sgd, sam",
                "[adamw] | [adamw, adamw] | algorithms[1] is 'adamw', as in another entry: name each once",
                "[adamw] | [{kind: sgd, momentum: 1}] | algorithms[0].momentum is 1: give a number from 0 to 0.9999",
                "[adamw] | [{kind: sgd, momentum: much}] | algorithms[0].momentum is 'much': give a number",
                "[adamw] | [{kind: sgd, momentum: 0.9, nesterov: true}] | unknown field"
                        + " 'algorithms[0].nesterov': remove it or use one of kind, learningRates, momentum,",
                "[adamw] | [{kind: adamw, beta1: 0.9}] | unknown field 'algorithms[0].beta1'",
                "[adamw] | [{kind: sam, rho: 0}] | algorithms[0].rho is 0: give a number above 0",
                "[adamw] | [{kind: sam, rho: 1, base: {kind: average, decay: 0.9}}] | algorithms[0].base is 'average'"
                        + " within 'sam': write it from the outside in",
                "[adamw] | [{kind: sam, rho: 1, base: {kind: sam, rho: 2}}] | algorithms[0].base is 'sam' within 'sam'",
                "[adamw] | [{kind: label-noise, probability: 2}] | algorithms[0].probability is 2: give a number above"
                        + " 0 and of at most 1",
                "[adamw] | [{kind: average, from: 1}] | algorithms[0].from is 1: give a number from 0 to 0.999",
                "[adamw] | [{kind: adamw, learningRates: 0.1}] | field" + " 'algorithms[0].learningRates' is no list",
                "[adamw] | [{kind: adamw, learningRates: [0]}] | algorithms[0].learningRates[0] is 0: give a number"
                        + " above 0",
                "[adamw] | [{learningRates: [0.1]}] | field 'algorithms[0].kind' is missing: give one of adamw",
                "[adamw] | [{kind: adversarial, weight: 1, task: stem, examples: 64, seed: 1}] | algorithms[0].task is"
                        + " 'stem': give one of the study's tasks, root, half",
                "[adamw] | [{kind: adversarial, weight: 1, examples: 64, seed: 1}] | field 'algorithms[0].task' is"
                        + " missing: give a text, such as root",
                "[adamw] | [{kind: adversarial, weight: 1, task: root, examples: 60, seed: 1}] | algorithms[0].examples"
                        + " is 60: give a multiple of 8",
                "[adamw] | [{kind: adversarial, weight: 1, task: root, examples: 64.5, seed: 1}] |"
                        + " algorithms[0].examples is 64.5: give a whole number",
                "[adamw] | [{kind: adversarial, weight: 0, task: root, examples: 64, seed: 1}] | algorithms[0].weight"
                        + " is 0: give a number above 0",
                "[adamw] | [{kind: lookup-table, learningRates: [0.1]}] | algorithms[0].learningRates is [0.1]: leave"
                        + " it out",
                "[adamw] | [{kind: sam, rho: 1, base: lookup-table}] | algorithms[0].base is 'lookup-table' within"
                        + " 'sam'",
                "[adamw] | [3] | algorithms[0] is '3': give one of",
            })
    void refusesInOneSentenceThatNamesTheField(String was, String becomes, String expected) throws IOException {
        String text = Files.readString(QUICK);
        assertThat(text).contains(was);
        assertThatThrownBy(() ->
                        StudyFile.parse(text.replaceFirst(java.util.regex.Pattern.quote(was), becomes), "study.yaml"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected)
                .hasMessageStartingWith("study.yaml: ")
                .message()
                .doesNotContain("\n")
                .doesNotContain("com.fasterxml");
    }
}
