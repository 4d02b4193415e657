package basin.language;

import basin.study.Refusal;
import basin.study.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Seeded random grammars. Deterministic: equal arguments give equal languages. */
public final class Grammars {
    private Grammars() {}

    /**
     * Returns a grammar whose derivations are binary trees of fixed depth, with sentences of
     * 2^depth words. The start symbol rewrites to a symbol of the root layer, uniformly. Each
     * symbol of a layer has {@code rules} binary rules into the next layer. Each symbol of the
     * lowest layer emits its own words. A symbol is named by layer and number, as in {@code L0_3}.
     *
     * @param depth number of layers of binary rules
     * @param symbols non-terminals per layer
     * @param rules distinct binary rules per non-terminal
     * @param vocabularySize number of words, a multiple of {@code symbols}
     * @throws Refusal if the vocabulary is no multiple of {@code symbols}
     */
    public static Pcfg tree(int depth, int symbols, int rules, int vocabularySize, long seed) {
        if (vocabularySize % symbols != 0) {
            throw new Refusal(
                    "words is " + vocabularySize + ": give a multiple of the symbols per layer, " + symbols + ".");
        }
        RandomGenerator random = Seeds.generator(seed, "tree-grammar");
        Draft draft = new Draft(vocabularySize);
        int start = draft.symbol("S");
        int[][] layers = new int[depth + 1][];
        for (int layer = 0; layer <= depth; layer++) {
            layers[layer] = draft.layer("L" + layer + "_", symbols);
        }
        for (int root : layers[0]) {
            draft.weigh(start, List.of(new Symbol.NonTerminal(root)), 1);
        }
        for (int layer = 0; layer < depth; layer++) {
            for (int parent : layers[layer]) {
                draft.branch(parent, layers[layer + 1], rules, 1, random);
            }
        }
        int each = vocabularySize / symbols;
        for (int i = 0; i < symbols; i++) {
            for (int word = i * each; word < (i + 1) * each; word++) {
                draft.weigh(layers[depth][i], List.of(new Symbol.Word(word)), weight(random));
            }
        }
        return draft.language(start, 1 << depth);
    }

    /**
     * Returns a layered grammar in the shape of the study's. The start symbol has {@code symbols} −
     * 1 unary alternatives, which form the first layer. Every symbol above the lowest layer has
     * {@code rules} random binary rules into the next layer and one rule that emits a word. The
     * lowest layer emits single words and pairs of words, from two fifths of the vocabulary. In
     * total there are {@code layers} · {@code symbols} non-terminals. The study's own rules are
     * unknown; this is our choice within what is known of them.
     *
     * @param maxLength maximum sentence length in words
     */
    public static Pcfg layered(int layers, int symbols, int rules, int vocabularySize, int maxLength, long seed) {
        RandomGenerator random = Seeds.generator(seed, "layered-grammar");
        Draft draft = new Draft(vocabularySize);
        int start = draft.symbol("S");
        int[][] layer = new int[layers][];
        for (int i = 0; i < layers; i++) {
            layer[i] = draft.layer("L" + i + "_", i == 0 ? symbols - 1 : symbols);
        }
        for (int alternative : layer[0]) {
            draft.weigh(start, List.of(new Symbol.NonTerminal(alternative)), weight(random));
        }
        for (int i = 0; i < layers - 1; i++) {
            for (int parent : layer[i]) {
                draft.branch(parent, layer[i + 1], rules, 1.0 / rules, random);
                draft.weigh(parent, List.of(new Symbol.Word(random.nextInt(vocabularySize))), 0.05);
            }
            // Ensures that every symbol of the next layer is reachable.
            for (int child : layer[i + 1]) {
                int parent = layer[i][random.nextInt(layer[i].length)];
                int sister = layer[i + 1][random.nextInt(layer[i + 1].length)];
                draft.weigh(
                        parent,
                        List.of(new Symbol.NonTerminal(child), new Symbol.NonTerminal(sister)),
                        weight(random) / rules);
            }
        }
        int emitted = Math.max(1, 2 * vocabularySize / 5);
        for (int parent : layer[layers - 1]) {
            for (int i = 0; i < Math.max(1, emitted / 4); i++) {
                draft.weigh(parent, List.of(new Symbol.Word(random.nextInt(emitted))), weight(random));
                draft.weigh(
                        parent,
                        List.of(new Symbol.Word(random.nextInt(emitted)), new Symbol.Word(random.nextInt(emitted))),
                        weight(random));
            }
        }
        return draft.language(start, maxLength);
    }

