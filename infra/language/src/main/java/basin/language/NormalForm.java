package basin.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A grammar in a normal form for charts: binary rules over an enlarged set of symbols, symbols that
 * emit words, and the closure of the unary rules. The first symbols are the grammar's
 * non-terminals. The others stand for words within longer right-hand sides and for the remainders
 * of right-hand sides. Sentence probabilities are unchanged.
 */
final class NormalForm {
    final int nonTerminals;
    final int symbols;
    final int start;
    final int[] left;
    final int[] right;
    final int[] parent;
    final double[] probability;
    /** The indices of the rules by their left child. */
    final int[][] byLeft;
    /** The indices of the rules by their parent. */
    final int[][] byParent;
    /** The symbols that emit each word. */
    final int[][] emitters;
    /** The emission probabilities of each word, in the order of {@link #emitters}. */
    final double[][] emissions;

    final UnaryClosure closure;

    NormalForm(Grammar grammar) {
        nonTerminals = grammar.nonTerminals().size();
        start = grammar.start();
        Builder builder = new Builder(grammar);
        symbols = builder.symbols;
        List<Rule> binary = builder.binary;
        parent = binary.stream().mapToInt(Rule::parent).toArray();
        left = binary.stream()
                .mapToInt(rule -> rule.children().getFirst().index())
                .toArray();
        right = binary.stream()
                .mapToInt(rule -> rule.children().getLast().index())
                .toArray();
        probability = binary.stream().mapToDouble(Rule::probability).toArray();
        byLeft = grouped(left, symbols);
        byParent = grouped(parent, symbols);
        List<Rule> terminal = builder.terminal;
        int[][] byWord = grouped(
                terminal.stream()
                        .mapToInt(rule -> rule.children().getFirst().index())
                        .toArray(),
                grammar.words().size());
        emitters = Arrays.stream(byWord)
                .map(rules -> IntStream.of(rules)
                        .map(rule -> terminal.get(rule).parent())
                        .toArray())
                .toArray(int[][]::new);
        emissions = Arrays.stream(byWord)
                .map(rules -> IntStream.of(rules)
                        .mapToDouble(rule -> terminal.get(rule).probability())
                        .toArray())
                .toArray(double[][]::new);
        double[][] unary = new double[symbols][symbols];
        for (Rule rule : builder.unary) {
            unary[rule.parent()][rule.children().getFirst().index()] += rule.probability();
        }
        closure = UnaryClosure.of(unary);
    }

    private static int[][] grouped(int[] keys, int size) {
        List<List<Integer>> groups =
                Stream.<List<Integer>>generate(ArrayList::new).limit(size).toList();
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

        /** Returns the symbol of a child. A word gets its own symbol, which emits nothing else. */
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
