package basin.evaluator.task;

import basin.events.spec.TableSpec;
import basin.lm.Seeds;
import basin.lm.Tables;
import basin.lm.text.TextLanguage;
import basin.lm.text.TextTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The examples of a task that a table has, as the words of a text. */
final class TableExamples {
    private TableExamples() {}

    /** Some rows of the test file, and for every repetition rows of the other. */
    static TaskData draw(TextLanguage text, TableSpec spec, int labels, int tests, int repetitions, long seed) {
        TextTable table = Tables.read(spec);
        Tables.check(table, labels, tests);
        Examples test = some(encoded(text, table.test()), tests, Seeds.generator(seed, "table/test"));
        Examples all = encoded(text, table.training());
        List<Examples> training = new ArrayList<>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            training.add(some(all, labels, Seeds.generator(seed, "table/training", repetition)));
        }
        int classes = table.classes().size();
        return new TaskData(test, training, classes, TaskData.floor(test, training, classes), Optional.empty(), 0);
    }

    private static Examples encoded(TextLanguage text, TextTable.Part part) {
        return new Examples(
                text.encode(part.texts()).sentences(),
                part.labels().stream().mapToInt(Integer::intValue).toArray());
    }

    private static Examples some(Examples all, int count, RandomGenerator random) {
        int[] rows = Arrays.copyOf(Seeds.permutation(random, all.size()), count);
        return new Examples(
                Arrays.stream(rows).mapToObj(row -> all.sentences()[row]).toArray(int[][]::new),
                Arrays.stream(rows).map(row -> all.labels()[row]).toArray());
    }
}
