package basin.flatness.estimator;

import basin.events.spec.Objective;
import basin.lm.Seeds;
import basin.lm.language.MaskedSentences;
import basin.lm.language.SentenceSource;

/**
 * Batches drawn from a language as in pre-training, with its exact conditionals as targets; or from the held-out sentences of a text, each with
 * the word that it has as its target. Thread-safe.
 */
public final class LanguageBatches implements BatchSource<MaskedBatch> {
    private final SentenceSource source;
    private final int size;
    private final long seed;

    /**
     * Batches of a language or text.
     *
     * @param size sentences a batch
     * @param seed of sentences and masked positions
     */
    public LanguageBatches(SentenceSource source, int size, long seed) {
        this.source = source;
        this.size = size;
        this.seed = seed;
    }

    @Override
    public MaskedBatch batch(int pair) {
        MaskedSentences drawn = Targets.draw(source, Seeds.generator(seed, "flatness.batch", pair), size);
        double[][] targets = new double[size][];
        for (int i = 0; i < size; i++) {
            targets[i] = Targets.of(source, Objective.MASKED, drawn.sentences()[i], drawn.positions()[i])[0];
        }
        return new MaskedBatch(drawn.sentences(), drawn.positions(), targets);
    }
}
