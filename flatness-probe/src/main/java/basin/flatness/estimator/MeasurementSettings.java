package basin.flatness.estimator;

/**
 * How much is measured, and from which draws.
 *
 * @param pairs fresh batches, each with one fresh probe
 * @param seed of sampled labels and probes; batches have their own source
 * @param confidence of the intervals, between 0 and 1
 */
public record MeasurementSettings(int pairs, long seed, double confidence) {
    public MeasurementSettings {
        if (pairs < 2) {
            throw new IllegalArgumentException("pairs is " + pairs + ": give at least 2.");
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "confidence is " + confidence + ": give a number above 0 and below 1, such as 0.95.");
        }
    }
}
