package basin.trainer.training;

import basin.events.spec.ValidationSpec;
import basin.lm.Seeds;
import basin.lm.language.Language;
import basin.lm.language.MaskedSentences;
import basin.lm.language.SentenceSource;
import basin.lm.text.TextLanguage;
import java.util.random.RandomGenerator;

/**
 * Sentences with one masked position each, and the exact conditional of every masked word: drawn as in training, or those that were held out
 * of a text, whose conditionals are unknown. The same for every run of a language, so that differences between runs carry no sampling noise of
 * their own. Immutable; thread-safe.
 */
final class ValidationSet {
    private final int[][] sentences;
    private final int[] positions;
    /** None where they are unknown. */
    private final double[][] conditionals;

    private ValidationSet(int[][] sentences, int[] positions, double[][] conditionals) {
        this.sentences = sentences;
        this.positions = positions;
        this.conditionals = conditionals;
    }

    static ValidationSet draw(SentenceSource source, ValidationSpec spec) {
        RandomGenerator random = Seeds.generator(spec.seed(), "validation");
        return switch (source) {
            case Language language -> draw(language, random, spec.sentences());
            case TextLanguage text -> heldOut(text.validation(random, spec.sentences()));
            default -> throw new IllegalStateException("These sentences have nothing to be measured on: " + source);
        };
    }

    private static ValidationSet heldOut(MaskedSentences drawn) {
        return new ValidationSet(drawn.sentences(), drawn.positions(), new double[0][]);
    }

    private static ValidationSet draw(Language language, RandomGenerator random, int count) {
        MaskedSentences drawn = language.masked(random, count);
        double[][] conditionals = new double[count][];
        for (int i = 0; i < conditionals.length; i++) {
            conditionals[i] = language.conditional(drawn.sentences()[i], drawn.positions()[i]);
        }
        return new ValidationSet(drawn.sentences(), drawn.positions(), conditionals);
    }

    int size() {
        return sentences.length;
    }

    /** Sentences {@code from} to {@code to}, exclusive. */
    int[][] sentences(int from, int to) {
        return java.util.Arrays.copyOfRange(sentences, from, to);
    }

    /** Masked positions of sentences {@code from} to {@code to}, exclusive. */
    int[] positions(int from, int to) {
        return java.util.Arrays.copyOfRange(positions, from, to);
    }

    /** Whether the conditionals are known. */
    boolean exact() {
        return conditionals.length > 0;
    }

    /** The hidden word of sentence {@code i}. */
    int hidden(int i) {
        return sentences[i][positions[i]];
    }

    /** p*(· | the other words, the length) of sentence {@code i}'s masked position, over words. */
    double[] conditional(int i) {
        return conditionals[i];
    }
}
