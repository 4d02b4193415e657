package basin.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import basin.events.StudyFile;
import basin.events.spec.CheckpointSpec;
import basin.events.spec.PlatformSpec;
import basin.events.spec.RunSpec;
import basin.events.spec.StudySpec;
import basin.events.spec.TrainingSpec;
import basin.events.spec.ValidationSpec;
import basin.events.work.StudyPlan;
import basin.lm.Studies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every study that comes with Basin: each of its arms runs for twenty steps, on its own language and in its smallest network. */
class ShippedStudiesTest {
    private static final int STEPS = 20;
    private static final int MOST_BATCH = 16;

    static List<Path> studies() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../infra/studies"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("studies")
    void everyArmRuns(Path file) throws Exception {
        StudySpec study = StudyFile.draft(file);
        assertThat(study.name()).isEqualTo(file.getFileName().toString().replace(".yaml", ""));
        Studies.check(study);
        Map<String, RunSpec> arms = new TreeMap<>();
        StudyPlan.runs(study).stream()
                .map(StudyPlan.PlannedRun::spec)
                .sorted(Comparator.comparingInt(run -> -run.size().width()))
                .forEach(run -> arms.put(run.algorithm().name() + " " + run.rate(), run));
        assertThat(arms).isNotEmpty();
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

    /** The run's first twenty steps, with a tenth of its sentences: what the arm does in a step is its own. */
    private static RunSpec shortened(RunSpec run) {
        TrainingSpec own = run.training();
        return new RunSpec(
                run.language(),
                run.size(),
                run.algorithm(),
                run.rate(),
                run.seed(),
                new TrainingSpec(
                        STEPS,
                        Math.min(own.batch(), MOST_BATCH),
                        own.schedule(),
                        own.warmup(),
                        own.beta1(),
                        own.beta2(),
                        own.epsilon(),
                        own.weightDecay(),
                        own.initialDeviation()),
                new CheckpointSpec(Optional.empty(), 0, List.of()),
                new ValidationSpec(64, 32, 10, run.validation().seed()),
                PlatformSpec.CPU);
    }
}
