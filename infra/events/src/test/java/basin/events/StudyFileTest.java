package basin.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.events.spec.EstimatorSpec;
import basin.events.spec.InvalidSpecException;
import basin.events.spec.ShiftSpec;
import basin.events.spec.StudySpec;
import basin.events.spec.TaskSpec;
import basin.events.work.StudyPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a study file may say, and how each mistake is refused. */
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
        EstimatorSpec paired = new EstimatorSpec("paired", 40, 16, 201);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "width: 16, layers | widht: 16, layers | sizes[0].widht",
                "width: 16, layers | width: -16, layers | sizes.width is -16",
                "width: 16, layers: 2, heads: 4 | width: 16, layers: 2, heads: 3 | divides the width, 16",
                "steps: 1000 | steps: many | training.steps",
                "steps: 1000 | stepz: 1000 | training.stepz",
                "  batch: 128 | \"\" | training.batch",
                "kind: tree | kind: three | 'three'",
                "words: 18 | words: 19 | language.words is 19",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, words: 18, seed: 1} | {kind: brackets, length: 7,"
                        + " nested: true} | language.length is 7: give an even",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, words: 18, seed: 1} | {kind: brackets, length: 64,"
                        + " nested: true} | language.length is 64: give a whole number from 2 to 62",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, words: 18, seed: 1} | {kind: brackets, length: 8} |"
                        + " 'language.nested' is missing",
                "label: ancestor} | label: ancestor, shift: {kind: reweighted, strength: 0, seed: 1}} |"
                        + " tasks.shift.strength is 0.0: give a number above 0",
                "label: ancestor} | label: ancestor, shift: {kind: reversed, rules: 0, seed: 1}} | tasks.shift.rules"
                        + " is 0",
                "label: ancestor} | label: ancestor, shift: {kind: extended, seed: 1}} | 'tasks[0].shift.rules' is"
                        + " missing",
                "label: ancestor} | label: ancestor, shift: {kind: turned, seed: 1}} | the kind of 'tasks[0].shift' is"
                        + " 'turned'",
                "label: ancestor} | label: ancestor, shifted: 1} | unknown field 'tasks[0].shifted'",
                "label: ancestor} | label: ancestors} | tasks.label is 'ancestors': give inside, ancestor, state",
                "start: 0, length: 0 | start: soon, length: 0 | tasks.start is 'soon': give a whole number",
                "start: 0, length: 0 | start: 0.5, length: 0 | tasks.start is '0.5'",
                "start: 0, length: 0 | start: 0 | field 'tasks[0].length' is missing",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, words: 18 | {kind: hmm, states: 0, words: 18, shortest:"
                        + " 4, longest: 8, sharpness: 2 | language.states is 0",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, words: 18 | {kind: hmm, states: 2000, words: 20000,"
                    + " shortest: 4, longest: 8, sharpness: 2 | language.words is 20000: with 2000 states give at most"
                    + " 10000",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, words: 18 | {kind: hmm, states: 9, words: 18, shortest:"
                        + " 9, longest: 8, sharpness: 2 | language.shortest is 9: give a whole number from 1 to 8",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, words: 18 | {kind: hmm, states: 9, words: 18, shortest:"
                        + " 4, longest: 8, sharpness: -1 | language.sharpness is -1.0: give a number from 0.0 to 10.0",
                "{kind: tree, depth: 3, symbols: 6, rules: 2, words: 18 | {kind: hmm, states: 9, words: 18, shortest:"
                        + " 4, longest: 8 | 'language.sharpness' is missing",
                "rates: [0.006 | rates: [-1 | rates is -1.0",
                "schedule: linear | schedule: cosine | training.schedule",
                "name: quick | name: [ | cannot be read",
                "estimator: paired, pairs | estimator: paired, pears | flatness[0].pears",
                "estimator: paired, | estimator: paired, radius: 0.01, | flatness.radius is 0.01: leave it out",
                "estimator: paired, | estimator: sharpness.sam, | flatness.radius is absent: say how far",
                "estimator: paired, | estimator: sharpness.sam, radius: -1, | flatness.radius is -1.0",
                "estimator: paired, | estimator: sharpness.sam, radius: far, | flatness.radius is",
            })
    void refusesInOneSentenceThatNamesTheField(String was, String becomes, String expected) throws IOException {
        String text = Files.readString(QUICK);
        assertThat(text).contains(was);
        assertThatThrownBy(() ->
                        StudyFile.parse(text.replaceFirst(java.util.regex.Pattern.quote(was), becomes), "study.yaml"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(expected)
                .hasMessageStartingWith("study.yaml: ")
                .message()
                .doesNotContain("\n")
                .doesNotContain("com.fasterxml");
    }
}
