package basin.language;

import basin.study.Objective;
import basin.study.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The lowest loss that any model of a language can reach. For a masked objective it is the expected
 * entropy of the exact conditional at a uniformly masked position. For a causal objective it is the
 * expected mean, over the positions of a sentence, of the entropy of the next word given the words
 * before and the length. In both cases each sentence has equal weight, whatever its length.
 *
 * @param nats the loss in nats per prediction
 * @param standardError standard error over sentences; 0 if exact
 * @param exact whether all sentences were enumerated
 * @param sentences number of sentences enumerated or drawn
 * @param seed seed of the draws; without meaning if exact
 */
public record OptimalLoss(double nats, double standardError, boolean exact, int sentences, long seed) {
    /** The number of sentences up to which a language is enumerated. */
    public static final int MAX_ENUMERATED = 20_000;

    /**
     * Returns the optimal loss of a language under an objective. It is exact by enumeration if the
     * language is small; otherwise it is the mean of exact entropies over drawn sentences, each
     * averaged over its positions.
     *
     * @param draws sentences to draw if the language is not small, at least 2
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

    /** Returns the optimal loss of the masked objective. */
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
