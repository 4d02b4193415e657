package basin.study;

/**
 * How a network is put into a larger architecture without changing its function. Both copy every unit of the stream, of the heads and of
 * the feed-forward block a whole number of times; they differ in how the copies are read. Added layers write nothing in either.
 */
public enum ExpansionRecipe {
    /** Every reader reads all copies, with weights divided by their number. */
    TILED,
    /** Every reader reads the first copy alone, with the weights themselves; those of the other copies are zero. */
    LEADING
}
