package basin.flatness.estimator;

import basin.lm.Seeds;
import basin.lm.language.Language;
import java.util.random.RandomGenerator;

/** Batches drawn from a language as in pre-training, with its exact conditionals as targets. Thread-safe. */
public final class LanguageBatches implements BatchSource<MaskedBatch> {
    private final Language language;
    private final int size;
    private final long seed;

    /**
     * Batches of a language.
     *
     * @param size sentences a batch
     * @param seed of sentences and masked positions
     */
    public LanguageBatches(Language language, int size, long seed) {
        this.language = language;
        this.size = size;
        this.seed = seed;
    }

    @Override
    public MaskedBatch batch(int pair) {
        RandomGenerator random = Seeds.generator(seed, "flatness.batch", pair);
        int[][] sentences = new int[size][];
        int[] positions = new int[size];
        double[][] targets = new double[size][];
        for (int i = 0; i < size; i++) {
            sentences[i] = language.sample(random);
            positions[i] = random.nextInt(sentences[i].length);
            targets[i] = language.conditional(sentences[i], positions[i]);
        }
        return new MaskedBatch(sentences, positions, targets);
    }
}
