package basin.study;

/**
 * A recipe that embeds a network in a larger architecture without changing its function. Both
 * recipes copy every unit of the residual stream, of the heads and of the feed-forward block a
 * whole number of times. They differ in how the copies are read. Added layers contribute nothing in
 * either.
 */
public enum ExpansionRecipe {
    /** Every reader reads all copies, with weights divided by the number of copies. */
    TILED,
    /**
     * Every reader reads only the first copy, with the original weights. The weights of the other
     * copies are zero.
     */
    LEADING
}
