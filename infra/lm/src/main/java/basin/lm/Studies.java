package basin.lm;

import basin.events.spec.StudySpec;
import basin.events.work.StudyPlan;
import basin.lm.language.Language;

/** Whether a study can be run at all: what its spec alone cannot tell, because it takes the language. Thread-safe. */
public final class Studies {
    private Studies() {}

    /**
     * Builds the study's language and the shape of every network, and looks whether every task can be asked on the language.
     *
     * @throws IllegalArgumentException one sentence that names the field, the value and the fix
     */
    public static void check(StudySpec study) {
        Language language = Languages.of(study.language());
        StudyPlan.runs(study).forEach(run -> Networks.shape(run.spec()));
        study.tasks().forEach(task -> Tasks.check(language, task));
    }
}
