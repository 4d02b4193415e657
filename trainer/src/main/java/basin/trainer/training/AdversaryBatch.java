package basin.trainer.training;

import basin.language.task.Labelled;
import basin.language.task.Task;
import basin.study.Refusal;
import java.util.random.RandomGenerator;

/**
 * Labelled sentences of a task for the adversary. No evaluation draws them.
 *
 * @param sentences word ids
 * @param labels class of each sentence, from 0
 * @param classes number of classes of the task
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn for one step and dropped.
record AdversaryBatch(int[][] sentences, int[] labels, int classes) {
    /** The number of consecutive sentences without a label after which the draw fails. */
    private static final int PATIENCE = 20_000;

    /**
     * Draws labelled sentences.
     *
     * @param name name of the task, for messages
     * @throws Refusal if hardly any sentence has a label
     */
    static AdversaryBatch draw(Task task, String name, int examples, RandomGenerator random) {
        int[][] sentences = new int[examples][];
        int[] labels = new int[examples];
        int inVain = 0;
        for (int kept = 0; kept < examples; ) {
            Labelled drawn = task.draw(random);
            if (drawn.label().isPresent()) {
                sentences[kept] = drawn.sentence();
                labels[kept++] = drawn.label().getAsInt();
                inVain = 0;
            } else if (++inVain == PATIENCE) {
                throw new Refusal("algorithms.task is '" + name + "', which has no label for " + PATIENCE
                        + " sentences in a row: give a span that has labels more often.");
            }
        }
        return new AdversaryBatch(sentences, labels, task.classes());
    }
}
