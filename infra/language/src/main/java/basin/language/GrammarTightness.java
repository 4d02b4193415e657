package basin.language;

import basin.study.Refusal;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A check that a grammar is consistent: every non-terminal is reachable and productive, and
 * derivations terminate with probability one.
 *
 * <p>If all non-terminals are reachable and productive, derivations terminate with probability one
 * exactly when the expectation matrix M has a spectral radius of at most one (Booth and Thompson
 * 1973). M[A][B] is the expected number of B on the right-hand side of A. For a non-negative M, the
 * radius is below r exactly when Gaussian elimination of r I - M meets only positive pivots,
 * because r I - M is then a non-singular M-matrix.
 */
final class GrammarTightness {
    /**
     * The tolerance on the spectral radius, because probabilities sum to one only up to rounding.
     */
    private static final double RADIUS_TOLERANCE = 1e-9;

    private static final long FIXED_POINT_WORK = 50_000_000;

    private GrammarTightness() {}

    static void check(List<String> names, int start, List<Rule> rules) {
        List<Rule> possible =
                rules.stream().filter(rule -> rule.probability() > 0).toList();
        refuseFirstMissing(
                names,
                reachable(start, possible),
                "is never reached from the start symbol; drop it or add a rule that leads to it.");
        refuseFirstMissing(
                names,
                productive(possible),
                "derives no sentence, as each of its rules leads back to it or to another such symbol; give it a rule"
                        + " that ends in words.");
        if (!radiusAtMostOne(expectations(names.size(), possible))) {
            double lost = 1 - terminationProbability(names.size(), start, possible);
            throw new Refusal("rules: the grammar is improper, as derivations from \""
                    + names.get(start) + "\" never end with probability " + (float) lost
                    + "; give rules with fewer non-terminals more probability.");
        }
    }

    private static void refuseFirstMissing(List<String> names, BitSet present, String why) {
        int missing = present.nextClearBit(0);
        if (missing < names.size()) {
            throw new Refusal("nonTerminals: \"" + names.get(missing) + "\" " + why);
        }
    }

    /** Returns the non-terminals that are reachable from the start symbol. */
    static BitSet reachable(int start, List<Rule> rules) {
        BitSet known = new BitSet();
        known.set(start);
        return closure(known, rules, (reached, rule) -> {
            if (reached.get(rule.parent())) {
                rule.nonTerminals().forEach(reached::set);
            }
        });
    }

    private static BitSet productive(List<Rule> rules) {
        return closure(new BitSet(), rules, (productive, rule) -> {
            if (rule.nonTerminals().allMatch(productive::get)) {
                productive.set(rule.parent());
            }
        });
    }

    /** Applies all rules to the set until it no longer grows. */
    private static BitSet closure(BitSet set, List<Rule> rules, BiConsumer<BitSet, Rule> add) {
        int before;
        do {
            before = set.cardinality();
            rules.forEach(rule -> add.accept(set, rule));
        } while (set.cardinality() > before);
        return set;
    }

    private static double[][] expectations(int size, List<Rule> rules) {
        double[][] expected = new double[size][size];
        for (Rule rule : rules) {
            rule.nonTerminals().forEach(child -> expected[rule.parent()][child] += rule.probability());
        }
        return expected;
    }

    private static boolean radiusAtMostOne(double[][] matrix) {
        int size = matrix.length;
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                matrix[row][column] = (row == column ? 1 + RADIUS_TOLERANCE : 0) - matrix[row][column];
            }
        }
        for (int k = 0; k < size; k++) {
            if (!(matrix[k][k] > 0)) {
                return false;
            }
            for (int row = k + 1; row < size; row++) {
                if (matrix[row][k] != 0) {
                    double factor = matrix[row][k] / matrix[k][k];
                    for (int column = k + 1; column < size; column++) {
                        matrix[row][column] -= factor * matrix[k][column];
                    }
                }
            }
        }
        return true;
    }

    /**
     * Returns the probability that a derivation from the start terminates. It is the least fixed
     * point of q_A = sum over rules of p times the product of the children's q, iterated from zero.
     */
    private static double terminationProbability(int size, int start, List<Rule> rules) {
        double[] ends = new double[size];
        double change = 1;
        for (long work = 0; work < FIXED_POINT_WORK && change > 1e-12; work += rules.size()) {
            double[] next = new double[size];
            for (Rule rule : rules) {
                double product = rule.probability();
                for (Symbol child : rule.children()) {
                    product *= child instanceof Symbol.NonTerminal(int index) ? ends[index] : 1;
                }
                next[rule.parent()] += product;
            }
            change = 0;
            for (int symbol = 0; symbol < size; symbol++) {
                change = Math.max(change, next[symbol] - ends[symbol]);
            }
            ends = Arrays.copyOf(next, size);
        }
        return ends[start];
    }
}
