package basin.trainer.training;

/** Training left the numbers: the loss or a weight is no longer finite. The run fails; no retry can help it. */
public final class DivergedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int lastGoodStep;

    /**
     * Training that left the numbers.
     *
     * @param lastGoodStep the last step whose loss was a number
     */
    public DivergedException(int lastGoodStep) {
        super("The loss was no longer a number after step " + lastGoodStep + ": use a lower rate.");
        this.lastGoodStep = lastGoodStep;
    }

    /** The last step whose loss was a number. */
    public int lastGoodStep() {
        return lastGoodStep;
    }
}
