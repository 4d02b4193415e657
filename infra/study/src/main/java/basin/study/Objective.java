package basin.study;

import java.util.stream.IntStream;

/**
 * Which words of a sentence a network predicts in pre-training. A predicted word is either masked, so that the network sees all
 * others, or predicted from the words before it alone.
 */
public enum Objective {
    /** One word of a sentence, drawn uniformly, from all others. */
    MASKED(true),
    /** Every word of a sentence from those before it. */
    CAUSAL(false);

    private final boolean masks;

    Objective(boolean masks) {
        this.masks = masks;
    }

    /** Whether a mask stands in the place of a predicted word, and the network sees all other words; else it sees those before. */
    public boolean masks() {
        return masks;
    }

    /** Returns the number of words that are predicted of a sentence of so many words. */
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

    /** Returns the positions that are predicted in sentences of {@code length} words, ascending; each is predicted equally often. */
    public int[] predictable(int length) {
        return IntStream.range(0, length)
                .flatMap(drawn ->
                        IntStream.range(0, predictions(length)).map(prediction -> position(length, drawn, prediction)))
                .distinct()
                .sorted()
                .toArray();
    }
}
