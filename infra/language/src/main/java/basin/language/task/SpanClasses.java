package basin.language.task;

import basin.language.Grammar;
import basin.language.Pcfg;
import basin.language.Rule;
import basin.language.Symbol;
import basin.study.TaskSpec;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The non-terminals that can label a span of a given length. They come from the grammar, never from
 * a sample, so that a task has the same classes for every draw. The position of the span is
 * ignored, so the list may contain a non-terminal that never labels it.
 */
final class SpanClasses {
    private SpanClasses() {}

    /**
     * Returns the non-terminals that can label the task's span, ascending. A label's class is its
     * index here.
     */
    static int[] of(Pcfg language, TaskSpec task) {
        BitSet lengths = spanLengths(language, task);
        Grammar grammar = language.grammar();
        BitSet[] yields = yields(grammar);
        return IntStream.range(0, yields.length)
                .filter(symbol -> grammar.rules().stream()
                        .filter(rule -> rule.parent() == symbol && rule.probability() > 0)
                        // The true ancestor is the lowest of a unary chain, so unary rules are
                        // excluded.
                        .filter(rule -> task.label() == TaskSpec.Label.INSIDE || !rule.isUnary())
                        .anyMatch(rule -> lengths(rule.children(), yields, grammar.maxLength())
                                .intersects(lengths)))
                .toArray();
    }

    private static BitSet spanLengths(Pcfg language, TaskSpec task) {
        BitSet lengths = new BitSet();
        for (int sentence = task.start() + 1; sentence <= language.maxLength(); sentence++) {
            int length = task.length() == 0 ? sentence - task.start() : task.length();
            if (task.start() + length <= sentence && language.lengthProbability(sentence) > 0) {
                lengths.set(length);
            }
        }
        return lengths;
    }

    /**
     * Returns the lengths of the strings that each non-terminal derives, up to the maximum sentence
     * length: a least fixed point.
     */
    private static BitSet[] yields(Grammar grammar) {
        BitSet[] yields = new BitSet[grammar.nonTerminals().size()];
        Arrays.setAll(yields, symbol -> new BitSet());
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Rule rule : grammar.rules()) {
                if (rule.probability() > 0) {
                    int before = yields[rule.parent()].cardinality();
                    yields[rule.parent()].or(lengths(rule.children(), yields, grammar.maxLength()));
                    grew |= yields[rule.parent()].cardinality() > before;
                }
            }
        }
        return yields;
    }

    /** Returns the possible sums of one length per child. */
    private static BitSet lengths(List<Symbol> children, BitSet[] yields, int maxLength) {
        BitSet sums = new BitSet();
        sums.set(0);
        for (Symbol child : children) {
            BitSet longer = new BitSet();
            for (int sum = sums.nextSetBit(0); sum >= 0; sum = sums.nextSetBit(sum + 1)) {
                switch (child) {
                    case Symbol.Word(int word) -> longer.set(sum + 1);
                    case Symbol.NonTerminal(int symbol) -> {
                        int from = sum;
                        yields[symbol].stream().forEach(length -> longer.set(from + length));
                    }
                }
            }
            sums = longer.get(0, maxLength + 1);
        }
        return sums;
    }
}
