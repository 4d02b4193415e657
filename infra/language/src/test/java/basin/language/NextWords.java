package basin.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A reference for next-word distributions, by summing the probabilities of all sentences. */
public final class NextWords {
    private static final double EXACT = 1e-10;

    private NextWords() {}

    /**
     * Returns p(x_t = . | the words before t, the length), by summation over sentences.
     *
     * @param truth the probability of every sentence of the language
     */
    static double[] row(Map<List<Integer>, Double> truth, List<Integer> sentence, int t, int words) {
        double[] row = new double[words];
        double total = 0;
        for (Map.Entry<List<Integer>, Double> other : truth.entrySet()) {
            List<Integer> candidate = other.getKey();
            if (candidate.size() == sentence.size() && candidate.subList(0, t).equals(sentence.subList(0, t))) {
                row[candidate.get(t)] += other.getValue();
                total += other.getValue();
            }
        }
        for (int word = 0; word < words; word++) {
            row[word] /= total;
        }
        return row;
    }

    /** Compares a language's rows of one of its sentences with sums over all sentences. */
    public static void agree(Language language, int[] sentence, Map<List<Integer>, Double> truth) {
        List<Integer> key = Arrays.stream(sentence).boxed().toList();
        double[][] rows = language.nextWords(sentence);
        assertThat(rows).hasNumberOfRows(sentence.length);
        double product = language.lengthProbability(sentence.length);
        for (int t = 0; t < sentence.length; t++) {
            assertThat(rows[t]).containsExactly(row(truth, key, t, language.vocabularySize()), within(EXACT));
            product *= rows[t][sentence[t]];
        }
        double whole = Math.exp(language.logProbability(sentence));
        assertThat(product).isCloseTo(whole, within(EXACT * whole));
    }

    /**
     * Returns the optimal causal loss: the expected mean, over a sentence's positions, of the
     * entropy of the next word.
     */
    public static double optimum(Map<List<Integer>, Double> truth, int words) {
        double nats = 0;
        for (Map.Entry<List<Integer>, Double> one : truth.entrySet()) {
            for (int t = 0; t < one.getKey().size(); t++) {
                for (double p : row(truth, one.getKey(), t, words)) {
                    nats -= p > 0 ? one.getValue() / one.getKey().size() * p * Math.log(p) : 0;
                }
            }
        }
        return nats;
    }
}
