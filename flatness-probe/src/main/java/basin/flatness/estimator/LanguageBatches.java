package basin.flatness.estimator;

import basin.language.Language;
import basin.language.MaskedSentences;
import basin.language.SentenceSource;
import basin.language.text.TextLanguage;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.study.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Batches drawn from a language as in pre-training. The targets are the language's exact
 * distributions: such soft labels remove label noise from loss and Hessian. Of a text, the batches
 * are held-out sentences and the targets are their observed words. Thread-safe.
 *
 * @param model reads the sentences and defines the predictions
 * @param size sentences per batch
 * @param seed seed of sentences and masked positions
 */
public record LanguageBatches(SentenceSource source, LanguageModel model, int size, long seed) implements BatchSource {
    @Override
    public TokenBatch batch(int pair) {
        RandomGenerator random = Seeds.generator(seed, "flatness.batch", pair);
        MaskedSentences drawn =
                source instanceof TextLanguage text ? text.heldOut(random, size) : source.masked(random, size);
        TokenBatch batch = model.training(drawn.sentences(), drawn.positions());
        if (!(source instanceof Language language)) {
            return batch;
        }
        List<double[]> targets = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int[] sentence = drawn.sentences()[i];
            targets.addAll(language.targets(model.objective(), sentence, drawn.positions()[i]));
        }
        return batch.withTargets(EncoderShape.FIRST_WORD, targets.toArray(double[][]::new));
    }
}
