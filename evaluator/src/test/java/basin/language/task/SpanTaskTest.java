package basin.language.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import basin.evaluator.task.TaskData;
import basin.language.Derivation;
import basin.language.Grammar;
import basin.language.Grammars;
import basin.language.Pcfg;
import basin.language.Rule;
import basin.language.Symbol;
import basin.record.Measured;
import basin.study.Refusal;
import basin.study.TaskSpec;
import basin.study.TaskSpec.Label;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares labels, chance level and Bayes ceiling with an enumeration of all derivations. */
class SpanTaskTest {
    /**
     * A language of ambiguous sentences of 1 to 5 words, with unary chains and a rule that mixes
     * words and non-terminals.
     */
    static final Pcfg AMBIGUOUS = Pcfg.of(new Grammar(
            List.of("S", "A", "B", "C"),
            List.of("x", "y", "z"),
            0,
            List.of(
                    Rule.binary(0, 1, 2, 0.5),
                    Rule.unary(0, 3, 0.3),
                    new Rule(0, List.of(new Symbol.NonTerminal(1), new Symbol.Word(0), new Symbol.NonTerminal(2)), 0.2),
                    Rule.terminal(1, 0, 0.4),
                    Rule.terminal(1, 1, 0.3),
                    Rule.binary(1, 2, 1, 0.3),
                    Rule.terminal(2, 1, 0.6),
                    Rule.unary(2, 3, 0.25),
                    new Rule(2, List.of(new Symbol.Word(2), new Symbol.Word(2)), 0.15),
                    Rule.terminal(3, 2, 0.5),
                    Rule.binary(3, 1, 2, 0.5)),
            5));

    private static final Pcfg TREE = Grammars.tree(2, 3, 2, 6, 1);

    private static final List<TaskSpec> SPANS = List.of(
            span(0, 0, Label.ANCESTOR),
            span(0, 2, Label.ANCESTOR),
            span(1, 2, Label.ANCESTOR),
            span(1, 0, Label.ANCESTOR),
            span(0, 0, Label.INSIDE),
            span(0, 2, Label.INSIDE),
            span(1, 3, Label.INSIDE),
            span(2, 0, Label.INSIDE));

    private static TaskSpec span(int start, int length, Label label) {
        return new TaskSpec("span", start, length, label);
    }

    private static int end(TaskSpec span, int sentence) {
        return span.length() == 0 ? sentence : span.start() + span.length();
    }

    @Test
    void classesAreTheNonTerminalsThatDeriveSuchSpans() {
        assertThat(SpanTask.of(TREE, span(0, 0, Label.ANCESTOR)).names()).containsExactly("L0_0", "L0_1", "L0_2");
        assertThat(SpanTask.of(TREE, span(2, 2, Label.ANCESTOR)).names()).allMatch(name -> name.startsWith("L1_"));
        assertThat(SpanTask.of(TREE, span(1, 1, Label.ANCESTOR)).names()).allMatch(name -> name.startsWith("L2_"));
        // The start symbol derives four words too, but only by a unary rule.
        assertThat(SpanTask.of(TREE, span(0, 4, Label.INSIDE)).names()).containsExactly("S", "L0_0", "L0_1", "L0_2");
        assertThat(SpanTask.of(AMBIGUOUS, span(0, 1, Label.ANCESTOR)).names()).containsExactly("A", "B", "C");
        assertThat(SpanTask.of(AMBIGUOUS, span(0, 1, Label.INSIDE)).names()).containsExactly("S", "A", "B", "C");
    }

    @Test
    void insideLabelsAreThoseOfTheMostProbableSymbol() {
        for (Pcfg language : List.of(AMBIGUOUS, TREE)) {
            Parses parses = new Parses(language.grammar());
            for (TaskSpec span : SPANS) {
                if (span.label() == Label.INSIDE && span.length() != 3) {
                    SpanTask task = SpanTask.of(language, span);
                    for (int[] sentence : language.sentences(10_000).orElseThrow()) {
                        assertThat(name(task, task.label(new Derivation(sentence, List.of()))))
                                .isEqualTo(mostProbable(language, parses, sentence, span));
                    }
                }
            }
        }
    }

    private static Optional<String> name(SpanTask task, OptionalInt label) {
        return label.isPresent() ? Optional.of(task.names().get(label.getAsInt())) : Optional.empty();
    }

    private static Optional<String> mostProbable(Pcfg language, Parses parses, int[] sentence, TaskSpec span) {
        int to = end(span, sentence.length);
        if (to > sentence.length || to <= span.start()) {
            return Optional.empty();
        }
        List<Integer> words = Arrays.stream(sentence, span.start(), to).boxed().toList();
        List<String> names = language.grammar().nonTerminals();
        double[] inside = IntStream.range(0, names.size())
                .mapToDouble(symbol -> INSIDE.computeIfAbsent(
                                language.grammar().nonTerminals() + "/" + symbol + "/" + words.size(),
                                key -> parses.of(symbol, words.size()).stream()
                                        .collect(Collectors.groupingBy(
                                                Parses.Parse::words,
                                                Collectors.summingDouble(Parses.Parse::probability))))
                        .getOrDefault(words, 0.0))
                .toArray();
        double max = Arrays.stream(inside).max().orElseThrow();
        return max == 0
                ? Optional.empty()
                : IntStream.range(0, inside.length)
                        .filter(symbol -> inside[symbol] > max * (1 - 1e-12))
                        .mapToObj(names::get)
                        .findFirst();
    }

