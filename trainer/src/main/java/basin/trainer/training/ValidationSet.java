package basin.trainer.training;

import basin.events.spec.ValidationSpec;
import basin.lm.Seeds;
import basin.lm.language.Language;
import basin.lm.language.MaskedSentences;

/**
 * Sentences with one masked position each, drawn as in training, and the exact conditional of every masked word. The same for
 * every run of a language, so that differences between runs carry no sampling noise of their own. Immutable; thread-safe.
 */
final class ValidationSet {
    private final int[][] sentences;
    private final int[] positions;
    private final double[][] conditionals;

    private ValidationSet(int[][] sentences, int[] positions, double[][] conditionals) {
        this.sentences = sentences;
        this.positions = positions;
        this.conditionals = conditionals;
    }

    static ValidationSet draw(Language language, ValidationSpec spec) {
        MaskedSentences drawn = language.masked(Seeds.generator(spec.seed(), "validation"), spec.sentences());
        double[][] conditionals = new double[spec.sentences()][];
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

    /** p*(· | the other words, the length) of sentence {@code i}'s masked position, over words. */
    double[] conditional(int i) {
        return conditionals[i];
    }
}
