package basin.evaluator.task;

import basin.language.Language;
import basin.language.SentenceSource;
import basin.language.task.Labelled;
import basin.language.task.Task;
import basin.language.task.Tasks;
import basin.language.teacher.TeacherLanguage;
import basin.language.text.TextLanguage;
import basin.record.Measured;
import basin.study.Refusal;
import basin.study.Seeds;
import basin.study.TaskSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A task's examples, the same for every checkpoint. Training examples differ by repetition; test
 * examples are common to all repetitions. Sentences come from streams that depend on the seed
 * alone, so tasks with the same seed share sentences as far as both label them. If the examples
 * come from a table, each repetition trains on different rows of the training file, drawn without
 * replacement, and the test examples are rows of the test file. Not to be modified; thread-safe for
 * reading.
 *
 * @param test test examples, none of them in a stream from which training draws
 * @param training training examples, one set per repetition
 * @param classes number of different labels
 * @param majorityBaseline accuracy on the test examples of always predicting the most frequent
 *     label of all training examples together
 * @param bayesAccuracy expected accuracy of the exact posterior given the sentence, with its
 *     standard error over test sentences; if the task has a shift, of the posterior under the
 *     grammar that generates the test sentences; empty if labels come from a table
 * @param leftOut share of all drawn sentences that are excluded, because they are too short for the
 *     span, have no label, or cannot be test sentences because the language has them; for a table,
 *     the share of all rows of which nothing is left
 */
public record TaskData(
        Examples test,
        List<Examples> training,
        int classes,
        double majorityBaseline,
        Optional<Measured> bayesAccuracy,
        double leftOut) {
    /** Number of sentences drawn before a task can be refused for lack of labels. */
    private static final int MIN_DRAWN = 20_000;
    /** Smallest accepted share of sentences with a label. */
    private static final double MIN_SHARE = 0.001;

    public TaskData {
        training = List.copyOf(training);
    }

    /**
     * Returns a task's examples for any source of pre-training sentences.
     *
     * @param labels training examples per repetition
     * @param tests test examples
     * @throws Refusal if the task is not possible there or has too few examples; the message is one
     *     sentence
     */
    public static TaskData of(SentenceSource source, TaskSpec spec, int labels, int tests, int repetitions, long seed) {
        boolean tokenizes = source instanceof TextLanguage || source instanceof TeacherLanguage;
        if (spec.table().isPresent() && tokenizes) {
            return TableExamples.draw(source, spec.table().get(), labels, tests, repetitions, seed);
        }
        if (spec.table().isEmpty() && source instanceof Language language) {
            return draw(language, spec, labels, tests, repetitions, seed);
        }
        throw new Refusal("task '" + spec.name() + "' "
                + (spec.table().isPresent()
                        ? "has a table, which this language has no tokenizer for: give a language of"
                                + " kind text or teacher."
                        : "has no table: give one of labelled texts, because nothing else has the labels"
                                + " of a text."));
    }

    /**
     * Draws the examples from a language.
     *
     * @param labels training examples per repetition
     * @param tests test examples
     * @throws Refusal if fewer than one in a thousand sentences have a label, or the task is not
     *     possible
     */
    public static TaskData draw(Language language, TaskSpec spec, int labels, int tests, int repetitions, long seed) {
        Task task = Tasks.of(language, spec);
        long[] drawn = new long[1];
        Task onTest = task.onTest();
        Examples test = examples(onTest, spec, tests, Seeds.generator(seed, "task/test"), drawn);
        List<Examples> training = new ArrayList<>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            training.add(examples(task, spec, labels, Seeds.generator(seed, "task/training", repetition), drawn));
        }
        long kept = (long) tests + (long) labels * repetitions;
        return new TaskData(
                test,
                training,
                task.classes(),
                majorityBaseline(test, training, task.classes()),
                Optional.of(bayesAccuracy(onTest, test)),
                (double) (drawn[0] - kept) / drawn[0]);
    }

    /** Returns all sentences: the test sentences, then those of each repetition in turn. */
    public int[][] sentences() {
        return Stream.concat(Stream.of(test), training.stream())
                .flatMap(examples -> Arrays.stream(examples.sentences()))
                .toArray(int[][]::new);
    }

    private static Examples examples(Task task, TaskSpec spec, int size, RandomGenerator random, long[] drawn) {
        int[][] sentences = new int[size][];
        int[] labels = new int[size];
        int kept = 0;
        for (long own = 1; kept < size; own++) {
            Labelled drawing = task.draw(random);
            if (drawing.label().isPresent()) {
                sentences[kept] = drawing.sentence();
                labels[kept] = drawing.label().getAsInt();
                kept++;
            } else if (own >= MIN_DRAWN && kept < MIN_SHARE * own) {
                throw new Refusal("task '" + spec.name() + "' has a label for " + kept + " of " + own
                        + " sentences: give a start and a length at which spans have labels more often"
                        + (spec.shift().isPresent() ? ", or another shift." : "."));
            }
            drawn[0]++;
        }
        return new Examples(sentences, labels);
    }

    /**
     * Returns the accuracy on the test examples of always predicting the most frequent training
     * label.
     */
    static double majorityBaseline(Examples test, List<Examples> training, int classes) {
        int[] counts = new int[classes];
        training.forEach(examples -> Arrays.stream(examples.labels()).forEach(label -> counts[label]++));
        int commonest = 0;
        for (int label = 1; label < classes; label++) {
            commonest = counts[label] > counts[commonest] ? label : commonest;
        }
        int named = commonest;
        return (double) Arrays.stream(test.labels())
                        .filter(label -> label == named)
                        .count()
                / test.size();
    }

    private static Measured bayesAccuracy(Task task, Examples test) {
        if (task.isCertain()) {
            return Measured.exact(1);
        }
        double[] guesses =
                Arrays.stream(test.sentences()).mapToDouble(task::bestGuess).toArray();
        return Means.of(guesses);
    }
}
