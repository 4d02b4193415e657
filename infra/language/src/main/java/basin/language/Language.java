package basin.language;

import basin.study.Objective;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A known distribution over sentences of variable length, with everything that a study needs of it computed exactly.
 *
 * <p>A sentence is an array of word ids in 0 .. {@link #vocabularySize()} - 1, between one and {@link #maxLength()} long. What
 * generates the sentences may make longer ones: these are rejected, so every probability here is divided by the
 * probability of a length of at most {@code maxLength}. Implementations are immutable and thread-safe.
 */
public interface Language extends SentenceSource {
    /** P(T = {@code length}); sums to one over 1 .. {@link #maxLength()} and is zero elsewhere. */
    double lengthProbability(int length);

    /** One sentence drawn from the language. Uses only draws of {@code random}. */
    int[] sample(RandomGenerator random);

    /**
     * So many sentences, each with one of its positions: as training, validation and probing draw them. Sentence, position, sentence and so
     * on, unless the language can draw many sentences faster than one after the other. Uses only draws of {@code random}.
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
     * Natural logarithm of the sentence's probability; negative infinity for a sentence that the language lacks.
     *
     * @throws IllegalArgumentException for an empty sentence or a word outside the vocabulary
     */
    double logProbability(int[] sentence);

    /**
     * All conditionals of a sentence: row t is p(x_t = . | the other words of the sentence, the length T), a
     * distribution over the vocabulary, shape T x {@link #vocabularySize()}. Row t does not depend on word t, which may be any
     * word id.
     *
     * @throws IllegalArgumentException for an empty or too long sentence, for a word outside the vocabulary and where
     *     no sentence of the language agrees with the other words at some position
     */
    default double[][] conditionals(int[] sentence) {
        double[][] rows = new double[sentence.length][];
        for (int t = 0; t < sentence.length; t++) {
            rows[t] = conditional(sentence, t);
        }
        return rows;
    }

    /**
     * Row {@code position} of {@link #conditionals}, without the demand that other rows exist: the masked word may
     * be any word id.
     */
    double[] conditional(int[] sentence, int position);

    /**
     * What may come next, at every position of a sentence: row t is p(x_t = . | x_0 … x_(t-1), the length T), a distribution over the
     * vocabulary, shape T x {@link #vocabularySize()}. Row t depends on the words before t and on the length alone; the sentence's probability given
     * its length is the product of its words' entries.
     *
     * @throws IllegalArgumentException for an empty sentence, one of a length that the language lacks, a word outside the
     *     vocabulary and where no sentence of that length begins with the words before some position
     */
    double[][] nextWords(int[] sentence);

    /**
     * The exact distribution of everything that is predicted of a sentence, each over the vocabulary: of its masked word, or of every word.
     *
     * @param position the masked word's, from 0
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
     * Returns the exact distribution of every word of a sentence given what the objective shows of the others: shape T x
     * {@link #vocabularySize()}.
     *
     * @throws IllegalArgumentException as {@link #conditionals} and {@link #nextWords}
     */
    default double[][] distributions(Objective objective, int[] sentence) {
        return objective.masks() ? conditionals(sentence) : nextWords(sentence);
    }

    /**
     * Every sentence of the language, by length and then by word ids, or empty where there are more than {@code limit}.
     */
    Optional<List<int[]>> sentences(int limit);
}
