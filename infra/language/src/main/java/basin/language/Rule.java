package basin.language;

import basin.study.Refusal;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A rule of a probabilistic context-free grammar, which rewrites {@code parent} as {@code children}
 * with {@code probability}. Immutable.
 *
 * @param parent index of the rewritten non-terminal
 * @param children at least one symbol, non-terminals and words in any mixture; there are no empty
 *     rules
 * @param probability in [0, 1]
 */
public record Rule(int parent, List<Symbol> children, double probability) {
    public Rule {
        children = List.copyOf(children);
        if (children.isEmpty()) {
            throw new Refusal("rules: a rule of non-terminal " + parent
                    + " has an empty right-hand side; give it at least one non-terminal or word.");
        }
        if (!(probability >= 0 && probability <= 1)) {
            throw new Refusal("probability: a rule of non-terminal " + parent + " has " + probability
                    + "; give a number between 0 and 1.");
        }
    }

    /** Returns a rule that rewrites {@code parent} as two non-terminals. */
    public static Rule binary(int parent, int left, int right, double probability) {
        return new Rule(parent, List.of(new Symbol.NonTerminal(left), new Symbol.NonTerminal(right)), probability);
    }

    /** Returns a rule that rewrites {@code parent} as one non-terminal. */
    public static Rule unary(int parent, int child, double probability) {
        return new Rule(parent, List.of(new Symbol.NonTerminal(child)), probability);
    }

    /** Returns a rule that rewrites {@code parent} as a word. */
    public static Rule terminal(int parent, int word, double probability) {
        return new Rule(parent, List.of(new Symbol.Word(word)), probability);
    }

    /** Returns the same rule with another probability. */
    Rule withProbability(double other) {
        return new Rule(parent, children, other);
    }

    /** Returns the non-terminals of the right-hand side, in order. */
    IntStream nonTerminals() {
        return children.stream().filter(Symbol.NonTerminal.class::isInstance).mapToInt(Symbol::index);
    }

    /** Returns whether the right-hand side is a single non-terminal. */
    public boolean isUnary() {
        return children.size() == 1 && children.getFirst() instanceof Symbol.NonTerminal;
    }
}
