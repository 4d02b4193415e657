package basin.language;

/**
 * A symbol on the right-hand side of a {@link Rule}: a non-terminal or a word of the
 * {@link Grammar}.
 */
public sealed interface Symbol {
    /** Returns the index into {@link Grammar#nonTerminals()} or {@link Grammar#words()}. */
    int index();

    /** A non-terminal of the grammar. */
    record NonTerminal(int index) implements Symbol {}

    /** A word of the grammar. */
    record Word(int index) implements Symbol {}
}
