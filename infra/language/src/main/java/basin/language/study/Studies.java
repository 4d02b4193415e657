package basin.language.study;

import basin.language.Language;
import basin.language.Pcfg;
import basin.language.SentenceSource;
import basin.language.task.Tasks;
import basin.language.text.TextLanguage;
import basin.language.text.TextTable;
import basin.network.engine.DeviceAbsentException;
import basin.network.engine.Devices;
import basin.study.AlgorithmSpec;
import basin.study.ArmSpec;
import basin.study.LanguageSpec;
import basin.study.Problems;
import basin.study.ProtocolSpec;
import basin.study.Refusal;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.TableSpec;
import basin.study.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks of a study that need its language, not only its specification. Thread-safe. */
public final class Studies {
    /** The maximum number of probabilities in memory at once, 8 bytes each. */
    private static final long MAX_EXACT_NUMBERS = 1L << 25;

    private Studies() {}

    /**
     * Returns the study with its device resolved: {@code auto} becomes the device that this machine
     * has. Call before the study is recorded.
     */
    public static StudySpec settled(StudySpec study) {
        return study.platform().namesDevice() ? study : study.on(Devices.settle(Devices.AUTO));
    }

    /**
     * Returns the study with its device resolved, to run on this machine.
     *
     * @throws Refusal if this machine lacks the device; one sentence
     */
    public static StudySpec here(StudySpec study) {
        try {
            return study.on(Devices.settle(study.platform().device()));
        } catch (DeviceAbsentException absent) {
            throw new Refusal("platform." + absent.getMessage());
        }
    }

    /**
     * Builds the study's language and the shape of every network, and reads its tables. Checks that
     * the language supports every task and that every task has enough examples for every protocol.
     *
     * @throws Refusal if a check fails; one sentence that names the field, the value and the fix
     * @throws AbsentModelException if the study needs a model or a file that this machine does not
     *     have at present; one sentence
     */
    public static void check(StudySpec study) {
        SentenceSource language = Languages.source(study.language());
        check(study, language);
        study.tasks()
                .forEach(task -> task.table().ifPresent(table -> Tables.check(language, table, study.protocols())));
    }

    /**
     * Checks a study that runs elsewhere, as far as its models and files are on this machine.
     *
     * @return the tasks whose examples could not be checked, because a table, a tokenizer or a
     *     teacher is absent
     * @throws Refusal as {@link #check}
     */
    public static List<String> checkWhatIsHere(StudySpec study) {
        Optional<SentenceSource> language = language(study.language());
        language.ifPresent(here -> check(study, here));
        List<String> unseen = new ArrayList<>();
        for (TaskSpec task : study.tasks()) {
            if (task.table().isPresent() && !isSeen(task.table().get(), language, study.protocols())) {
                unseen.add(task.name());
            }
        }
        return List.copyOf(unseen);
    }

    /**
     * Checks the parts of a study that need its language and nothing else: every task, and every
     * adversary. Does nothing if the language is not known, or needs a model that is not here.
     *
     * @param parts parts by the names of {@link StudySpec}'s components; lists may lack entries
     * @throws Refusal a sentence for every check that fails
     */
    public static void checkParts(Map<String, ?> parts) {
        if (!(parts.get("language") instanceof LanguageSpec spec)) {
            return;
        }
        Problems problems = new Problems();
        problems.attempt(() -> language(spec).ifPresent(language -> {
            for (Object task : parts.get("tasks") instanceof List<?> tasks ? tasks : List.of()) {
                problems.attempt(() -> Tasks.check(language, (TaskSpec) task));
            }
            for (Object arm : parts.get("algorithms") instanceof List<?> arms ? arms : List.of()) {
                problems.attempt(() -> check((ArmSpec) arm, language));
            }
        }));
        problems.refuse();
    }

    private static Optional<SentenceSource> language(LanguageSpec spec) {
        try {
            return Optional.of(Languages.source(spec));
        } catch (AbsentModelException absent) {
            return Optional.empty();
        }
    }

    private static boolean isSeen(TableSpec table, Optional<SentenceSource> language, List<ProtocolSpec> protocols) {
        try {
            if (language.isPresent()) {
                Tables.check(language.get(), table, protocols);
            } else {
                // Rows can be counted without the language, which adds none.
                TextTable rows = Tables.read(table);
                protocols.forEach(protocol -> Tables.check(rows, protocol.labels(), protocol.test()));
            }
            return language.isPresent();
        } catch (AbsentModelException absent) {
            return false;
        }
    }

    private static void check(StudySpec study, SentenceSource language) {
        Problems problems = new Problems();
        if (language instanceof TextLanguage text) {
            problems.attempt(
                    () -> text.check("validation.sentences", study.validation().sentences()));
        }
        problems.attempt(() -> StudyPlan.runs(study).forEach(run -> Networks.shape(run.spec())));
        problems.attempt(() -> checkMemory(language, study));
        study.tasks().forEach(task -> problems.attempt(() -> Tasks.check(language, task)));
        study.algorithms().forEach(arm -> problems.attempt(() -> check(arm, language)));
        problems.refuse();
    }

    private static void check(ArmSpec arm, SentenceSource language) {
        arm.algorithm().part(AlgorithmSpec.Adversarial.class).ifPresent(adversary -> check(adversary, language));
    }

    /** Limits the memory for the exact distributions of all words of the validation sentences. */
    private static void checkMemory(SentenceSource source, StudySpec study) {
        if (!(source instanceof Language language)) {
            return; // No exact distribution of a text is known.
        }
        long sentence = (long) language.vocabularySize() * language.maxLength();
        if (!study.training().predicted().masks() && study.validation().sentences() * sentence > MAX_EXACT_NUMBERS) {
            throw new Refusal("validation.sentences is " + study.validation().sentences()
                    + ": give at most " + MAX_EXACT_NUMBERS / sentence + ", for with " + sentence
                    + " probabilities per sentence do not fit into memory.");
        }
    }

    private static void check(AlgorithmSpec.Adversarial adversary, SentenceSource language) {
        if (!(language instanceof Pcfg)) {
            throw new Refusal(
                    "algorithms.kind is 'adversarial': leave it out, or give the language of a grammar, for an"
                            + " adversary's task is a span's non-terminal.");
        }
        try {
            Tasks.check(language, adversary.task());
        } catch (Refusal impossible) {
            throw new Refusal("algorithms.task: " + impossible.getMessage());
        }
    }
}
