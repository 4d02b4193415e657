package basin.cli.command;

import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.StartPoints;
import basin.cli.plan.CostEstimate;
import basin.cli.plan.LanguageSpeed;
import basin.language.study.Studies;
import basin.log.LogSource;
import basin.study.Ids;
import basin.study.Problems;
import basin.study.Refusal;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Everything that must hold before a study can run, except for the page's port. A mistake in the
 * study is refused. What this machine lacks is an obstacle, which {@code run} refuses and {@code
 * plan} reports. Confined to one thread.
 */
final class Readiness {
    private final StudySpec study;
    private final List<String> unseen;
    private final OptionalDouble conditional;
    private final CostEstimate cost;

    private Readiness(StudySpec study, List<String> unseen) {
        this.study = study;
        this.unseen = unseen;
        this.conditional = LanguageSpeed.conditionalSeconds(
                study.language(), study.training().predicted());
        this.cost = CostEstimate.of(study, conditional.orElse(0), LanguageSpeed.sentenceSeconds(study.language()));
    }

    /** The rules that need the study's language or the record. */
    private static final class Rules implements StudyFile.Rules {
        private final boolean draft;
        private final Supplier<LogSource> record;
        private List<String> unseen = List.of();
        private Optional<StudySpec> settled = Optional.empty();

        Rules(boolean draft, Supplier<LogSource> record) {
            this.draft = draft;
            this.record = record;
        }

        @Override
        public void parts(Map<String, Object> parts, Set<String> incomplete) {
            Studies.checkParts(parts);
        }

        @Override
        public void whole(StudySpec study) {
            Problems problems = new Problems();
            problems.attempt(() -> {
                if (draft) {
                    unseen = Studies.checkWhatIsHere(study);
                } else {
                    Studies.check(study);
                }
            });
            problems.attempt(() ->
                    settled = Optional.of(study.namesWeights() ? study : StartPoints.settled(record.get(), study)));
            problems.refuse();
        }
    }

    /**
     * Reads a study and checks it.
     *
     * @param nameOrFile a study that comes with Basin, or a study file
     * @param draft whether models and tables may be absent
     * @param record holds the checkpoints from which runs start; read only if there are any
     * @throws Refusal a sentence for every mistake
     */
    static Readiness of(String nameOrFile, boolean draft, Supplier<LogSource> record) {
        Rules rules = new Rules(draft, record);
        StudySpec study = StudyFile.read(StudyCatalogue.file(nameOrFile), draft, rules);
        return new Readiness(rules.settled.orElse(study), rules.unseen);
    }

    /**
     * Returns the record in the folder of {@code --data}, for {@link #of}.
     *
     * @throws Refusal if no folder is given, or it holds no record
     */
    static LogSource record(Optional<Path> data) {
        Path folder = data.orElseThrow(() -> new Refusal(
                "startFrom is given and --data is not given: give the" + " folder of the record that has the run."));
        if (!EmbeddedBroker.isThere(folder)) {
            throw new Refusal("startFrom is given and --data " + folder
                    + " holds no record: name the folder of the record that has the run.");
        }
        return EmbeddedBroker.log(folder);
    }

    /** Returns the study, with the weights of the checkpoints from which its runs start. */
    StudySpec study() {
        return study;
    }

    /** Returns the tasks whose examples are not on this machine. */
    List<String> unseen() {
        return unseen;
    }

    /**
     * Returns the core seconds of one exact conditional; empty if the language's model is not on
     * this machine.
     */
    OptionalDouble conditional() {
        return conditional;
    }

    /** Returns the study's cost. */
    CostEstimate cost() {
        return cost;
    }

    /** Returns the folder of the study's record, given that of {@code --data}. */
    static Path folder(Optional<Path> data, StudySpec study) {
        return data.orElse(Path.of(".basin", Ids.study(study))).toAbsolutePath().normalize();
    }

    /**
     * Returns why the study cannot run here now, a sentence each; empty if it can.
     *
     * @param folder folder of the record
     */
    List<String> obstacles(Path folder) {
        List<String> obstacles = new ArrayList<>();
        if (!unseen.isEmpty() || conditional.isEmpty()) {
            obstacles.add("A model or a table that the study names is not on this machine: put it where the study file"
                    + " says.");
        }
        for (Runnable check : List.<Runnable>of(
                () -> Studies.here(study),
                () -> Preflight.isFree(folder),
                () -> Preflight.canHold("--data", folder),
                () -> Preflight.space(folder, cost.bytes()))) {
            try {
                check.run();
            } catch (Refusal obstacle) {
                obstacles.addAll(obstacle.sentences());
            }
        }
        return List.copyOf(obstacles);
    }

    /**
     * Refuses the study if it cannot run here now.
     *
     * @param folder folder of the record
     */
    void refuse(Path folder) {
        obstacles(folder).stream().findFirst().ifPresent(obstacle -> {
            throw new Refusal(obstacle);
        });
    }
}
