package basin.flatness.estimator;

import basin.lm.Seeds;
import basin.lm.language.Language;
import basin.lm.language.MaskedSentences;

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
        MaskedSentences drawn = language.masked(Seeds.generator(seed, "flatness.batch", pair), size);
        double[][] targets = new double[size][];
        for (int i = 0; i < size; i++) {
            targets[i] = language.conditional(drawn.sentences()[i], drawn.positions()[i]);
        }
        return new MaskedBatch(drawn.sentences(), drawn.positions(), targets);
    }
}
