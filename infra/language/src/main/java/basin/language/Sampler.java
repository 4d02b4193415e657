package basin.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A top-down sampler of derivations. It rejects a derivation that grows too long and draws again.
 * Immutable; thread-safe.
 */
final class Sampler {
    private final Grammar grammar;
    private final Rule[][] rules;
    private final double[][] cumulative;

    Sampler(Grammar grammar) {
        this.grammar = grammar;
        int symbols = grammar.nonTerminals().size();
        rules = new Rule[symbols][];
        cumulative = new double[symbols][];
        for (int symbol = 0; symbol < symbols; symbol++) {
            int parent = symbol;
            rules[symbol] = grammar.rules().stream()
                    .filter(rule -> rule.parent() == parent && rule.probability() > 0)
                    .toArray(Rule[]::new);
            cumulative[symbol] = Categorical.cumulative(
                    Arrays.stream(rules[symbol]).mapToDouble(Rule::probability).toArray());
        }
    }

    Derivation draw(RandomGenerator random, boolean withConstituents) {
        while (true) {
            Draw draw = new Draw(random, withConstituents);
            if (draw.expand(grammar.start(), 0)) {
                return new Derivation(Arrays.copyOf(draw.words, draw.count), draw.constituents);
            }
        }
    }

    private Rule choose(RandomGenerator random, int symbol) {
        return rules[symbol][Categorical.draw(random, cumulative[symbol])];
    }

    private final class Draw {
        private final RandomGenerator random;
        private final boolean withConstituents;
        private final int[] words = new int[grammar.maxLength()];
        private final List<Constituent> constituents = new ArrayList<>();
        private int count;

        Draw(RandomGenerator random, boolean withConstituents) {
            this.random = random;
            this.withConstituents = withConstituents;
        }

        /**
         * Expands a symbol. Returns false as soon as the sentence must exceed the maximum length,
         * because {@code pending} symbols of at least one word each follow.
         */
        private boolean expand(int from, int pending) {
            int symbol = from;
            Rule rule = choose(random, symbol);
            while (rule.isUnary()) {
                symbol = rule.children().getFirst().index();
                rule = choose(random, symbol);
            }
            int begin = count;
            int following = rule.children().size();
            if (count + following + pending > grammar.maxLength()) {
                return false;
            }
            for (Symbol child : rule.children()) {
                following--;
                if (child instanceof Symbol.Word(int word)) {
                    words[count++] = word;
                } else if (!expand(child.index(), pending + following)) {
                    return false;
                }
            }
            if (withConstituents) {
                constituents.add(new Constituent(symbol, begin, count));
            }
            return true;
        }
    }
}
