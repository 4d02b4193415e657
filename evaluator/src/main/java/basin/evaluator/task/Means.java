package basin.evaluator.task;

import basin.record.Measured;

/** Means of independent values. */
public final class Means {
    private Means() {}

    /**
     * Returns the mean and its standard error s/√n. Sums in order, so the same values give the same
     * bits.
     *
     * @throws IllegalArgumentException if there are fewer than two values
     */
    public static Measured of(double[] values) {
        if (values.length < 2) {
            throw new IllegalArgumentException(
                    "there are " + values.length + " values: give at least 2, because a standard error needs them.");
        }
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new Measured(mean, Math.sqrt(squares / (values.length - 1) / values.length));
    }
}
