package basin.flatness.estimator;

import basin.events.spec.Objective;
import basin.lm.Seeds;
import basin.lm.language.MaskedSentences;
import basin.lm.language.SentenceSource;
import basin.lm.network.EncoderShape;
import basin.lm.network.LanguageModel;
import basin.lm.network.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sentences and positions of {@link LanguageBatches} as sequences of a network's tokens, with a target for each word that is predicted. Thread-safe.
 */
public final class SentenceBatches implements BatchSource<TokenSequences> {
    private final SentenceSource source;
    private final Objective objective;
    private final LanguageModel model;
    private final int size;
    private final long seed;

    /**
     * Batches of a language or text.
     *
     * @param objective what the model predicts
     * @param size sentences a batch
     * @param seed of sentences and positions
     */
    public SentenceBatches(SentenceSource source, Objective objective, LanguageModel model, int size, long seed) {
        this.source = source;
        this.objective = objective;
        this.model = model;
        this.size = size;
        this.seed = seed;
    }

    @Override
    public TokenSequences batch(int pair) {
        MaskedSentences drawn = Targets.draw(source, Seeds.generator(seed, "flatness.batch", pair), size);
        double[][][] targets = new double[size][][];
        for (int i = 0; i < size; i++) {
            targets[i] = Targets.of(source, objective, drawn.sentences()[i], drawn.positions()[i]);
        }
        return sequences(model.training(drawn.sentences(), drawn.positions()), targets);
    }

    /**
     * A batch as sequences.
     *
     * @param targets of every sentence a distribution over all words for each of its predictions
     */
    static TokenSequences sequences(TokenBatch batch, double[][][] targets) {
        List<TokenSequences.Example> examples = new ArrayList<>();
        long[] tokens = batch.tokens();
        int prediction = 0;
        for (int i = 0; i < batch.size(); i++) {
            int[] own = new int[batch.lengthOf(i)];
            for (int at = 0; at < own.length; at++) {
                own[at] = Math.toIntExact(tokens[i * batch.length() + at]);
            }
            int[] places = new int[targets[i].length];
            for (int k = 0; k < places.length; k++) {
                places[k] = batch.placeOf(prediction++);
            }
            int[] firsts = new int[places.length];
            Arrays.fill(firsts, EncoderShape.FIRST_WORD);
            examples.add(new TokenSequences.Example(own, places, firsts, targets[i]));
        }
        return new TokenSequences(examples);
    }
}
