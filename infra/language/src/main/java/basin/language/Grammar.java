package basin.language;

import basin.study.Refusal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A proper probabilistic context-free grammar in general form. Right-hand sides have any length;
 * unary rules and unary cycles are allowed, empty rules are not. Immutable.
 *
 * <p>The constructor enforces that the probabilities of each non-terminal's rules sum to one
 * (within 1e-9), that every non-terminal is reachable from the start symbol and productive, and
 * that derivations terminate with probability one. It throws a {@link Refusal} of one sentence
 * otherwise. Words may be unused.
 *
 * @param nonTerminals names, distinct from each other and from the words; their order is that of
 *     the span labels
 * @param words names; their order is that of the word ids
 * @param start index of the start symbol
 * @param rules the rules, no two with the same parent and right-hand side
 * @param maxLength maximum sentence length in words; longer sentences are rejected
 */
public record Grammar(List<String> nonTerminals, List<String> words, int start, List<Rule> rules, int maxLength) {
    /** The tolerance on the sum of a non-terminal's probabilities. */
    static final double SUM_TOLERANCE = 1e-9;

    public Grammar {
        nonTerminals = List.copyOf(nonTerminals);
        words = List.copyOf(words);
        rules = List.copyOf(rules);
        checkNames(nonTerminals, words);
        if (maxLength < 1) {
            throw new Refusal("maxLength: " + maxLength + " is no length of a sentence; give a number of at least 1.");
        }
        if (start < 0 || start >= nonTerminals.size()) {
            throw new Refusal("start: there is no non-terminal " + start + " among " + nonTerminals.size()
                    + "; give the index of one that is listed.");
        }
        checkRules(nonTerminals, words, rules);
        GrammarTightness.check(nonTerminals, start, rules);
    }

    static void checkNames(List<String> nonTerminals, List<String> words) {
        if (nonTerminals.isEmpty()) {
            throw new Refusal("nonTerminals: the list is empty; give at least the start symbol.");
        }
        if (words.isEmpty()) {
            throw new Refusal("words: the list is empty; give at least one word.");
        }
        Set<String> seen = new HashSet<>();
        Map<String, List<String>> named = new TreeMap<>(Map.of("nonTerminals", nonTerminals, "words", words));
        named.forEach((field, names) -> {
            for (String name : names) {
                if (name.isBlank() || !seen.add(name)) {
                    throw new Refusal(field + ": the name \"" + name
                            + "\" is blank or used twice; give every non-terminal and word a name of its own.");
                }
            }
        });
    }

    private static void checkRules(List<String> nonTerminals, List<String> words, List<Rule> rules) {
        double[] sums = new double[nonTerminals.size()];
        Set<Rule> shapes = new HashSet<>();
        for (Rule rule : rules) {
            checkIndex("parent", rule.parent(), nonTerminals.size(), "non-terminals");
            for (Symbol child : rule.children()) {
                switch (child) {
                    case Symbol.NonTerminal(int index) ->
                        checkIndex("children", index, nonTerminals.size(), "non-terminals");
                    case Symbol.Word(int index) -> checkIndex("children", index, words.size(), "words");
                }
            }
            if (!shapes.add(rule.withProbability(0))) {
                throw new Refusal("rules: non-terminal \"" + nonTerminals.get(rule.parent())
                        + "\" has the same right-hand side twice; join the two and add their probabilities.");
            }
            sums[rule.parent()] += rule.probability();
        }
        for (int symbol = 0; symbol < sums.length; symbol++) {
            if (Math.abs(sums[symbol] - 1) > SUM_TOLERANCE) {
                throw new Refusal("probability: the rules of non-terminal \"" + nonTerminals.get(symbol) + "\" sum to "
                        + sums[symbol] + "; make the probabilities of each non-terminal's rules sum to 1.");
            }
        }
    }

    private static void checkIndex(String field, int index, int size, String what) {
        if (index < 0 || index >= size) {
            throw new Refusal(field + ": a rule names number " + index + " of " + size + " " + what
                    + "; give the index of one that is listed.");
        }
    }
}
