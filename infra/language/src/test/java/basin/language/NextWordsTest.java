package basin.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import basin.study.Objective;
import basin.study.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Tests of the next-word distributions and the optimal causal loss against sums over all sentences
 * of small languages.
 */
class NextWordsTest {

    private static void agrees(Language language, Map<List<Integer>, Double> truth) {
        truth.keySet()
                .forEach(sentence -> NextWords.agree(
                        language, sentence.stream().mapToInt(word -> word).toArray(), truth));
        OptimalLoss loss = OptimalLoss.of(language, Objective.CAUSAL, 2, 0);
        assertThat(loss.exact()).isTrue();
        assertThat(loss.nats()).isCloseTo(NextWords.optimum(truth, language.vocabularySize()), within(1e-10));
    }

    /** Returns the language's own probabilities, which other tests compare with brute force. */
    private static Map<List<Integer>, Double> sentences(Language language) {
        Map<List<Integer>, Double> truth = new HashMap<>();
        for (int[] sentence : language.sentences(2000).orElseThrow()) {
            truth.put(Arrays.stream(sentence).boxed().toList(), Math.exp(language.logProbability(sentence)));
        }
        assertThat(truth.values().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-10));
        return truth;
    }

    @Test
    void ofGrammarsWithChainsAndCyclesOfUnaryRules() {
        int several = 0;
        for (long seed = 1; seed <= 12; seed++) {
            Pcfg language = Grammars.random(3, 2, 5, seed);
            BruteForce brute = new BruteForce(language.grammar());
            Map<List<Integer>, Double> truth = new HashMap<>();
            double all = brute.shortEnough();
            for (int[] sentence : language.sentences(2000).orElseThrow()) {
                List<Integer> key = Arrays.stream(sentence).boxed().toList();
                truth.put(key, brute.probability(key) / all);
            }
            agrees(language, truth);
            several += truth.keySet().stream().map(List::size).distinct().count() > 1 ? 1 : 0;
        }
        assertThat(several).as("grammars with sentences of several lengths").isGreaterThan(6);
    }

    @Test
    void ofTreesLayersHiddenStatesAndBrackets() {
        Language tree = Grammars.tree(2, 2, 2, 4, 3);
        agrees(tree, sentences(tree));
        Language layered = Grammars.layered(2, 2, 2, 3, 4, 5);
        agrees(layered, sentences(layered));
        Language hidden = Hmm.random(3, 3, 2, 4, 2, 7);
        agrees(hidden, sentences(hidden));
        for (boolean nested : new boolean[] {true, false}) {
            Language brackets = Brackets.of(8, nested);
            agrees(brackets, sentences(brackets));
        }
    }

    /**
     * If all sentences have the same length, the next-word entropies sum to the sentence entropy,
     * which the mean of −log p estimates as well.
     */
    @Test
    void ofALanguageTooLargeToEnumerateTheEntropiesAddUpToThatOfSentences() {
        Pcfg language = Grammars.tree(3, 5, 2, 15, 1);
        assertThat(language.sentences(OptimalLoss.MAX_ENUMERATED)).isEmpty();
        OptimalLoss loss = OptimalLoss.of(language, Objective.CAUSAL, 2000, 3);
        assertThat(loss.exact()).isFalse();
        RandomGenerator random = Seeds.generator(4, "entropy");
        int draws = 20_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++) {
            double nats = -language.logProbability(language.sample(random)) / language.maxLength();
            sum += nats;
            squares += nats * nats;
        }
        double mean = sum / draws;
        double error = Math.hypot(loss.standardError(), Math.sqrt((squares / draws - mean * mean) / draws));
        // False alarm: 6e-5.
        assertThat(loss.nats()).isCloseTo(mean, within(4 * error));
        assertThat(error).isLessThan(0.01 * mean);
    }

    @Test
    void aRowDependsOnWhatIsBeforeAloneAndABeginningThatCannotBeIsRefused() {
        Pcfg language = Grammars.tree(2, 2, 2, 4, 3);
        int[] sentence = language.sentences(2000).orElseThrow().getFirst();
        int[] other = sentence.clone();
        other[3] = (other[3] + 1) % 4;
        assertThat(language.nextWords(other)).isDeepEqualTo(language.nextWords(sentence));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Brackets.of(4, true).nextWords(new int[] {1, 0, 0, 1}))
                .withMessage("no sentence of the language that is as long begins with the 1 words before position 1:"
                        + " give a sentence of the language.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> language.nextWords(new int[] {0, 1}))
                .withMessageStartingWith("no sentence of the language that is as long begins with the 0 words");
        double[][] alternating = {{0, 1}, {1, 0}};
        Hmm hidden = Hmm.of(new double[] {1, 0}, alternating, new double[][] {{1, 0}, {0, 1}}, 3, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hidden.nextWords(new int[] {1, 0, 1}))
                .withMessageStartingWith("no sentence of the language that is as long begins with the 1 words");
    }
}
