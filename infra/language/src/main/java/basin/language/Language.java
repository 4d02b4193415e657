package basin.language;

import basin.study.Objective;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A known distribution over sentences of variable length. Everything that a study needs of it is
 * computed exactly.
 *
 * <p>A sentence is an array of 1 to {@link #maxLength()} word ids in 0 .. {@link #vocabularySize()}
 * - 1. The generating process may produce longer sentences, which are rejected. Every probability
 * is therefore conditional on a length of at most {@code maxLength}. Implementations are immutable
 * and thread-safe.
 */
public interface Language extends SentenceSource {
    /**
     * Returns P(T = {@code length}). It sums to one over 1 .. {@link #maxLength()} and is zero
     * elsewhere.
     */
    double lengthProbability(int length);

    /** Draws a sentence. The only source of randomness is {@code random}. */
    int[] sample(RandomGenerator random);

    /**
     * Draws sentences, each with one of its positions, for training, validation and probing. By
     * default the draws alternate between sentence and position; a language that draws many
     * sentences faster at once may use another order. The only source of randomness is
     * {@code random}.
     */
    @Override
    default MaskedSentences masked(RandomGenerator random, int count) {
        int[][] sentences = new int[count][];
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            sentences[i] = sample(random);
            positions[i] = random.nextInt(sentences[i].length);
        }
        return new MaskedSentences(sentences, positions);
    }

    /**
     * Returns the natural logarithm of the sentence's probability, negative infinity if the
     * language lacks the sentence.
     *
     * @throws IllegalArgumentException if the sentence is empty or has a word outside the
     *     vocabulary
     */
    double logProbability(int[] sentence);

    /**
     * Returns the conditionals of all positions, shape T x {@link #vocabularySize()}. Row t is
     * p(x_t = . | the other words of the sentence, the length T), a distribution over the
     * vocabulary. Row t does not depend on word t, which may be any word id.
     *
     * @throws IllegalArgumentException if the sentence is empty or too long, if it has a word
     *     outside the vocabulary, or if at some position no sentence of the language has these
     *     other words
     */
    default double[][] conditionals(int[] sentence) {
        double[][] rows = new double[sentence.length][];
        for (int t = 0; t < sentence.length; t++) {
            rows[t] = conditional(sentence, t);
        }
        return rows;
    }

    /**
     * Returns row {@code position} of {@link #conditionals}. The other rows need not exist, and the
     * masked word may be any word id.
     */
    double[] conditional(int[] sentence, int position);

    /**
     * Returns the next-word distributions of all positions, shape T x {@link #vocabularySize()}.
     * Row t is p(x_t = . | x_0 … x_(t-1), the length T), a distribution over the vocabulary. Row t
     * depends only on the words before t and on the length. The sentence's probability given its
     * length is the product of its words' entries.
     *
     * @throws IllegalArgumentException if the sentence is empty, if the language has no sentence of
     *     this length, if a word is outside the vocabulary, or if no sentence of this length begins
     *     with the words before some position
     */
    double[][] nextWords(int[] sentence);

    /**
     * Returns the exact distribution of every prediction of a sentence, each over the vocabulary.
     * The predictions are of the masked word, or of every word.
     *
     * @param position the masked word's position, from 0
     * @throws IllegalArgumentException as {@link #conditionals} and {@link #nextWords}
     */
    default List<double[]> targets(Objective objective, int[] sentence, int position) {
        double[][] next = objective.masks() ? new double[0][] : nextWords(sentence);
        return IntStream.range(0, objective.predictions(sentence.length))
                .map(prediction -> objective.position(sentence.length, position, prediction))
                .mapToObj(word -> objective.masks() ? conditional(sentence, word) : next[word])
                .toList();
    }

    /**
     * Returns the exact distribution of every word given the context that the objective shows,
     * shape T x {@link #vocabularySize()}.
     *
     * @throws IllegalArgumentException as {@link #conditionals} and {@link #nextWords}
     */
    default double[][] distributions(Objective objective, int[] sentence) {
        return objective.masks() ? conditionals(sentence) : nextWords(sentence);
    }

    /**
     * Returns every sentence of the language, ordered by length, then by word ids. Empty if there
     * are more than {@code limit}.
     */
    Optional<List<int[]>> sentences(int limit);
}
