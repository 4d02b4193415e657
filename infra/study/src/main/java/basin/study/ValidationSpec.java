package basin.study;

import static basin.study.Checks.within;

/**
 * The validation settings: measurements of the loss against the exact conditionals.
 *
 * @param sentences sentences of the full measurement, made at every checkpoint
 * @param quickSentences sentences of the measurement between checkpoints, which detects that a
 *     target was reached; the first ones of the full set
 * @param every steps between quick measurements while the last excess is at most {@link #NEAR}
 *     times the next target; the interval is {@link #STRIDE_FAR} times as long while it is farther,
 *     and {@link #STRIDE_WITHOUT_TARGET} times if no target is left
 * @param seed seed of the sentences and masked positions, the same for every run of a language
 */
public record ValidationSpec(int sentences, int quickSentences, int every, long seed) {
    /** A target is near once the last measured excess is at most this multiple of it. */
    public static final double NEAR = 1.5;

    /**
     * The factor by which the interval between quick measurements is longer far from the next
     * target.
     */
    public static final int STRIDE_FAR = 3;

    /**
     * The factor by which the interval is longer once all targets are reached, when only the curves
     * need measurements.
     */
    public static final int STRIDE_WITHOUT_TARGET = 10;

    public ValidationSpec {
        within(2, 10_000_000, "validation.sentences", sentences);
        within(2, sentences, "validation.quickSentences", quickSentences);
        within(1, 10_000_000, "validation.every", every);
    }
}
