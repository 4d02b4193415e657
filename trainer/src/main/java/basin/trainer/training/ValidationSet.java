package basin.trainer.training;

import basin.events.spec.Objective;
import basin.events.spec.ValidationSpec;
import basin.lm.Seeds;
import basin.lm.language.Language;
import basin.lm.language.MaskedSentences;

/**
 * Sentences with a position each, drawn as in training, and the exact distribution of every word that is predicted. The same for
 * every run of a language and objective, so that differences between runs carry no sampling noise of their own. Immutable; thread-safe.
 */
final class ValidationSet {
    private final int[][] sentences;
    private final int[] positions;
    private final double[][][] exact;

    private ValidationSet(int[][] sentences, int[] positions, double[][][] exact) {
        this.sentences = sentences;
        this.positions = positions;
        this.exact = exact;
    }

    static ValidationSet draw(Language language, ValidationSpec spec, Objective objective) {
        MaskedSentences drawn = language.masked(Seeds.generator(spec.seed(), "validation"), spec.sentences());
        double[][][] exact = new double[spec.sentences()][][];
        for (int i = 0; i < exact.length; i++) {
            int[] sentence = drawn.sentences()[i];
            exact[i] = switch (objective) {
                case MASKED -> new double[][] {language.conditional(sentence, drawn.positions()[i])};
                case CAUSAL -> language.nextWords(sentence);
            };
        }
        return new ValidationSet(drawn.sentences(), drawn.positions(), exact);
    }

    int size() {
        return sentences.length;
    }

    /** Sentences {@code from} to {@code to}, exclusive. */
    int[][] sentences(int from, int to) {
        return java.util.Arrays.copyOfRange(sentences, from, to);
    }

    /** Positions of sentences {@code from} to {@code to}, exclusive. */
    int[] positions(int from, int to) {
        return java.util.Arrays.copyOfRange(positions, from, to);
    }

    /** p*(· | what is known there) of every prediction of sentence {@code i}, over words. */
    double[][] exact(int i) {
        return exact[i];
    }
}
