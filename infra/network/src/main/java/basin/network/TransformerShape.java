package basin.network;

import java.util.List;

/**
 * The sizes and constants of a transformer, as in a {@code config.json}. Immutable; thread-safe.
 *
 * @param vocabulary number of tokens
 * @param maxLength tokens of the longest sequence
 * @param width hidden units
 * @param attention attention of each layer
 * @param intermediate hidden units of the feed-forward blocks
 * @param types rows of the table of token types; 0 if the layout has none
 * @param padding token that takes no position; 0 if the layout counts every token
 * @param norm normalisation of the states
 * @param activation activation function of the feed-forward blocks
 * @param tie what the head shares
 */
public record TransformerShape(
        int vocabulary,
        int maxLength,
        int width,
        List<Attention> attention,
        int intermediate,
        int types,
        int padding,
        Norm norm,
        Activation activation,
        Tie tie) {
    public TransformerShape {
        attention = List.copyOf(attention);
    }

    /** Returns the number of layers. */
    public int layers() {
        return attention.size();
    }

    /** Returns the number of attention heads per layer. */
    public int heads() {
        return attention.getFirst().heads();
    }
}
