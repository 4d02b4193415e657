package basin.lm;

import basin.events.spec.AlgorithmSpec;
import basin.events.spec.ArmSpec;
import basin.events.spec.InvalidSpecException;
import basin.events.spec.StudySpec;
import basin.events.spec.TaskSpec;
import basin.events.work.StudyPlan;
import basin.lm.engine.DeviceAbsentException;
import basin.lm.engine.Devices;
import basin.lm.language.Language;

/** Whether a study can be run at all: what its spec alone cannot tell, because it takes the language. Thread-safe. */
public final class Studies {
    private Studies() {}

    /** The study with its device named: {@code auto} is what this machine has, settled before the study goes on record. */
    public static StudySpec settled(StudySpec study) {
        return study.platform().namesDevice() ? study : study.on(Devices.settle(Devices.AUTO));
    }

    /**
     * The study with its device named, to be run on this machine.
     *
     * @throws InvalidSpecException where this machine lacks the device, in one sentence
     */
    public static StudySpec here(StudySpec study) {
        try {
            return study.on(Devices.settle(study.platform().device()));
        } catch (DeviceAbsentException absent) {
            throw new InvalidSpecException("platform." + absent.getMessage());
        }
    }

    /**
     * Builds the study's language and the shape of every network, and looks whether every task's span lies within a sentence.
     *
     * @throws IllegalArgumentException one sentence that names the field, the value and the fix
     */
    public static void check(StudySpec study) {
        Language language = Languages.of(study.language());
        StudyPlan.runs(study).forEach(run -> Networks.shape(run.spec()));
        for (ArmSpec arm : study.algorithms()) {
            arm.algorithm().part(AlgorithmSpec.Adversarial.class).ifPresent(adversary -> check(adversary, language));
        }
        for (TaskSpec task : study.tasks()) {
            if (task.start() >= language.longest()) {
                throw new InvalidSpecException("tasks.start is " + task.start() + " in task '" + task.name()
                        + "': give a position from 0 to " + (language.longest() - 1)
                        + ", for the language's longest sentence has " + language.longest() + " words.");
            }
            if (task.start() + task.length() > language.longest()) {
                throw new InvalidSpecException("tasks.length is " + task.length() + " in task '" + task.name()
                        + "': give at most " + (language.longest() - task.start()) + ", or 0 for the rest, for the"
                        + " language's longest sentence has " + language.longest() + " words.");
            }
        }
    }

    private static void check(AlgorithmSpec.Adversarial adversary, Language language) {
        TaskSpec task = adversary.task();
        int longest = language.longest();
        if (task.start() >= longest || task.start() + task.length() > longest) {
            throw new InvalidSpecException("algorithms.task is '" + task.name() + "', words " + task.start() + " to "
                    + (task.start() + task.length()) + ": give a span within the language's longest sentence, of "
                    + longest + " words.");
        }
    }
}
