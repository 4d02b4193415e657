package basin.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import basin.study.Refusal;
import basin.study.SampleSize;
import basin.study.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests of the charts against brute force on small grammars, and of the sampler against the charts.
 */
class PcfgTest {
    private static final int GRAMMARS = SampleSize.of(8, 200);

    private static int[] array(List<Integer> sentence) {
        return sentence.stream().mapToInt(Integer::intValue).toArray();
    }

    @Tag("sampled")
    @Test
    void everythingEqualsBruteForceOnRandomGrammars() {
        for (int seed = 0; seed < GRAMMARS; seed++) {
            Pcfg language = Grammars.random(1 + seed % 4, 2 + seed % 2, 4, seed);
            BruteForce truth = new BruteForce(language.grammar());
            double all = truth.shortEnough();
            double[] byLength = new double[language.maxLength() + 1];
            int checkedSpans = 0;
            for (List<Integer> string : truth.strings()) {
                int[] sentence = array(string);
                double p = truth.probability(string) / all;
                byLength[string.size()] += p;
                assertThat(Math.exp(language.logProbability(sentence))).isCloseTo(p, within(1e-12));
                if (p > 0) {
                    double[][] conditionals = language.conditionals(sentence);
                    for (int t = 0; t < sentence.length; t++) {
                        assertThat(conditionals[t]).containsExactly(truth.conditional(string, t), within(1e-12));
                    }
                    if (string.size() == language.maxLength() && checkedSpans++ < 3) {
                        spansEqual(language, truth, string);
                    }
                }
            }
            for (int length = 1; length <= language.maxLength(); length++) {
                assertThat(language.lengthProbability(length)).isCloseTo(byLength[length], within(1e-12));
            }
            OptimalLoss optimum = OptimalLoss.of(language, 2, 0);
            assertThat(optimum.exact()).isTrue();
            assertThat(optimum.nats()).isCloseTo(truth.optimalLoss(), within(1e-12));
        }
    }

    private static void spansEqual(Pcfg language, BruteForce truth, List<Integer> string) {
        int[] sentence = array(string);
        for (int from = 0; from < sentence.length; from++) {
            for (int to = from + 1; to <= sentence.length; to++) {
                assertThat(language.mostLikelyInside(sentence, from, to).stream()
                                .boxed()
                                .findFirst())
                        .isEqualTo(truth.mostLikely(string.subList(from, to)));
                double[] posterior = language.spanPosterior(sentence, from, to);
                for (int symbol = 0; symbol < posterior.length; symbol++) {
                    assertThat(posterior[symbol])
                            .isCloseTo(truth.spanPosterior(string, from, to, symbol), within(1e-12));
                }
            }
        }
    }

