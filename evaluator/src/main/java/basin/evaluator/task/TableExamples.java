package basin.evaluator.task;

import basin.language.SentenceSource;
import basin.language.study.Tables;
import basin.language.text.TableSentences;
import basin.study.Seeds;
import basin.study.TableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Draws a task's examples from a table, tokenised as the words of a text or of a teacher. */
final class TableExamples {
    private TableExamples() {}

    /** Draws rows of the test file and, for every repetition, rows of the training file. */
    static TaskData draw(SentenceSource source, TableSpec spec, int labels, int tests, int repetitions, long seed) {
        TableSentences table = Tables.sentences(source, spec);
        Tables.check(table, labels, tests);
        Examples test = some(table.test(), tests, Seeds.generator(seed, "table/test"));
        List<Examples> training = new ArrayList<>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            training.add(some(table.training(), labels, Seeds.generator(seed, "table/training", repetition)));
        }
        int classes = table.classes().size();
        int left = table.training().labels().length + table.test().labels().length;
        return new TaskData(
                test,
                training,
                classes,
                TaskData.majorityBaseline(test, training, classes),
                Optional.empty(),
                (double) table.leftOut() / (left + table.leftOut()));
    }

    private static Examples some(TableSentences.Part all, int count, RandomGenerator random) {
        int[] rows = Arrays.copyOf(Seeds.permutation(random, all.labels().length), count);
        return new Examples(
                Arrays.stream(rows).mapToObj(row -> all.sentences()[row]).toArray(int[][]::new),
                Arrays.stream(rows).map(row -> all.labels()[row]).toArray());
    }
}
