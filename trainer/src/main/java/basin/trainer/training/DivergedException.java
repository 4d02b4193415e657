package basin.trainer.training;

/** Thrown when the loss or a weight is no longer finite. The run fails; a retry cannot help. */
public final class DivergedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int lastGoodStep;

    /**
     * Creates an exception for a run.
     *
     * @param lastGoodStep the last step whose loss was finite
     */
    public DivergedException(int lastGoodStep) {
        super("The loss was no longer a number after step " + lastGoodStep + ": use a lower rate.");
        this.lastGoodStep = lastGoodStep;
    }

    /** Returns the last step whose loss was finite. */
    public int lastGoodStep() {
        return lastGoodStep;
    }
}
