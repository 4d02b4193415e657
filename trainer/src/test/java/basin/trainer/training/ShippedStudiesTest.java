package basin.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import basin.language.study.Studies;
import basin.study.Arm;
import basin.study.CheckpointSpec;
import basin.study.Json;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.RunSpec;
import basin.study.SampleSize;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.ValidationSpec;
import basin.study.file.StudyFile;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that each arm of every study that ships with Basin runs for a few steps, in the profile
 * {@code long} for twenty, on its own language and in its smallest network.
 */
class ShippedStudiesTest {
    private static final int STEPS = SampleSize.of(3, 20);
    private static final int MAX_BATCH = 16;

    static List<Path> studies() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../infra/studies"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Tag("sampled")
    @ParameterizedTest
    @MethodSource("studies")
    void everyArmRuns(Path file, @TempDir Path folder) throws Exception {
        StudySpec named = StudyFile.draft(file);
        assertThat(named.name()).isEqualTo(file.getFileName().toString().replace(".yaml", ""));
        StudySpec study = named.language() instanceof LanguageSpec.Teacher ? StandInTeacher.of(named, folder) : named;
        Studies.check(study);
        Map<String, RunSpec> arms = new TreeMap<>();
        StudyPlan.runs(study).stream()
                .map(StudyPlan.PlannedRun::spec)
                .sorted(Comparator.comparingInt(run -> -run.size().width()))
                .forEach(run -> arms.put(arm(study, run), run));
        // No arm shadows another: there are as many as trained and untrained ones together.
        assertThat(arms)
                .hasSize(Arm.of(study).size()
                        + (int) study.algorithms().stream()
                                .filter(listed -> !listed.algorithm().isTrained())
                                .count());
        PreTraining training = new PreTraining();
        for (Map.Entry<String, RunSpec> arm : arms.entrySet()) {
            RunSpec run = shortened(arm.getValue());
            PreTraining.Advance end = training.advance("run", run, training.initial(run), loss -> {});
            assertThat(end.state().step())
                    .as(arm.getKey())
                    .isEqualTo(
                            run.algorithm().isTrained() ? STEPS : run.training().steps());
            assertThat(end.loss().excess().value()).as(arm.getKey()).isFinite();
        }
    }

    private static String arm(StudySpec study, RunSpec run) {
        return Arm.of(study, run).map(Arm::name).orElse(run.algorithm().name());
    }

    /**
     * Returns the first steps of the run, with batches of at most {@code MAX_BATCH} sentences and
     * one checkpoint at the end.
     */
    private static RunSpec shortened(RunSpec run) throws IOException {
        ObjectNode training = Json.mapper().valueToTree(run.training().over(STEPS));
        training.put("batch", Math.min(run.training().batch(), MAX_BATCH));
        // Edits the recorded form, so that no other field of the run is lost.
        ObjectNode fields = Json.mapper().valueToTree(run);
        fields.set("training", training);
        fields.set("checkpoints", Json.mapper().valueToTree(new CheckpointSpec(Optional.empty(), 0, List.of())));
        fields.set(
                "validation",
                Json.mapper()
                        .valueToTree(
                                new ValidationSpec(64, 32, 10, run.validation().seed())));
        fields.set("platform", Json.mapper().valueToTree(PlatformSpec.CPU));
        return Json.mapper().treeToValue(fields, RunSpec.class);
    }
}
