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
 * The examples of a task, the same for every checkpoint: training examples differ by repetition, test examples are common to all
 * repetitions. Sentences are drawn from streams that the seed alone names, so tasks with the same seed share sentences as far as
 * they have labels in both. Where a table has the examples, each repetition learns from other rows of the one file, drawn without replacement,
 * and the test examples are rows of the other. Not to be changed; thread-safe for reading.
 *
 * @param test test examples, none of them in a stream that training draws from
 * @param training training examples, one set a repetition
 * @param classes different labels
 * @param majorityBaseline accuracy on the test examples of always naming the commonest label of all training examples together
 * @param bayesAccuracy expected accuracy of the exact posterior given the sentence, with its standard error over test sentences; where the task
 *     has a shift, of the posterior by the grammar that the test sentences come from; empty where labels come from a table
 * @param leftOut share of all sentences drawn that are too short for the span or have no label, or that are no test sentences because the
 *     language has them; of a table the share of all its rows of which nothing is left
 */
public record TaskData(
        Examples test,
        List<Examples> training,
        int classes,
        double majorityBaseline,
        Optional<Measured> bayesAccuracy,
        double leftOut) {
    /** So many sentences are drawn before a task is found to be hopeless. */
    private static final int PATIENCE = 20_000;
    /** The least share of sentences with a label. */
    private static final double MIN_SHARE = 0.001;

    public TaskData {
        training = List.copyOf(training);
    }

    /**
     * The examples of a task on whatever the network learns from.
     *
     * @param labels training examples a repetition
     * @param tests test examples
     * @throws Refusal where the task cannot be asked there, or has too few examples, in one sentence
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
                        : "has no table: give one of labelled texts, for nothing else tells the labels"
                                + " of a text."));
    }

    /**
     * Draws the examples.
     *
     * @param labels training examples a repetition
     * @param tests test examples
     * @throws Refusal where sentences with a label are rarer than one in a thousand, or cannot be
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

    /** All sentences: the test's, then those of each repetition in turn. */
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
            } else if (own >= PATIENCE && kept < MIN_SHARE * own) {
                throw new Refusal("task '" + spec.name() + "' has a label for " + kept + " of " + own
                        + " sentences: give a start and a length at which spans have labels more often"
                        + (spec.shift().isPresent() ? ", or another shift." : "."));
            }
            drawn[0]++;
        }
        return new Examples(sentences, labels);
    }

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
