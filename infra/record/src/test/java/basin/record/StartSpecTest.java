package basin.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Arm;
import basin.study.Ids;
import basin.study.Json;
import basin.study.RunSpec;
import basin.study.StartSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Studies whose runs start from checkpoints: valid forms, refusals, and the form on record. */
class StartSpecTest {
    private static final Path QUICK = Path.of("../studies/quick.yaml");

    private static StudySpec study(String more) throws IOException {
        String text = Files.readString(QUICK);
        int sizes = text.indexOf("sizes:");
        int after = text.indexOf("algorithms:");
        return StudyFile.parse(
                text.substring(0, sizes) + "sizes:\n  - {name: d16, width: 16, layers: 2, heads: 4, intermediate: 0}\n"
                        + text.substring(after) + "\n" + more,
                "branches.yaml");
    }

    private static StartSpec settled(String run, int step) {
        return new StartSpec(run, step, Optional.of("a".repeat(64)), Optional.of(.3));
    }

    @Test
    void oneOrSeveralCheckpointsAreRead() throws IOException {
        assertThat(study("startFrom: 0123ABCD@500\n").startFrom().orElseThrow())
                .containsExactly(new StartSpec("0123abcd", 500, Optional.empty(), Optional.empty()));
        assertThat(study("startFrom: [0123abcd@500, 4567abcd@700]\n")
                        .startFrom()
                        .orElseThrow())
                .hasSize(2);
        assertThat(study("").startFrom()).isEmpty();
    }

    @Test
    void whatIsNoCheckpointIsRefused() {
        assertThatThrownBy(() -> study("startFrom: quick\n"))
                .hasMessageMatching("branches.yaml: line \\d+: startFrom(\\[0])? is 'quick': give RUN@STEP, such as"
                        + " 3f9a52c1@1200[.]");
        assertThatThrownBy(() -> study("startFrom: []\n")).hasMessageContaining("startFrom is []: name at least one");
        assertThatThrownBy(() -> study("startFrom: [0123abcd@5, 0123abcd@5]\n")).hasMessageContaining("name each once");
        assertThatThrownBy(() -> StudyFile.parse(Files.readString(QUICK) + "\nstartFrom: 0123abcd@5\n", "all sizes"))
                .hasMessageContaining("sizes is [")
                .hasMessageContaining("startFrom names");
        assertThatThrownBy(() -> study("reference: sgd\n"))
                .hasMessageContaining("reference is 'sgd': give one of the study's arms, adamw");
    }

    @Test
    void theRecordHoldsTheWeightsAndTheRunsIdDependsOnThem() throws IOException {
        StudySpec written = study("startFrom: 0123abcd@500\n");
        assertThatThrownBy(() -> new Event.StudySubmitted(written)).hasMessageContaining("SHA-256");
        StudySpec spec = written.from(List.of(settled("0123456789abcdef", 500)));
        byte[] bytes = EventCodec.encode(new Event.StudySubmitted(spec));
        assertThat(Json.mapper()
                        .readTree(bytes)
                        .at("/study/startFrom/0/weights")
                        .asText())
                .hasSize(64);
        RunSpec run = StudyPlan.runs(spec).getFirst().spec();
        RunSpec plain = StudyPlan.runs(study("")).getFirst().spec();
        RunSpec other = run.from(new StartSpec("0123456789abcdef", 500, Optional.of("b".repeat(64)), Optional.of(.3)));
        assertThat(List.of(Ids.run(run), Ids.run(plain), Ids.run(other))).doesNotHaveDuplicates();
        assertThat(Json.mapper().readValue(Json.canonical(run), RunSpec.class)).isEqualTo(run);
        assertThat(new String(Json.canonical(plain), StandardCharsets.UTF_8)).doesNotContain("start");
        assertThat(Json.mapper().readValue(Json.canonical(spec), StudySpec.class))
                .isEqualTo(spec);
    }

    @Test
    void everyArmStartsFromEveryCheckpointWithEverySeed() throws IOException {
        String text = Files.readString(QUICK);
        StudySpec spec = study("").from(List.of(settled("0123456789abcdef", 500), settled("0123456789abcdee", 700)));
        int cells = spec.learningRates().size() * spec.seeds().size() * 2;
        assertThat(text).contains("algorithms: [adamw]");
        assertThat(StudyPlan.runs(spec)).hasSize(cells);
        assertThat(new HashSet<>(StudyPlan.runs(spec).stream()
                        .map(StudyPlan.PlannedRun::label)
                        .toList()))
                .hasSize(cells);
        assertThat(StudyPlan.runs(spec).getFirst().label()).endsWith("from 01234567@500");
        double level = .3 - spec.analysis().band();
        assertThat(StudyPlan.runs(spec).getFirst().spec().checkpoints().excess())
                .contains(level);
    }

    @Test
    void anArmMayHaveStepsOfItsOwn() throws IOException {
        StudySpec spec = StudyFile.parse(
                Files.readString(QUICK)
                        .replace(
                                "algorithms: [adamw]",
                                "algorithms: [adamw, {kind: adamw, learningRates: [0.005], steps: 77}]"),
                "steps");
        assertThat(Arm.of(spec)).extracting(Arm::name).endsWith("adamw · 77 steps");
        assertThat(StudyPlan.runs(spec).stream()
                        .filter(run -> run.spec().training().steps() == 77)
                        .map(StudyPlan.PlannedRun::label))
                .isNotEmpty()
                .allMatch(label -> label.contains("77 steps"));
        assertThat(Json.mapper().readValue(Json.canonical(spec), StudySpec.class))
                .isEqualTo(spec);
        assertThatThrownBy(() -> StudyFile.parse(
                        Files.readString(QUICK)
                                .replace("algorithms: [adamw]", "algorithms: [{kind: adamw, steps: many}]"),
                        "steps"))
                .hasMessageContaining("algorithms[0].steps");
    }
}
