package basin.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import basin.study.Refusal;
import basin.study.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that {@link ChangedGrammars} change what they should and nothing else. */
class ChangedGrammarsTest {
    private static final Pcfg TREE = Grammars.tree(3, 4, 2, 8, 1);

    private static List<Rule> without(List<Rule> rules, List<Rule> others) {
        List<Rule> rest = new ArrayList<>(rules);
        rest.removeAll(others);
        return rest;
    }

    @Test
    void reweightedRulesAreTheSameRulesWithOtherProbabilities() {
        List<Rule> rules = TREE.grammar().rules();
        Grammar changed = ChangedGrammars.reweighted(TREE, 1.5, 7).grammar();
        double[] z = new double[rules.size()];
        Seeds.gaussian(Seeds.generator(7, "grammar/reweighted"), z);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = changed.rules().get(i);
            assertThat(rule.parent()).isEqualTo(rules.get(i).parent());
            assertThat(rule.children()).isEqualTo(rules.get(i).children());
            double total = 0;
            for (int j = 0; j < rules.size(); j++) {
                total += rules.get(j).parent() == rule.parent() ? rules.get(j).probability() * Math.exp(1.5 * z[j]) : 0;
            }
            assertThat(rule.probability())
                    .isCloseTo(rules.get(i).probability() * Math.exp(1.5 * z[i]) / total, within(1e-14));
        }
        assertThat(ChangedGrammars.reweighted(TREE, 1.5, 7).grammar()).isEqualTo(changed);
        assertThat(ChangedGrammars.reweighted(TREE, 1.5, 8).grammar()).isNotEqualTo(changed);
    }

    @Test
    void reversedRulesAreTurnedRoundAndNoOtherIs() {
        for (int seed = 0; seed < 50; seed++) {
            List<Rule> changed =
                    ChangedGrammars.reversed(TREE, 3, seed).grammar().rules();
            List<Rule> lost = without(TREE.grammar().rules(), changed);
            List<Rule> found = without(changed, TREE.grammar().rules());
            assertThat(lost).hasSize(3);
            assertThat(found)
                    .containsExactlyElementsOf(lost.stream()
                            .map(rule -> new Rule(
                                    rule.parent(), List.copyOf(rule.children().reversed()), rule.probability()))
                            .toList());
        }
        assertThat(ChangedGrammars.reversed(TREE, 3, 1).grammar())
                .isNotEqualTo(ChangedGrammars.reversed(TREE, 3, 2).grammar());
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> ChangedGrammars.reversed(TREE, 25, 1))
                .withMessageMatching(
                        "rules is 25: the grammar has \\d+ rules that can be turned round; give at most so many.");
    }

    @Test
    void extendedGrammarsHaveNewCombinationsOfKnownParts() {
        for (int seed = 0; seed < 50; seed++) {
            Grammar changed = ChangedGrammars.extended(TREE, 2, seed).grammar();
            List<Rule> old = TREE.grammar().rules();
            assertThat(changed.rules()).hasSize(old.size() + 2);
            for (Rule rule : changed.rules().subList(old.size(), old.size() + 2)) {
                assertThat(rule.children()).hasSize(2);
                List<Rule> own = old.stream()
                        .filter(one -> one.parent() == rule.parent())
                        .toList();
                assertThat(own).noneMatch(one -> one.children().equals(rule.children()));
                assertThat(own)
                        .anyMatch(one ->
                                one.children().getFirst().equals(rule.children().getFirst()));
                assertThat(own)
                        .anyMatch(one ->
                                one.children().getLast().equals(rule.children().getLast()));
            }
            // Every old sentence remains a sentence.
            int[] sentence = TREE.sample(Seeds.generator(seed, "old"));
            assertThat(Pcfg.of(changed).logProbability(sentence)).isFinite();
        }
    }

    @Test
    void whatEndsNoMoreIsRefused() {
        Pcfg branching = Pcfg.of(new Grammar(
                List.of("S"),
                List.of("a", "b", "c"),
                0,
                List.of(
                        Rule.binary(0, 0, 0, 0.49),
                        Rule.terminal(0, 0, 0.5),
                        new Rule(0, List.of(new Symbol.Word(1), new Symbol.Word(2)), 0.01)),
                6));
        boolean refused = false;
        for (int seed = 0; seed < 20 && !refused; seed++) {
            try {
                ChangedGrammars.reweighted(branching, 2, seed);
            } catch (Refusal improper) {
                refused = String.valueOf(improper.getMessage()).contains("improper");
            }
        }
        assertThat(refused).isTrue();
    }
}
