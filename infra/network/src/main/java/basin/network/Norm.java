package basin.network;

/**
 * A normalisation over the last axis. Immutable; thread-safe.
 *
 * @param centred whether the mean is subtracted, as in LayerNorm; RMSNorm does not
 * @param gain whether it has a gain
 * @param bias whether it has a bias
 * @param epsilon number added to the mean square
 */
public record Norm(boolean centred, boolean gain, boolean bias, double epsilon) {
    /** Returns LayerNorm with gain and bias. */
    public static Norm layer(double epsilon) {
        return new Norm(true, true, true, epsilon);
    }

    /** Returns RMSNorm with a gain. */
    public static Norm rms(double epsilon) {
        return new Norm(false, true, false, epsilon);
    }
}
