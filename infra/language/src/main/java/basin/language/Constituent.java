package basin.language;

/**
 * A non-terminal over a span of a derivation, whose own rule branches or emits: of a chain of unary rules the lowest.
 *
 * @param symbol index of the non-terminal
 * @param from first word of the span
 * @param to one past its last word
 */
public record Constituent(int symbol, int from, int to) {}
