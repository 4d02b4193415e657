package basin.study;

/** What a network is made of. */
public enum Architecture {
    /** Attention: a BERT-style pre-LN encoder, or with a causal objective a GPT-2-style decoder. */
    TRANSFORMER,
    /** Stacked bidirectional long short-term memories. */
    LSTM
}
