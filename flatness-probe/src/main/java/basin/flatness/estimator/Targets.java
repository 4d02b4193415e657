package basin.flatness.estimator;

import basin.events.spec.Objective;
import basin.lm.language.Language;
import basin.lm.language.MaskedSentences;
import basin.lm.language.SentenceSource;
import basin.lm.text.TextLanguage;
import java.util.random.RandomGenerator;

/**
 * Sentences to measure on, and what is to be predicted in them: of a language drawn as in pre-training, with its exact distributions; of a text
 * those that were held out, with the words that they have.
 */
final class Targets {
    private Targets() {}

    static MaskedSentences draw(SentenceSource source, RandomGenerator random, int count) {
        return source instanceof TextLanguage text ? text.heldOut(random, count) : source.masked(random, count);
    }

    /** A distribution over all words for each prediction of a sentence: at its masked position, or at all. */
    static double[][] of(SentenceSource source, Objective objective, int[] sentence, int position) {
        if (source instanceof Language language) {
            return switch (objective) {
                case MASKED -> new double[][] {language.conditional(sentence, position)};
                case CAUSAL -> language.nextWords(sentence);
            };
        }
        int[] predicted = switch (objective) {
            case MASKED -> new int[] {sentence[position]};
            case CAUSAL -> sentence;
        };
        double[][] certain = new double[predicted.length][source.words()];
        for (int i = 0; i < predicted.length; i++) {
            certain[i][predicted[i]] = 1;
        }
        return certain;
    }
}
