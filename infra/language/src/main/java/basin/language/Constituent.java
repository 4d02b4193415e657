package basin.language;

/**
 * A non-terminal over a span of a derivation. In a chain of unary rules it is the lowest
 * non-terminal, the one whose rule branches or emits.
 *
 * @param symbol index of the non-terminal
 * @param from first word of the span, inclusive
 * @param to end of the span, exclusive
 */
public record Constituent(int symbol, int from, int to) {}
