package basin.language;

/** One place on the right-hand side of a {@link Rule}: a non-terminal or a word of the {@link Grammar}, by index. */
public sealed interface Symbol {
    /** Index into {@link Grammar#nonTerminals()} or {@link Grammar#words()}. */
    int index();

    record NonTerminal(int index) implements Symbol {}

    record Word(int index) implements Symbol {}
}
