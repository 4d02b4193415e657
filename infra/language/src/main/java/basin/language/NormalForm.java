package basin.language;

import java.util.ArrayList;
import java.util.List;

/**
 * A grammar rewritten for charts: binary rules over an enlarged set of symbols, words emitted by symbols, and the closure of
 * unary rules. The first symbols are the grammar's non-terminals; those behind them stand for words within longer right-hand
 * sides and for the rests of right-hand sides. Sentence probabilities are those of the grammar.
 */
final class NormalForm {
    final int nonTerminals;
    final int symbols;
    final int start;
    final int[] left;
    final int[] right;
    final int[] parent;
    final double[] probability;
    /** Rules by their left child. */
    final int[][] byLeft;
    /** Rules by their parent. */
    final int[][] byParent;
    /** By word: the symbols that emit it. */
    final int[][] emitters;
    /** By word: with which probability, in the order of {@link #emitters}. */
    final double[][] emissions;

    final UnaryClosure closure;

    NormalForm(Grammar grammar) {
        Builder builder = new Builder(grammar);
        nonTerminals = grammar.nonTerminals().size();
        start = grammar.start();
        symbols = builder.symbols;
        int rules = builder.binary.size();
        left = new int[rules];
        right = new int[rules];
        parent = new int[rules];
        probability = new double[rules];
        for (int rule = 0; rule < rules; rule++) {
            Rule binary = builder.binary.get(rule);
            parent[rule] = binary.parent();
            left[rule] = binary.children().get(0).index();
            right[rule] = binary.children().get(1).index();
            probability[rule] = binary.probability();
        }
        byLeft = grouped(left, symbols);
        byParent = grouped(parent, symbols);
        emitters = new int[grammar.words().size()][];
        emissions = new double[grammar.words().size()][];
        for (int word = 0; word < emitters.length; word++) {
            int emitted = word;
            List<Rule> own = builder.terminal.stream()
                    .filter(rule -> rule.children().getFirst().index() == emitted)
                    .toList();
            emitters[word] = own.stream().mapToInt(Rule::parent).toArray();
            emissions[word] = own.stream().mapToDouble(Rule::probability).toArray();
        }
        double[][] unary = new double[symbols][symbols];
        for (Rule rule : builder.unary) {
            unary[rule.parent()][rule.children().getFirst().index()] += rule.probability();
        }
        closure = UnaryClosure.of(unary);
    }

    private static int[][] grouped(int[] keys, int size) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int key = 0; key < size; key++) {
            groups.add(new ArrayList<>());
        }
        for (int rule = 0; rule < keys.length; rule++) {
            groups.get(keys[rule]).add(rule);
        }
        return groups.stream()
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private static final class Builder {
        private final List<Rule> binary = new ArrayList<>();
        private final List<Rule> unary = new ArrayList<>();
        private final List<Rule> terminal = new ArrayList<>();
        private final int[] wordSymbol;
        private int symbols;

        Builder(Grammar grammar) {
            symbols = grammar.nonTerminals().size();
            wordSymbol = new int[grammar.words().size()];
            for (Rule rule : grammar.rules()) {
                if (rule.probability() == 0) {
                    continue;
                }
                if (rule.isUnary()) {
                    unary.add(rule);
                } else if (rule.children().size() == 1) {
                    terminal.add(rule);
                } else {
                    addLong(rule);
                }
            }
        }

        private void addLong(Rule rule) {
            List<Symbol> children = rule.children();
            int parent = rule.parent();
            double probability = rule.probability();
            for (int i = 0; i < children.size() - 2; i++) {
                int rest = symbols++;
                binary.add(Rule.binary(parent, symbol(children.get(i)), rest, probability));
                parent = rest;
                probability = 1;
            }
            binary.add(Rule.binary(
                    parent, symbol(children.get(children.size() - 2)), symbol(children.getLast()), probability));
        }

        /** The symbol of a child; a word gets one of its own that emits nothing else. */
        private int symbol(Symbol child) {
            if (child instanceof Symbol.Word(int word)) {
                if (wordSymbol[word] == 0) {
                    wordSymbol[word] = symbols++;
                    terminal.add(Rule.terminal(wordSymbol[word], word, 1));
                }
                return wordSymbol[word];
            }
            return child.index();
        }
    }
}
