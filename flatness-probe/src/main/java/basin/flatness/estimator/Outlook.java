package basin.flatness.estimator;

/** What a forward pass at displaced weights shows of a batch. Its arrays are not to be changed. */
public final class Outlook {
    private final double[] losses;
    private final double[][] scores;

    /**
     * @param losses of every example in nats, accumulated in float64; not copied: the caller gives it away
     * @param scores of every example, before the softmax; not copied either
     */
    public Outlook(double[] losses, double[][] scores) {
        this.losses = losses;
        this.scores = scores;
    }

    /** Of every example, in nats. */
    double[] losses() {
        return losses;
    }

    /** Of every example, before the softmax. */
    double[][] scores() {
        return scores;
    }
}
