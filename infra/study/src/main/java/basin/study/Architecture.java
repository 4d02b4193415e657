package basin.study;

/** The architecture of a network. */
public enum Architecture {
    /**
     * A transformer: a BERT-style pre-LN encoder, or with a causal objective a GPT-2-style decoder.
     */
    TRANSFORMER,
    /** Stacked bidirectional LSTMs (long short-term memories). */
    LSTM
}
