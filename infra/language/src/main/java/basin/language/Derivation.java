package basin.language;

import java.util.List;
import java.util.OptionalInt;

/**
 * A sentence and its parse.
 *
 * @param sentence word ids
 * @param constituents all constituents, at most one per span
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand; the caller owns the array.
public record Derivation(int[] sentence, List<Constituent> constituents) {
    public Derivation {
        constituents = List.copyOf(constituents);
    }

    /**
     * Returns the non-terminal of the constituent over exactly this span, or empty if the span is
     * no constituent. In a chain of unary rules it is the lowest.
     */
    public OptionalInt ancestor(int from, int to) {
        return constituents.stream()
                .filter(constituent -> constituent.from() == from && constituent.to() == to)
                .mapToInt(Constituent::symbol)
                .findFirst();
    }
}
