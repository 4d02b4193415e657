package basin.evaluator.protocol;

import basin.language.ImpossibleContextException;
import basin.language.Language;
import basin.study.Objective;
import java.util.Arrays;

/**
 * A table of the true conditionals that takes the place of a network. The state of a position is a
 * distribution over all words: p(x_t = · | the other words, the length), or with a causal objective
 * p(x_t = · | the words before, the length). The start token's state is zero, so that the rows
 * match those of a network's tokens. While nothing is known of the language, every row is uniform.
 * Rows are also uniform in sentences of a shifted language if the conditional does not exist: no
 * sentence of the language has the other words there or, with a causal objective, begins this way.
 * Immutable; thread-safe.
 *
 * @param known whether the rows are the conditionals
 */
record LookupTable(Language language, Objective objective, boolean known) implements TokenStates {
    /** Returns the table of a language. */
    static LookupTable of(Language language, Objective objective) {
        return new LookupTable(language, objective, true);
    }

    /**
     * Returns the table without knowledge of the language, the counterpart of an untrained network.
     */
    LookupTable emptied() {
        return new LookupTable(language, objective, false);
    }

    @Override
    public int width() {
        return language.vocabularySize();
    }

    @Override
    public int sequence() {
        return language.maxLength() + 1;
    }

    @Override
    public void read(int[][] sentences, Taker taker) throws InterruptedException {
        TokenStates.forEachPart(sentences.length, "reading conditionals", (from, to) -> {
            float[] states = new float[(to - from) * sequence() * width()];
            for (int i = from; i < to; i++) {
                rows(sentences[i], states, (i - from) * sequence() * width());
            }
            taker.take(from, to, states);
        });
    }

    private void rows(int[] sentence, float[] states, int offset) {
        int first = offset + width();
        Arrays.fill(states, first, first + sentence.length * width(), (float) (1.0 / width()));
        if (!known) {
            return;
        }
        try {
            double[][] conditionals = language.distributions(objective, sentence);
            for (int t = 0; t < sentence.length; t++) {
                put(conditionals[t], states, first + t * width());
            }
        } catch (ImpossibleContextException lacking) {
            if (objective.masks()) {
                fillByPosition(sentence, states, first);
            }
        }
    }

    /**
     * Fills rows position by position, because a sentence with one wrong word still has a
     * conditional at that position.
     */
    private void fillByPosition(int[] sentence, float[] states, int first) {
        for (int t = 0; t < sentence.length; t++) {
            try {
                put(language.conditional(sentence, t), states, first + t * width());
            } catch (ImpossibleContextException lacking) {
                // The row stays uniform.
            }
        }
    }

    private static void put(double[] row, float[] states, int offset) {
        for (int word = 0; word < row.length; word++) {
            states[offset + word] = (float) row[word];
        }
    }
}
