package basin.evaluator.protocol;

import basin.language.ImpossibleContextException;
import basin.language.Language;
import basin.study.Objective;
import java.util.Arrays;

/**
 * A table of the true conditionals as a network: the state of a position is p(x_t = · | the other words, the length), or with a causal objective
 * p(x_t = · | the words before, the length), over all words, and that of the start token zero, so that its rows are those of a network's tokens. Before anything is known of the language every row is uniform;
 * so are, in sentences of a changed language, rows of which the language says nothing: no sentence of it has the other words there, or, with a
 * causal objective, it lacks the beginning of the sentence. Immutable; thread-safe.
 *
 * @param known whether the rows are the conditionals
 */
record LookupTable(Language language, Objective objective, boolean known) implements TokenStates {
    /** The language's table. */
    static LookupTable of(Language language, Objective objective) {
        return new LookupTable(language, objective, true);
    }

    /** The same table before anything is known: what an untrained network is to a trained one. */
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
                whatIsKnown(sentence, states, first);
            }
        }
    }

    /** Position by position, for where one word is wrong the language still says what ought to stand there. */
    private void whatIsKnown(int[] sentence, float[] states, int first) {
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