    private static final Map<String, Map<List<Integer>, Double>> INSIDE = new HashMap<>();

    @Test
    void bestGuessIsTheLargestShareOfDerivations() {
        for (Pcfg language : List.of(AMBIGUOUS, TREE)) {
            for (TaskSpec span : SPANS) {
                if (span.label() == Label.ANCESTOR && !(language == TREE && span.start() == 1)) {
                    SpanTask task = SpanTask.of(language, span);
                    joint(language, span)
                            .forEach((words, byLabel) -> assertThat(task.bestGuess(words.stream()
                                            .mapToInt(Integer::intValue)
                                            .toArray()))
                                    .isCloseTo(best(byLabel) / total(byLabel), within(1e-12)));
                }
            }
        }
    }

    @Test
    void chanceCeilingAndShareLeftOutAreThoseOfAllDerivations() {
        for (Pcfg language : List.of(AMBIGUOUS, TREE)) {
            for (TaskSpec span : SPANS) {
                if (span.label() == Label.ANCESTOR && !(language == TREE && span.start() == 1)) {
                    TaskData data = TaskData.draw(language, span, 500, 4000, 4, 11);
                    var joint = joint(language, span);
                    double all = new Parses(language.grammar())
                            .all().stream()
                                    .mapToDouble(Parses.Parse::probability)
                                    .sum();
                    double labelled = joint.values().stream()
                            .mapToDouble(SpanTaskTest::total)
                            .sum();
                    Map<Integer, Double> prior = new HashMap<>();
                    joint.values().forEach(byLabel -> byLabel.forEach((k, p) -> prior.merge(k, p, Double::sum)));
                    double majorityBaseline = best(prior) / labelled;
                    double bayesAccuracy = joint.values().stream()
                                    .mapToDouble(SpanTaskTest::best)
                                    .sum()
                            / labelled;
                    // 5 standard errors, some 20 comparisons: exceeded by chance once in 80,000
                    // times.
                    int drawn = (int) Math.round(6000 / (labelled / all));
                    assertThat(data.leftOut())
                            .isCloseTo(1 - labelled / all, within(5 * binomial(labelled / all, drawn) + 1e-12));
                    assertThat(data.majorityBaseline())
                            .isCloseTo(majorityBaseline, within(5 * binomial(majorityBaseline, 4000) + 1e-12));
                    Measured measured = data.bayesAccuracy().orElseThrow();
                    assertThat(measured.value()).isCloseTo(bayesAccuracy, within(5 * measured.standardError() + 1e-12));
                    assertThat(measured.standardError()).isLessThanOrEqualTo(0.5 / Math.sqrt(3999));
                }
            }
        }
    }

    private static double binomial(double p, int n) {
        return Math.sqrt(p * (1 - p) / n);
    }

    private static double best(Map<Integer, Double> byLabel) {
        return byLabel.values().stream().mapToDouble(p -> p).max().orElseThrow();
    }

    private static double total(Map<Integer, Double> byLabel) {
        return byLabel.values().stream().mapToDouble(p -> p).sum();
    }

    /**
     * Returns the probability, under the grammar, of each sentence together with each label of the
     * span.
     */
    private static Map<List<Integer>, Map<Integer, Double>> joint(Pcfg language, TaskSpec span) {
        Map<List<Integer>, Map<Integer, Double>> joint = new HashMap<>();
        for (Parses.Parse parse : new Parses(language.grammar()).all()) {
            parse.symbol(span.start(), end(span, parse.words().size()))
                    .ifPresent(symbol -> joint.computeIfAbsent(parse.words(), words -> new HashMap<>())
                            .merge(symbol, parse.probability(), Double::sum));
        }
        return joint;
    }

    @Test
    void spansThatNothingDerivesAreRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> SpanTask.of(TREE, span(0, 3, Label.ANCESTOR)))
                .withMessage("the span of task 'span' has start 0 and length 3: no non-terminal of this language, whose"
                        + " longest sentence has 4 words, derives such a span; give another start or length.");
        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> SpanTask.of(TREE, span(4, 0, Label.INSIDE)));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> TaskData.draw(TREE, span(1, 2, Label.ANCESTOR), 10, 10, 1, 1))
                .withMessageStartingWith("task 'span' has a label for 0 of 20000 sentences");
    }

    @Test
    void examplesDependOnTheSeedAlone() {
        TaskSpec root = span(0, 0, Label.ANCESTOR);
        TaskData data = TaskData.draw(TREE, root, 30, 40, 3, 5);
        assertThat(TaskData.draw(TREE, root, 30, 40, 3, 5).sentences()).isDeepEqualTo(data.sentences());
        assertThat(TaskData.draw(TREE, root, 30, 40, 2, 5).sentences())
                .isDeepEqualTo(Arrays.copyOf(data.sentences(), 100));
        assertThat(TaskData.draw(TREE, span(0, 2, Label.INSIDE), 30, 40, 3, 5).sentences())
                .isDeepEqualTo(data.sentences());
        assertThat(TaskData.draw(TREE, root, 30, 40, 3, 6).test().labels())
                .isNotEqualTo(data.test().labels());
        assertThat(data.training().get(0).labels())
                .isNotEqualTo(data.training().get(1).labels());
    }
}
