package basin.study;

/** What a network predicts in pre-training. */
public enum Objective {
    /** One masked word of a sentence, drawn uniformly, from all others. */
    MASKED,
    /** Every word of a sentence from those before it. */
    CAUSAL
}
