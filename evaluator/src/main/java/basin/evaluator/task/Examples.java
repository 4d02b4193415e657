package basin.evaluator.task;

/**
 * Labelled sentences; not to be modified. Thread-safe for reading.
 *
 * @param sentences word ids
 * @param labels class of each sentence, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand, shared and read only.
public record Examples(int[][] sentences, int[] labels) {
    public Examples {
        if (sentences.length != labels.length) {
            throw new IllegalArgumentException(
                    "there are " + labels.length + " labels: give one for each of " + sentences.length + " sentences.");
        }
    }

    /** Returns the number of examples. */
    public int size() {
        return labels.length;
    }
}