    /**
     * Returns a small random grammar with sentences of variable length and with chains and cycles
     * of unary rules. It is proper by construction, because the expected number of non-terminals on
     * a right-hand side is below one.
     *
     * @param symbols number of non-terminals
     * @param vocabularySize number of words
     * @param maxLength maximum sentence length in words
     */
    public static Pcfg random(int symbols, int vocabularySize, int maxLength, long seed) {
        RandomGenerator random = Seeds.generator(seed, "random-grammar");
        Draft draft = new Draft(vocabularySize);
        int[] all = draft.layer("N", symbols);
        for (int parent : all) {
            // Weights sum to 1: .55 for words, .2 for two or more non-terminals, .25 for one.
            for (int i = 0; i < 2; i++) {
                draft.weigh(parent, List.of(new Symbol.Word(random.nextInt(vocabularySize))), 0.275);
            }
            draft.weigh(parent, List.of(pick(all, random), pick(all, random)), 0.12);
            draft.weigh(
                    parent,
                    List.of(pick(all, random), new Symbol.Word(random.nextInt(vocabularySize)), pick(all, random)),
                    0.08);
            // A rule to the next symbol makes every symbol reachable. The last symbol may lead
            // anywhere, also to itself, which gives cycles.
            int next = parent + 1 < symbols ? all[parent + 1] : all[random.nextInt(symbols)];
            draft.weigh(parent, List.of(new Symbol.NonTerminal(next)), 0.15);
            draft.weigh(parent, List.of(pick(all, random)), 0.1);
        }
        return draft.language(all[0], maxLength);
    }

    private static Symbol pick(int[] symbols, RandomGenerator random) {
        return new Symbol.NonTerminal(symbols[random.nextInt(symbols.length)]);
    }

    /** Returns a weight bounded away from zero, so that no rule is practically absent. */
    private static double weight(RandomGenerator random) {
        return 0.5 + random.nextDouble();
    }

    private static final class Draft {
        private final int vocabularySize;
        private final List<String> names = new ArrayList<>();
        private final Map<Integer, Map<List<Symbol>, Double>> weights = new LinkedHashMap<>();

        Draft(int vocabularySize) {
            this.vocabularySize = vocabularySize;
        }

        int symbol(String name) {
            names.add(name);
            return names.size() - 1;
        }

        int[] layer(String prefix, int size) {
            return IntStream.range(0, size).map(i -> symbol(prefix + i)).toArray();
        }

        void weigh(int parent, List<Symbol> children, double weight) {
            weights.computeIfAbsent(parent, key -> new LinkedHashMap<>()).merge(children, weight, Double::sum);
        }

        /**
         * Adds {@code rules} distinct binary rules into a layer, or all of them if there are fewer.
         */
        void branch(int parent, int[] layer, int rules, double scale, RandomGenerator random) {
            int wanted = (int) Math.min(rules, (long) layer.length * layer.length);
            Set<List<Symbol>> chosen = new LinkedHashSet<>();
            while (chosen.size() < wanted) {
                chosen.add(List.of(pick(layer, random), pick(layer, random)));
            }
            chosen.forEach(children -> weigh(parent, children, scale * weight(random)));
        }

        /**
         * Returns the language of the normalised weights, without unreachable symbols and their
         * rules.
         */
        Pcfg language(int start, int maxLength) {
            List<Rule> all = new ArrayList<>();
            weights.forEach((parent, own) -> {
                double total =
                        own.values().stream().mapToDouble(Double::doubleValue).sum();
                own.forEach((children, weight) -> all.add(new Rule(parent, children, weight / total)));
            });
            BitSet reached = GrammarTightness.reachable(start, all);
            IntUnaryOperator renumbered = symbol -> reached.get(0, symbol).cardinality();
            List<Rule> rules = all.stream()
                    .filter(rule -> reached.get(rule.parent()))
                    .map(rule -> new Rule(
                            renumbered.applyAsInt(rule.parent()),
                            rule.children().stream()
                                    .map(child -> child instanceof Symbol.NonTerminal(int index)
                                            ? new Symbol.NonTerminal(renumbered.applyAsInt(index))
                                            : child)
                                    .toList(),
                            rule.probability()))
                    .toList();
            List<String> kept = reached.stream().mapToObj(names::get).toList();
            List<String> vocabulary = IntStream.range(0, vocabularySize)
                    .mapToObj(word -> "w" + word)
                    .toList();
            return Pcfg.of(new Grammar(kept, vocabulary, renumbered.applyAsInt(start), rules, maxLength));
        }
    }
}
