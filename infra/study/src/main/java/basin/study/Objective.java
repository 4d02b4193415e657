package basin.study;

/** What a network predicts in pre-training. */
public enum Objective {
    /** One masked word of a sentence, drawn uniformly, from all others. */
    MASKED,
    /** Every word of a sentence from those before it. */
    CAUSAL;

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
     * @param masked position that was drawn for the sentence
     * @param prediction number of the prediction, from 0
     */
    public int position(int masked, int prediction) {
        return switch (this) {
            case MASKED -> masked;
            case CAUSAL -> prediction;
        };
    }
}
