package basin.language.task;

import java.util.List;
import java.util.random.RandomGenerator;

/** A labelling task on a language, with its classes and its Bayes accuracy. Thread-safe. */
public sealed interface Task permits SpanTask, StateTask, WordTask {
    /** Returns the number of classes. */
    default int classes() {
        return names().size();
    }

    /** Returns the names of the classes, in order. */
    List<String> names();

    /**
     * Returns the task on test sentences. If the task has a shift, it is on the shifted language,
     * with the same classes.
     */
    default Task onTest() {
        return this;
    }

    /**
     * Draws a sentence of the language with its class. The only source of randomness is
     * {@code random}.
     */
    Labelled draw(RandomGenerator random);

    /** Returns whether the label is a function of the sentence's words. */
    default boolean isCertain() {
        return true;
    }

    /**
     * Returns the accuracy of the Bayes classifier on a sentence that has a label, 0 to 1. It is 1
     * if the label is a function of the words.
     */
    default double bestGuess(int[] sentence) {
        return 1;
    }
}
