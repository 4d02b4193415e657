package basin.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A reference for every string's probability under every non-terminal, independent of the charts:
 * no normal form, no closure. It iterates the table of probabilities P(A ⇒ s) by the grammar's
 * rules until nothing changes. Unary cycles are then summed to the precision of a double.
 */
final class BruteForce {
    private final Grammar grammar;
    private final Map<List<Integer>, double[]> table = new LinkedHashMap<>();

    BruteForce(Grammar grammar) {
        this.grammar = grammar;
        List<List<Integer>> strings = new ArrayList<>();
        strings.add(List.of());
        for (int from = 0; from < strings.size(); from++) {
            if (strings.get(from).size() < grammar.maxLength()) {
                for (int word = 0; word < grammar.words().size(); word++) {
                    List<Integer> longer = new ArrayList<>(strings.get(from));
                    longer.add(word);
                    strings.add(longer);
                }
            }
        }
        strings.removeFirst();
        for (List<Integer> string : strings) {
            double[] values = new double[grammar.nonTerminals().size()];
            table.put(string, values);
            // Shorter strings are complete, so only chains of unary rules refer to the string
            // itself.
            for (boolean changed = true; changed; ) {
                double[] next = new double[values.length];
                for (Rule rule : grammar.rules()) {
                    next[rule.parent()] += rule.probability() * ways(rule.children(), string);
                }
                changed = false;
                for (int symbol = 0; symbol < values.length; symbol++) {
                    changed |= Math.abs(next[symbol] - values[symbol]) > 1e-18 * next[symbol];
                }
                System.arraycopy(next, 0, values, 0, values.length);
            }
        }
    }

    private double ways(List<Symbol> children, List<Integer> string) {
        if (children.size() > string.size()) {
            return 0;
        }
        if (children.size() == 1) {
            return one(children.getFirst(), string);
        }
        double sum = 0;
        for (int split = 1; split < string.size(); split++) {
            double first = one(children.getFirst(), string.subList(0, split));
            if (first > 0) {
                sum += first * ways(children.subList(1, children.size()), string.subList(split, string.size()));
            }
        }
        return sum;
    }

    private double one(Symbol child, List<Integer> string) {
        if (child instanceof Symbol.Word(int word)) {
            return string.size() == 1 && string.getFirst() == word ? 1 : 0;
        }
        double[] values = table.get(string);
        return values == null ? 0 : values[child.index()];
    }

    /** Returns the unnormalised probability of a sentence. */
    double probability(List<Integer> sentence) {
        return table.getOrDefault(sentence, new double[grammar.nonTerminals().size()])[grammar.start()];
    }

    double shortEnough() {
        return table.keySet().stream().mapToDouble(this::probability).sum();
    }

    double[] conditional(List<Integer> sentence, int t) {
        double[] row = new double[grammar.words().size()];
        double total = 0;
        for (int word = 0; word < row.length; word++) {
            List<Integer> other = new ArrayList<>(sentence);
            other.set(t, word);
            row[word] = probability(other);
            total += row[word];
        }
        for (int word = 0; word < row.length; word++) {
            row[word] /= total;
        }
        return row;
    }

    double optimalLoss() {
        double all = shortEnough();
        double loss = 0;
        for (List<Integer> sentence : table.keySet()) {
            double p = probability(sentence);
            if (p > 0) {
                for (int t = 0; t < sentence.size(); t++) {
                    for (double q : conditional(sentence, t)) {
                        loss -= q > 0 ? p / all / sentence.size() * q * Math.log(q) : 0;
                    }
                }
            }
        }
        return loss;
    }

    /** Returns the non-terminal with the largest inside probability. */
    Optional<Integer> mostLikely(List<Integer> span) {
        double[] values = table.getOrDefault(span, new double[0]);
        int best = -1;
        for (int symbol = 0; symbol < values.length; symbol++) {
            if (values[symbol] > (best < 0 ? 0 : values[best] * (1 + 1e-12))) {
                best = symbol;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(best);
    }

    /**
     * Returns the posterior probability that this non-terminal branches or emits over exactly the
     * span. The span is replaced by a hole, and the derivations with this hole are counted.
     */
    double spanPosterior(List<Integer> sentence, int from, int to, int symbol) {
        double branching = 0;
        List<Integer> span = sentence.subList(from, to);
        for (Rule rule : grammar.rules()) {
            if (rule.parent() == symbol && !rule.isUnary()) {
                branching += rule.probability() * ways(rule.children(), span);
            }
        }
        return branching * around(grammar.start(), sentence, from, to, symbol) / probability(sentence);
    }

    /**
     * Returns the expected number of derivations of the sentence from {@code top} with a hole of
     * that symbol over the span.
     */
    private double around(int top, List<Integer> sentence, int from, int to, int symbol) {
        // Iterates over all symbols at once, because unary rules lead back to the same span.
        double[] values = new double[grammar.nonTerminals().size()];
        double[] fixed = new double[values.length];
        for (Rule rule : grammar.rules()) {
            if (!rule.isUnary()) {
                fixed[rule.parent()] += rule.probability() * holed(rule.children(), sentence, from, to, symbol);
            }
        }
        boolean here = from == 0 && to == sentence.size();
        for (int round = 0; round < 2_000; round++) {
            double[] next = fixed.clone();
            if (here) {
                next[symbol] += 1;
            }
            for (Rule rule : grammar.rules()) {
                if (rule.isUnary()) {
                    next[rule.parent()] += rule.probability()
                            * values[rule.children().getFirst().index()];
                }
            }
            values = next;
        }
        return values[top];
    }

    /**
     * Returns the weight of the derivations of a branching rule's children, one of which contains
     * the hole.
     */
    private double holed(List<Symbol> children, List<Integer> sentence, int from, int to, int symbol) {
        if (children.size() == 1) {
            return children.getFirst() instanceof Symbol.NonTerminal(int index)
                    ? around(index, sentence, from, to, symbol)
                    : 0;
        }
        double sum = 0;
        for (int split = 1; split < sentence.size(); split++) {
            List<Integer> left = sentence.subList(0, split);
            List<Integer> right = sentence.subList(split, sentence.size());
            if (to <= split && children.getFirst() instanceof Symbol.NonTerminal(int index)) {
                double rest = ways(children.subList(1, children.size()), right);
                if (rest > 0) {
                    sum += rest * around(index, left, from, to, symbol);
                }
            } else if (from >= split) {
                double first = one(children.getFirst(), left);
                if (first > 0) {
                    sum += first * holed(children.subList(1, children.size()), right, from - split, to - split, symbol);
                }
            }
        }
        return sum;
    }

    Iterable<List<Integer>> strings() {
        return table.keySet();
    }
}
