package basin.network;

/**
 * The sizes and constants of a transformer, as in a {@code config.json}. Immutable; thread-safe.
 *
 * @param vocabulary number of tokens
 * @param maxLength tokens of the longest sequence
 * @param width hidden units
 * @param layers transformer layers
 * @param heads attention heads per layer; divides the width
 * @param intermediate hidden units of the feed-forward blocks
 * @param types rows of the table of token types; 0 if the layout has none
 * @param padding token that takes no position; 0 if the layout counts every token
 * @param epsilon ε of every LayerNorm
 * @param activation activation function of the feed-forward blocks
 * @param tied whether the head shares the embedding table; its two biases are then one tensor
 */
public record TransformerShape(
        int vocabulary,
        int maxLength,
        int width,
        int layers,
        int heads,
        int intermediate,
        int types,
        int padding,
        double epsilon,
        Activation activation,
        boolean tied) {}
