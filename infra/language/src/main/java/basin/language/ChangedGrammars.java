package basin.language;

import basin.study.Refusal;
import basin.study.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Perturbed copies of a grammar, for sentences that training never or seldom showed. The symbol
 * names, their order and the maximum length do not change. Deterministic: equal arguments give
 * equal grammars.
 */
public final class ChangedGrammars {
    private ChangedGrammars() {}

    /**
     * Returns a grammar with the same rules and other probabilities. Each probability is multiplied
     * by e^({@code strength}·z) with z standard normal; then those of each non-terminal are
     * normalised. Rules of probability zero keep it.
     *
     * @throws Refusal if derivations of the changed grammar may not terminate
     */
    public static Pcfg reweighted(Pcfg language, double strength, long seed) {
        List<Rule> rules = language.grammar().rules();
        double[] factors = new double[rules.size()];
        Seeds.gaussian(Seeds.generator(seed, "grammar/reweighted"), factors);
        double[] weights = new double[factors.length];
        for (int i = 0; i < weights.length; i++) {
            // StrictMath gives the same grammar on every machine.
            weights[i] = rules.get(i).probability() * StrictMath.exp(strength * factors[i]);
        }
        return with(language, rules, weights);
    }

    /**
     * Returns a grammar with {@code number} rules whose right-hand sides are reversed. Candidates
     * are the rules whose reversal the non-terminal does not already have.
     *
     * @throws Refusal if there are fewer candidates
     */
    public static Pcfg reversed(Pcfg language, int number, long seed) {
        List<Rule> rules = new ArrayList<>(language.grammar().rules());
        Set<Rule> shapes = shapes(rules);
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            // A palindromic rule is its own reversal, hence among the shapes.
            if (rule.probability() > 0 && !shapes.contains(reversed(rule).withProbability(0))) {
                candidates.add(i);
            }
        }
        refuseFewer(candidates.size(), number, "that can be turned round");
        int[] order = Seeds.permutation(Seeds.generator(seed, "grammar/reversed"), candidates.size());
        for (int i = 0; i < number; i++) {
            int at = candidates.get(order[i]);
            rules.set(at, reversed(rules.get(at)));
        }
        return with(language, rules, probabilities(rules));
    }

    private static Rule reversed(Rule rule) {
        return new Rule(rule.parent(), rule.children().reversed(), rule.probability());
    }

    /**
     * Returns a grammar with {@code number} additional rules. Candidates combine the first symbol
     * of one rule with the remaining symbols of another rule of the same non-terminal, so their
     * parts are known but the combination is new. A new rule has the mean probability of the two;
     * then the probabilities of each non-terminal are normalised.
     *
     * @throws Refusal if there are fewer candidates, or if derivations of the changed grammar may
     *     not terminate
     */
    public static Pcfg extended(Pcfg language, int number, long seed) {
        List<Rule> rules = language.grammar().rules();
        Set<Rule> shapes = shapes(rules);
        List<Rule> candidates = new ArrayList<>();
        for (Rule first : rules) {
            for (Rule rest : rules) {
                if (first.parent() == rest.parent()
                        && first.probability() > 0
                        && rest.probability() > 0
                        && first.children().size() > 1
                        && rest.children().size() > 1) {
                    List<Symbol> children = new ArrayList<>(rest.children());
                    children.set(0, first.children().getFirst());
                    Rule rule = new Rule(first.parent(), children, (first.probability() + rest.probability()) / 2);
                    if (shapes.add(rule.withProbability(0))) {
                        candidates.add(rule);
                    }
                }
            }
        }
        refuseFewer(candidates.size(), number, "that can be put together from two others");
        int[] order = Seeds.permutation(Seeds.generator(seed, "grammar/extended"), candidates.size());
        List<Rule> extended = new ArrayList<>(rules);
        for (int i = 0; i < number; i++) {
            extended.add(candidates.get(order[i]));
        }
        return with(language, extended, probabilities(extended));
    }

    /** Returns the rules without their probabilities. */
    private static Set<Rule> shapes(List<Rule> rules) {
        return rules.stream().map(rule -> rule.withProbability(0)).collect(Collectors.toCollection(HashSet::new));
    }

    private static double[] probabilities(List<Rule> rules) {
        return rules.stream().mapToDouble(Rule::probability).toArray();
    }

    /**
     * Returns the grammar with the weights of each non-terminal normalised. Weights that already
     * sum to one stay bitwise the same.
     */
    private static Pcfg with(Pcfg language, List<Rule> rules, double[] weights) {
        Grammar grammar = language.grammar();
        double[] totals = new double[grammar.nonTerminals().size()];
        for (int i = 0; i < weights.length; i++) {
            totals[rules.get(i).parent()] += weights[i];
        }
        List<Rule> scaled = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            Rule rule = rules.get(i);
            double total = totals[rule.parent()];
            scaled.add(rule.withProbability(
                    Math.abs(total - 1) <= Grammar.SUM_TOLERANCE ? weights[i] : weights[i] / total));
        }
        return Pcfg.of(
                new Grammar(grammar.nonTerminals(), grammar.words(), grammar.start(), scaled, grammar.maxLength()));
    }

    private static void refuseFewer(int there, int number, String what) {
        if (there < number) {
            throw new Refusal("rules is " + number + ": the grammar has " + there + " rules " + what + "; "
                    + (there == 0 ? "choose another shift." : "give at most so many."));
        }
    }
}
