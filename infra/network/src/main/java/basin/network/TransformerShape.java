package basin.network;

/**
 * The sizes and constants of a transformer, as a {@code config.json} states them. Immutable; thread-safe.
 *
 * @param vocabulary tokens
 * @param maxLength tokens of the longest sequence
 * @param width hidden units
 * @param layers transformer layers
 * @param heads attention heads a layer; divides the width
 * @param intermediate hidden units of the feed-forward blocks
 * @param types rows of the table of token types; 0 where the layout has none
 * @param padding token that takes no position of its own; 0 where the layout counts every token
 * @param epsilon ε of every LayerNorm
 * @param activation between the two layers of a feed-forward block
 * @param tied whether the head's table, and with it its bias, is that of the embeddings
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
