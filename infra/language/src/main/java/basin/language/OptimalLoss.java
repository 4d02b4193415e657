package basin.language;

import basin.study.Objective;
import basin.study.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The lowest loss that any model of a language can have. Masked: draw a sentence, mask one of its positions uniformly, and take
 * the entropy of the exact conditional. Causal: draw a sentence, and take the mean over its positions of the entropy of what may come next,
 * given the words before and the length. Either way each sentence counts once, however long it is.
 *
 * @param nats the loss, in nats a prediction
 * @param standardError 0 where it is exact, else over sentences
 * @param exact whether all sentences were enumerated
 * @param sentences enumerated, or drawn
 * @param seed of the draws; of no meaning where it is exact
 */
public record OptimalLoss(double nats, double standardError, boolean exact, int sentences, long seed) {
    /** Languages of at most so many sentences are enumerated. */
    public static final int MAX_ENUMERATED = 20_000;

    /**
     * The optimal loss of a language for what is predicted: exact by enumeration where the language is small, else the mean of exact entropies over
     * drawn sentences, each averaged over its positions.
     *
     * @param draws sentences to draw where it is not small, at least 2
     */
    public static OptimalLoss of(Language language, Objective objective, int draws, long seed) {
        Optional<List<int[]>> all = language.sentences(MAX_ENUMERATED);
        if (all.isPresent()) {
            double nats = 0;
            for (int[] sentence : all.get()) {
                nats += Math.exp(language.logProbability(sentence)) * meanEntropy(language, objective, sentence);
            }
            return new OptimalLoss(nats, 0, true, all.get().size(), seed);
        }
        RandomGenerator random = Seeds.generator(seed, "optimal-loss");
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++) {
            double entropy = meanEntropy(language, objective, language.sample(random));
            sum += entropy;
            squares += entropy * entropy;
        }
        double mean = sum / draws;
        double variance = Math.max(0, (squares - draws * mean * mean) / (draws - 1.0));
        return new OptimalLoss(mean, Math.sqrt(variance / draws), false, draws, seed);
    }

    /** The optimal masked loss. */
    public static OptimalLoss of(Language language, int draws, long seed) {
        return of(language, Objective.MASKED, draws, seed);
    }

    private static double meanEntropy(Language language, Objective objective, int[] sentence) {
        double[][] distributions = language.distributions(objective, sentence);
        int[] predicted = objective.predictable(sentence.length);
        double sum = 0;
        for (int position : predicted) {
            for (double p : distributions[position]) {
                sum -= p > 0 ? p * Math.log(p) : 0;
            }
        }
        return sum / predicted.length;
    }
}
