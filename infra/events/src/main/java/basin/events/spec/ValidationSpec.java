package basin.events.spec;

import static basin.events.spec.InvalidSpecException.within;

/**
 * How the loss is measured against the exact conditional vector.
 *
 * @param sentences sentences of the full measurement, made at every checkpoint
 * @param quickSentences sentences of the measurement between checkpoints, which notices that a target was reached; the first
 *     of the full set
 * @param every steps between quick measurements
 * @param seed draws the sentences and masked positions, the same for every run of a language
 */
public record ValidationSpec(int sentences, int quickSentences, int every, long seed) {
    public ValidationSpec {
        within(2, 10_000_000, "validation.sentences", sentences);
        within(2, sentences, "validation.quickSentences", quickSentences);
        within(1, 10_000_000, "validation.every", every);
    }
}
