package basin.language;

import java.util.List;
import java.util.OptionalInt;

/**
 * A sentence and how it came about.
 *
 * @param sentence word ids
 * @param constituents all of its constituents, each span at most once
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand; who draws one owns it.
public record Derivation(int[] sentence, List<Constituent> constituents) {
    public Derivation {
        constituents = List.copyOf(constituents);
    }

    /** The non-terminal that covers exactly this span, where it is a constituent: of a chain of unary rules the lowest. */
    public OptionalInt ancestor(int from, int to) {
        return constituents.stream()
                .filter(constituent -> constituent.from() == from && constituent.to() == to)
                .mapToInt(Constituent::symbol)
                .findFirst();
    }
}