    @Test
    void derivationsHaveTheProbabilitiesOfTheCharts() {
        // 20,000 draws of a language of few sentences. Every frequency must be within 5 standard
        // errors, in some 100 comparisons at 6e-7 each: a false alarm in fewer than one of 10,000
        // seeds.
        Pcfg language = Grammars.random(3, 2, 3, 5);
        RandomGenerator random = Seeds.generator(1, "sampler");
        int draws = 20_000;
        Map<List<Integer>, Integer> counts = new HashMap<>();
        Map<List<Integer>, int[]> ancestors = new HashMap<>();
        for (int i = 0; i < draws; i++) {
            Derivation derivation = language.sampleDerivation(random);
            List<Integer> sentence =
                    java.util.Arrays.stream(derivation.sentence()).boxed().toList();
            counts.merge(sentence, 1, Integer::sum);
            derivation
                    .ancestor(0, sentence.size())
                    .ifPresent(symbol -> ancestors
                            .computeIfAbsent(
                                    sentence,
                                    key -> new int
                                            [language.grammar().nonTerminals().size()])[symbol]++);
        }
        for (int[] sentence : language.sentences(1000).orElseThrow()) {
            double p = Math.exp(language.logProbability(sentence));
            List<Integer> key = java.util.Arrays.stream(sentence).boxed().toList();
            int count = counts.getOrDefault(key, 0);
            assertThat((double) count / draws).isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / draws) + 1e-9));
            if (count > 500) {
                double[] posterior = language.spanPosterior(sentence, 0, sentence.length);
                for (int symbol = 0; symbol < posterior.length; symbol++) {
                    double q = posterior[symbol];
                    assertThat((double) ancestors.getOrDefault(key, new int[posterior.length])[symbol] / count)
                            .isCloseTo(q, within(5 * Math.sqrt(q * (1 - q) / count) + 1e-9));
                }
            }
        }
    }

    @Test
    void samplingWithAndWithoutConstituentsDrawsTheSameWords() {
        Pcfg language = Grammars.random(3, 3, 6, 9);
        RandomGenerator one = Seeds.generator(2, "same");
        RandomGenerator other = Seeds.generator(2, "same");
        for (int i = 0; i < 100; i++) {
            assertThat(language.sampleDerivation(one).sentence()).isEqualTo(language.sample(other));
        }
    }

    @Test
    void longSentencesDoNotUnderflow() {
        Pcfg language = Grammars.layered(5, 10, 20, 200, 32, 3);
        assertThat(language.grammar().nonTerminals()).hasSize(50);
        RandomGenerator random = Seeds.generator(3, "long");
        int maxLength = 0;
        for (int i = 0; i < 40; i++) {
            int[] sentence = language.sample(random);
            maxLength = Math.max(maxLength, sentence.length);
            for (double[] row : language.conditionals(sentence)) {
                assertThat(java.util.Arrays.stream(row).sum()).isCloseTo(1, within(1e-12));
            }
        }
        assertThat(maxLength).isGreaterThan(20);
    }

    @Test
    void theTreeHasItsDepthAndItsRootLabels() {
        Pcfg language = Grammars.tree(3, 6, 2, 18, 1);
        Derivation derivation = language.sampleDerivation(Seeds.generator(4, "tree"));
        assertThat(derivation.sentence()).hasSize(8);
        String root =
                language.grammar().nonTerminals().get(derivation.ancestor(0, 8).orElseThrow());
        assertThat(root).startsWith("L0_");
        assertThat(language.lengthProbability(8)).isCloseTo(1, within(1e-12));
    }

    @Test
    void grammarsComeBackFromTheirFilesBitForBit() {
        for (int seed = 0; seed < 20; seed++) {
            Grammar grammar = Grammars.random(3, 3, 5, seed).grammar();
            assertThat(GrammarFile.parse(GrammarFile.format(grammar)).grammar()).isEqualTo(grammar);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"probability\": 0.5 | \"probability\": 0.6 | sum to 1.1",
                "\"maxLength\": 3 | \"maxLength\": 0 | maxLength is 0",
                "\"maxLength\": 3 | \"maxLength\": 3, \"colour\": 1 | unknown field 'colour'",
                "[\"b\"] | [\"c\"] | to names \"c\" in rule 2: list it",
                "[\"b\"] | \"b\" | to is \"b\" in rule 2: give a list",
                "[\"b\"] | [] | to is [] in rule 2: give a list",
                "0.2 | 1.2 | probability is 1.2 in rule 2: give a number between 0 and 1",
                "0.2 | \"a\" | probability is \"a\" in rule 2",
                "\"words\": [\"a\", \"b\"] | \"words\": [\"a\", \"b\", \"A\"] | name \"A\" is blank or used twice",
                "[\"A\", \"b\"] | [\"A\", \"A\"] | improper",
                "\"start\": \"A\" | \"start\": \"a\" | names the word",
                "{\"start\" | {start | no JSON",
            })
    void impossibleGrammarsAreRefusedInOneSentence(String was, String becomes, String expected) {
        String good =
                "{\"start\": \"A\", \"maxLength\": 3, \"nonTerminals\": [\"A\"], \"words\": [\"a\", \"b\"], \"rules\":"
                        + " [{\"from\": \"A\", \"to\": [\"A\", \"b\"], \"probability\": 0.5}, {\"from\": \"A\", \"to\":"
                        + " [\"b\"], \"probability\": 0.2}, {\"from\": \"A\", \"to\": [\"a\"], \"probability\": 0.3}]}";
        assertThat(GrammarFile.parse(good).vocabularySize()).isEqualTo(2);
        assertThat(good).contains(was);
        String bad = good.replace(was, becomes);
        if (becomes.equals("[\"A\", \"A\"]")) {
            bad = bad.replace("0.5", "0.7").replace("0.2", "0.1").replace("0.3}", "0.2}");
        }
        String text = bad;
        assertThatThrownBy(() -> GrammarFile.parse(text))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected)
                .message()
                .doesNotContain("\n");
    }
}
