package basin.study;

import static basin.study.Checks.within;

/**
 * How the loss is measured against the exact conditional vector.
 *
 * @param sentences sentences of the full measurement, made at every checkpoint
 * @param quickSentences sentences of the measurement between checkpoints, which notices that a target was reached; the first
 *     of the full set
 * @param every steps between quick measurements while the next excess target is near: {@link #NEAR} times the target at most; {@link
 *     #STRIDE_FAR} times as many while it is farther, {@link #STRIDE_WITHOUT_TARGET} times where none is left
 * @param seed draws the sentences and masked positions, the same for every run of a language
 */
public record ValidationSpec(int sentences, int quickSentences, int every, long seed) {
    /** A target is near once the last excess measured is at most so many times it. */
    public static final double NEAR = 1.5;

    /** How much rarer quick measurements are far from the next target. */
    public static final int STRIDE_FAR = 3;

    /** How much rarer they are once all targets are reached, for the curves alone. */
    public static final int STRIDE_WITHOUT_TARGET = 10;

    public ValidationSpec {
        within(2, 10_000_000, "validation.sentences", sentences);
        within(2, sentences, "validation.quickSentences", quickSentences);
        within(1, 10_000_000, "validation.every", every);
    }
}
