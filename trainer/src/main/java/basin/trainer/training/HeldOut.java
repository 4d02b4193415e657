package basin.trainer.training;

import basin.language.Derivation;
import basin.language.Pcfg;
import basin.language.SentenceSource;
import basin.study.Refusal;
import basin.study.TaskSpec;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Labelled sentences of a span task that no evaluation draws: the non-terminal over a span, by its number in the grammar.
 *
 * @param sentences word ids
 * @param labels non-terminal of each sentence
 * @param classes non-terminals of the grammar
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn for one step and dropped.
record HeldOut(int[][] sentences, int[] labels, int classes) {
    /** So many sentences in a row without a label, and the task is found to be hopeless. */
    private static final int PATIENCE = 20_000;

    /**
     * Draws.
     *
     * @throws Refusal where the language has no spans, or hardly ever one with a label
     */
    static HeldOut draw(SentenceSource language, TaskSpec task, int examples, RandomGenerator random) {
        if (!(language instanceof Pcfg grammar)) {
            throw new Refusal("algorithms.task is '" + task.name()
                    + "': give an adversary the language of a grammar, for its task is a span's non-terminal.");
        }
        int[][] sentences = new int[examples][];
        int[] labels = new int[examples];
        int inVain = 0;
        for (int kept = 0; kept < examples; ) {
            Derivation derivation = grammar.sampleDerivation(random);
            OptionalInt label = label(grammar, derivation, task);
            if (label.isPresent()) {
                sentences[kept] = derivation.sentence();
                labels[kept++] = label.getAsInt();
                inVain = 0;
            } else if (++inVain == PATIENCE) {
                throw new Refusal("algorithms.task is '" + task.name() + "', which has no label for " + PATIENCE
                        + " sentences in a row: give a span that has labels more often.");
            }
        }
        return new HeldOut(sentences, labels, grammar.grammar().nonTerminals().size());
    }

    private static OptionalInt label(Pcfg grammar, Derivation derivation, TaskSpec task) {
        int[] sentence = derivation.sentence();
        int to = task.length() == 0 ? sentence.length : task.start() + task.length();
        if (to > sentence.length || task.start() >= to) {
            return OptionalInt.empty();
        }
        return task.label() == TaskSpec.Label.ANCESTOR
                ? derivation.ancestor(task.start(), to)
                : grammar.mostLikelyInside(sentence, task.start(), to);
    }
}
