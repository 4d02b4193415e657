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
import basin.study.ProtocolSpec;
import basin.study.Refusal;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.TableSpec;
import basin.study.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a study can be run at all: what its spec alone cannot tell, because it takes the language. Thread-safe. */
public final class Studies {
    /** Of probabilities that are held at once, 8 bytes each. */
    private static final long MAX_EXACT_NUMBERS = 1L << 25;

    private Studies() {}

    /** The study with its device named: {@code auto} is what this machine has, settled before the study goes on record. */
    public static StudySpec settled(StudySpec study) {
        return study.platform().namesDevice() ? study : study.on(Devices.settle(Devices.AUTO));
    }

    /**
     * The study with its device named, to be run on this machine.
     *
     * @throws Refusal where this machine lacks the device, in one sentence
     */
    public static StudySpec here(StudySpec study) {
        try {
            return study.on(Devices.settle(study.platform().device()));
        } catch (DeviceAbsentException absent) {
            throw new Refusal("platform." + absent.getMessage());
        }
    }

    /**
     * Builds the study's language and the shape of every network, reads its tables, and looks whether every task can be asked on the language
     * and has as many examples as every protocol wants.
     *
     * @throws Refusal one sentence that names the field, the value and the fix
     * @throws AbsentModelException where it needs a model or a file that this machine does not have now, in one sentence
     */
    public static void check(StudySpec study) {
        SentenceSource language = Languages.source(study.language());
        check(study, language);
        study.tasks()
                .forEach(task -> task.table().ifPresent(table -> Tables.check(language, table, study.protocols())));
    }

    /**
     * Looks at a study that is not run here as far as its models and files are on this machine.
     *
     * @return names of the tasks whose examples could not be looked at, for a table, a tokenizer or a teacher is not here
     * @throws Refusal as {@link #check}
     */
    public static List<String> checkWhatIsHere(StudySpec study) {
        Optional<SentenceSource> language = language(study);
        language.ifPresent(here -> check(study, here));
        List<String> unseen = new ArrayList<>();
        for (TaskSpec task : study.tasks()) {
            if (task.table().isPresent() && !isSeen(task.table().get(), language, study.protocols())) {
                unseen.add(task.name());
            }
        }
        return List.copyOf(unseen);
    }

    private static Optional<SentenceSource> language(StudySpec study) {
        try {
            return Optional.of(Languages.source(study.language()));
        } catch (AbsentModelException absent) {
            return Optional.empty();
        }
    }

    private static boolean isSeen(TableSpec table, Optional<SentenceSource> language, List<ProtocolSpec> protocols) {
        try {
            if (language.isPresent()) {
                Tables.check(language.get(), table, protocols);
            } else {
                // Rows can be counted already, and none comes to them.
                TextTable rows = Tables.read(table);
                protocols.forEach(protocol -> Tables.check(rows, protocol.labels(), protocol.test()));
            }
            return language.isPresent();
        } catch (AbsentModelException absent) {
            return false;
        }
    }

    private static void check(StudySpec study, SentenceSource language) {
        if (language instanceof TextLanguage text) {
            text.check("validation.sentences", study.validation().sentences());
        }
        StudyPlan.runs(study).forEach(run -> Networks.shape(run.spec()));
        checkMemory(language, study);
        study.tasks().forEach(task -> Tasks.check(language, task));
        for (ArmSpec arm : study.algorithms()) {
            arm.algorithm().part(AlgorithmSpec.Adversarial.class).ifPresent(adversary -> check(adversary, language));
        }
    }

    /** The exact distributions of all words of the validation sentences are held. */
    private static void checkMemory(SentenceSource source, StudySpec study) {
        if (!(source instanceof Language language)) {
            return; // Nothing exact is known of a text.
        }
        long sentence = (long) language.vocabularySize() * language.maxLength();
        if (!study.training().predicted().masks() && study.validation().sentences() * sentence > MAX_EXACT_NUMBERS) {
            throw new Refusal("validation.sentences is " + study.validation().sentences()
                    + ": give at most " + MAX_EXACT_NUMBERS / sentence + ", for with " + sentence
                    + " probabilities a sentence more do not fit into memory.");
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
