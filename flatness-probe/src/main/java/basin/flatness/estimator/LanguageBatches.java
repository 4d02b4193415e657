package basin.flatness.estimator;

import basin.lm.Seeds;
import basin.lm.language.Language;
import basin.lm.language.MaskedSentences;
import basin.lm.language.SentenceSource;
import basin.lm.text.TextLanguage;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

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
        RandomGenerator random = Seeds.generator(seed, "flatness.batch", pair);
        return switch (source) {
            case Language language -> {
                MaskedSentences drawn = language.masked(random, size);
                yield batch(drawn, i -> language.conditional(drawn.sentences()[i], drawn.positions()[i]));
            }
            case TextLanguage text -> {
                MaskedSentences drawn = text.heldOut(random, size);
                yield batch(drawn, i -> certain(drawn.sentences()[i][drawn.positions()[i]], text.words()));
            }
            default -> throw new IllegalStateException("These sentences have nothing to be measured on: " + source);
        };
    }

    private MaskedBatch batch(MaskedSentences drawn, IntFunction<double[]> target) {
        double[][] targets = new double[size][];
        for (int i = 0; i < size; i++) {
            targets[i] = target.apply(i);
        }
        return new MaskedBatch(drawn.sentences(), drawn.positions(), targets);
    }

    private static double[] certain(int word, int words) {
        double[] target = new double[words];
        target[word] = 1;
        return target;
    }
}
