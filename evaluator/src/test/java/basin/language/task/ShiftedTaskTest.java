package basin.language.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import basin.evaluator.task.TaskData;
import basin.language.Grammars;
import basin.language.Hmm;
import basin.language.Pcfg;
import basin.record.Measured;
import basin.study.Refusal;
import basin.study.ShiftSpec;
import basin.study.TaskSpec;
import basin.study.TaskSpec.Label;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Compares test sentences from a shifted grammar, and the Bayes accuracy of their labels, with an
 * enumeration of all derivations.
 */
class ShiftedTaskTest {
    private static final Pcfg TREE = Grammars.tree(2, 3, 2, 6, 1);
    private static final List<Pcfg> LANGUAGES = List.of(SpanTaskTest.AMBIGUOUS, TREE);

    private static List<ShiftSpec> shifts(Pcfg language) {
        ShiftSpec reweighted = new ShiftSpec.Reweighted(1, 3);
        ShiftSpec reversed = new ShiftSpec.Reversed(2, 3);
        // The ambiguous grammar's rules with several children all have the same first child or the
        // same rest.
        return language == TREE
                ? List.of(reweighted, reversed, new ShiftSpec.Extended(1, 4))
                : List.of(reweighted, reversed);
    }

    private static TaskSpec span(int start, int length, Label label, ShiftSpec shift) {
        return new TaskSpec("span", start, length, label, Optional.of(shift), Optional.empty());
    }

    private static int[] array(List<Integer> words) {
        return words.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void testSentencesAndCeilingAreThoseOfTheChangedGrammar() {
        for (Pcfg language : LANGUAGES) {
            for (ShiftSpec shift : shifts(language)) {
                TaskSpec task = span(0, 2, Label.ANCESTOR, shift);
                Map<List<Integer>, Map<Integer, Double>> joint = new HashMap<>();
                for (Parses.Parse parse :
                        new Parses(Tasks.shifted(language, task).grammar()).all()) {
                    boolean known = language.logProbability(array(parse.words())) > Double.NEGATIVE_INFINITY;
                    if (!(known && shift.beyondTheLanguage())) {
                        parse.symbol(0, 2)
                                .ifPresent(symbol -> joint.computeIfAbsent(parse.words(), words -> new HashMap<>())
                                        .merge(symbol, parse.probability(), Double::sum));
                    }
                }
                double labelled = 0;
                double best = 0;
                for (Map<Integer, Double> byLabel : joint.values()) {
                    labelled += byLabel.values().stream().mapToDouble(p -> p).sum();
                    best += byLabel.values().stream().mapToDouble(p -> p).max().orElseThrow();
                }
                TaskData data = TaskData.draw(language, task, 200, 3000, 2, 11);
                Measured bayesAccuracy = data.bayesAccuracy().orElseThrow();
                // Tolerance 5 standard errors.
                assertThat(bayesAccuracy.value())
                        .as("%s", shift)
                        .isCloseTo(best / labelled, within(5 * bayesAccuracy.standardError() + 1e-12));
                assertThat(Arrays.stream(data.test().sentences())
                                .map(sentence -> Arrays.stream(sentence).boxed().toList()))
                        .allMatch(joint::containsKey);
                Map<List<Integer>, Integer> counts = new HashMap<>();
                for (int[] sentence : data.test().sentences()) {
                    counts.merge(Arrays.stream(sentence).boxed().toList(), 1, Integer::sum);
                }
                for (Map.Entry<List<Integer>, Map<Integer, Double>> one : joint.entrySet()) {
                    double p =
                            one.getValue().values().stream().mapToDouble(q -> q).sum() / labelled;
                    // Up to 800 sentences and 6 standard errors: a false alarm for fewer than one
                    // in 100,000 seeds.
                    assertThat(counts.getOrDefault(one.getKey(), 0) / 3000.0)
                            .isCloseTo(p, within(6 * Math.sqrt(p * (1 - p) / 3000) + 6.0 / 3000));
                }
            }
        }
    }

    @Test
    void trainingIsOnTheLanguageItselfAndTestSentencesAreNotOfIt() {
        for (Pcfg language : LANGUAGES) {
            TaskSpec plain = new TaskSpec("span", 0, 2, Label.ANCESTOR);
            TaskData unshifted = TaskData.draw(language, plain, 100, 200, 2, 5);
            for (ShiftSpec shift : shifts(language)) {
                TaskData data = TaskData.draw(language, span(0, 2, Label.ANCESTOR, shift), 100, 200, 2, 5);
                for (int repetition = 0; repetition < 2; repetition++) {
                    assertThat(data.training().get(repetition).sentences())
                            .isDeepEqualTo(unshifted.training().get(repetition).sentences());
                }
                assertThat(data.test().sentences())
                        .isNotEqualTo(unshifted.test().sentences());
                if (shift.beyondTheLanguage()) {
                    assertThat(Arrays.stream(data.test().sentences()))
                            .allMatch(sentence -> language.logProbability(sentence) == Double.NEGATIVE_INFINITY);
                    assertThat(data.leftOut()).isGreaterThan(unshifted.leftOut());
                }
            }
        }
    }

    @Test
    void insideLabelsAreThoseOfTheChangedGrammar() {
        TaskSpec task = span(0, 2, Label.INSIDE, new ShiftSpec.Reversed(2, 3));
        Pcfg changed = Tasks.shifted(TREE, task);
        SpanTask onTest = SpanTask.of(TREE, task).onTest();
        TaskData data = TaskData.draw(TREE, task, 50, 100, 1, 5);
        assertThat(data.bayesAccuracy().orElseThrow()).isEqualTo(Measured.exact(1));
        for (int i = 0; i < 100; i++) {
            int[] sentence = data.test().sentences()[i];
            assertThat(onTest.names().get(data.test().labels()[i]))
                    .isEqualTo(changed.grammar()
                            .nonTerminals()
                            .get(changed.mostLikelyInside(sentence, 0, 2).orElseThrow()));
        }
        assertThat(onTest.classes()).isEqualTo(SpanTask.of(TREE, task).classes());
    }

    @Test
    void whatCannotBeChangedIsRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() ->
                        Tasks.of(Hmm.random(2, 3, 2, 2, 1, 1), span(0, 1, Label.STATE, new ShiftSpec.Reweighted(1, 1))))
                .withMessage(
                        "tasks.shift is given in task 'span': leave it out, for a hidden Markov model has no rules that"
                                + " could be changed.");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Tasks.of(TREE, span(0, 2, Label.ANCESTOR, new ShiftSpec.Reversed(500, 1))))
                .withMessageStartingWith(
                        "tasks.shift in task 'span' cannot be made of the language: rules is 500: the grammar"
                                + " has");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() ->
                        Tasks.of(SpanTaskTest.AMBIGUOUS, span(0, 2, Label.ANCESTOR, new ShiftSpec.Extended(1, 1))))
                .withMessageEndingWith(
                        "rules is 1: the grammar has 0 rules that can be put together from two others; choose"
                                + " another shift.");
    }
}
