package basin.trainer.training;

import basin.language.Language;
import basin.language.MaskedSentences;
import basin.language.SentenceSource;
import basin.language.text.TextLanguage;
import basin.study.Objective;
import basin.study.Seeds;
import basin.study.ValidationSpec;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The validation sentences, each with a position, and the exact distribution of every predicted
 * word. They are drawn as in training, or from the held-out part of a text, whose distributions are
 * unknown. All runs of a language and an objective have the same, so that differences between runs
 * carry no sampling noise of their own. Immutable; thread-safe.
 */
final class ValidationSet {
    private final int[][] sentences;
    private final int[] positions;
    private final Objective objective;
    /** The exact distributions by sentence and prediction; empty if they are unknown. */
    private final double[][][] exact;

    private ValidationSet(MaskedSentences drawn, Objective objective, double[][][] exact) {
        this.sentences = drawn.sentences();
        this.positions = drawn.positions();
        this.objective = objective;
        this.exact = exact;
    }

    static ValidationSet draw(SentenceSource source, ValidationSpec spec, Objective objective) {
        RandomGenerator random = Seeds.generator(spec.seed(), "validation");
        return switch (source) {
            case Language language -> {
                MaskedSentences drawn = language.masked(random, spec.sentences());
                double[][][] exact = new double[spec.sentences()][][];
                Arrays.setAll(
                        exact,
                        i -> language.targets(objective, drawn.sentences()[i], drawn.positions()[i])
                                .toArray(double[][]::new));
                yield new ValidationSet(drawn, objective, exact);
            }
            case TextLanguage text ->
                new ValidationSet(text.validation(random, spec.sentences()), objective, new double[0][][]);
            default -> throw new IllegalStateException("These sentences have nothing to be measured on: " + source);
        };
    }

    int size() {
        return sentences.length;
    }

    /** Returns sentences {@code from} (inclusive) to {@code to} (exclusive). */
    int[][] sentences(int from, int to) {
        return Arrays.copyOfRange(sentences, from, to);
    }

    /** Returns the positions of sentences {@code from} (inclusive) to {@code to} (exclusive). */
    int[] positions(int from, int to) {
        return Arrays.copyOfRange(positions, from, to);
    }

    /** Returns whether the exact distributions are known. */
    boolean isExact() {
        return exact.length > 0;
    }

    /** Returns the number of predicted words of sentence {@code i}. */
    int predictions(int i) {
        return objective.predictions(sentences[i].length);
    }

    /** Returns the observed word of a prediction of sentence {@code i}. */
    int word(int i, int prediction) {
        return sentences[i][objective.position(sentences[i].length, positions[i], prediction)];
    }

    /** Returns p*(· | the visible context) of a prediction of sentence {@code i}, over words. */
    double[] exact(int i, int prediction) {
        return exact[i][prediction];
    }
}
