package basin.network;

/**
 * The tensors that a head shares. Immutable; thread-safe.
 *
 * @param table whether the head's table is that of the embeddings
 * @param bias whether a head whose bias has two names has one bias
 */
public record Tie(boolean table, boolean bias) {
    /** Returns a head that shares both, or neither. */
    public static Tie both(boolean tied) {
        return new Tie(tied, tied);
    }
}
