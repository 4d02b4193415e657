package basin.language.task;

import java.util.List;
import java.util.random.RandomGenerator;

/** A task on a language: its classes, the label of each sentence, and how well a sentence tells it. Thread-safe. */
public sealed interface Task permits SpanTask, StateTask, WordTask {
    /** Returns how many different labels there are. */
    default int classes() {
        return names().size();
    }

    /** Returns what each class stands for. */
    List<String> names();

    /** Returns the task as test sentences have it: on another language where the task has a shift, with the same classes. */
    default Task onTest() {
        return this;
    }

    /** Draws a sentence of the language, with its class. Uses only draws of {@code random}. */
    Labelled draw(RandomGenerator random);

    /** Whether the label is a function of the sentence's words. */
    default boolean isCertain() {
        return true;
    }

    /**
     * Returns the accuracy of the Bayes classifier on a sentence that has a label, 0 to 1; 1 where the label is a
     * function of the words.
     */
    default double bestGuess(int[] sentence) {
        return 1;
    }
}
