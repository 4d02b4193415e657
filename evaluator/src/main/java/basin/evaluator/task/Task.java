package basin.evaluator.task;

import basin.language.Brackets;
import basin.language.Hmm;
import basin.language.Language;
import basin.language.Pcfg;
import basin.language.study.Tasks;
import basin.study.Refusal;
import basin.study.TaskSpec;
import java.util.List;
import java.util.random.RandomGenerator;

/** A task on a language: what the classes are, what a sentence's label is, and how well it can be known. Thread-safe. */
sealed interface Task permits SpanTask, StateTask, OpeningsTask {
    /**
     * The task on that language.
     *
     * @throws Refusal where the language has no such label, or no sentence can have one, in one sentence
     */
    static Task of(Language language, TaskSpec spec) {
        Tasks.check(language, spec);
        return switch (language) {
            case Pcfg grammar -> SpanTask.of(grammar, spec);
            case Hmm model -> new StateTask(model, spec);
            case Brackets brackets -> new OpeningsTask(brackets, spec);
            default -> throw new IllegalStateException("A task passed the door that nothing can answer: " + spec);
        };
    }

    /** Different labels. */
    int classes();

    /** What each class stands for. */
    List<String> names();

    /** The task as it is asked of test sentences: on another language where the task has a shift, with the same classes. */
    default Task onTest() {
        return this;
    }

    /** Draws a sentence of the language, with its class. */
    Labelled draw(RandomGenerator random);

    /** Whether the label is a function of the sentence's words, so that it can be known. */
    boolean isCertain();

    /** How often the best guess is right for a sentence that has a label and is seen whole; 1 where the label is certain. */
    double bestGuess(int[] sentence);
}
