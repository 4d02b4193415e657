package basin.study;

import java.util.stream.IntStream;

/**
 * The pre-training objective: which words of a sentence a network predicts. Such a word is
 * either masked, so that the network sees all others, or predicted only from the words before it.
 */
public enum Objective {
    /** One word of a sentence, drawn uniformly, from all others. */
    MASKED(true),
    /** Every word of a sentence, from those before it. */
    CAUSAL(false);

    private final boolean masks;

    Objective(boolean masks) {
        this.masks = masks;
    }

    /**
     * Returns whether a mask replaces a predicted word, so that the network sees all other words.
     * If not, it sees only those before.
     */
    public boolean masks() {
        return masks;
    }

    /** Returns the number of predicted words in a sentence of {@code length} words. */
    public int predictions(int length) {
        return switch (this) {
            case MASKED -> 1;
            case CAUSAL -> length;
        };
    }

    /**
     * Returns the position of a predicted word in its sentence, from 0.
     *
     * @param length number of words of the sentence
     * @param drawn position that was drawn uniformly for the sentence
     * @param prediction number of the prediction, from 0
     */
    public int position(int length, int drawn, int prediction) {
        return switch (this) {
            case MASKED -> drawn;
            case CAUSAL -> prediction;
        };
    }

    /**
     * Returns the positions that are predicted in sentences of {@code length} words, ascending;
     * each is predicted equally often.
     */
    public int[] predictable(int length) {
        return IntStream.range(0, length)
                .flatMap(drawn ->
                        IntStream.range(0, predictions(length)).map(prediction -> position(length, drawn, prediction)))
                .distinct()
                .sorted()
                .toArray();
    }
}
