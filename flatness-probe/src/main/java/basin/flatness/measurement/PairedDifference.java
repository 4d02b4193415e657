package basin.flatness.measurement;

import basin.record.Interval;
import basin.record.Measured;
import java.util.List;

/**
 * The difference of two models' means over the same batches. What a batch does to both models alike
 * cancels, so its error is smaller than that of two separate measurements. Immutable.
 *
 * @param value mean of the batches' differences and its standard error
 * @param interval confidence interval over batches, corrected for skewness
 * @param pairs number of batches that both models have
 */
public record PairedDifference(Measured value, Interval interval, int pairs) {
    /** The fewest batches for which there is an interval. */
    private static final int MIN_PAIRS = 3;

    /**
     * Returns the first model's mean minus the second's over the batches that both have, which are
     * the first ones of the longer list.
     *
     * @param one the first model's values, one per batch, at least three
     * @param other the second model's values on the same batches, at least three
     * @param confidence confidence level of the interval, between 0 and 1
     */
    public static PairedDifference of(List<Double> one, List<Double> other, double confidence) {
        int pairs = Math.min(one.size(), other.size());
        if (pairs < MIN_PAIRS) {
            throw new IllegalArgumentException(
                    "Two models have " + pairs + " batches in common: give at least " + MIN_PAIRS + ".");
        }
        double[] differences = new double[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            differences[pair] = one.get(pair) - other.get(pair);
        }
        return new PairedDifference(
                PairStatistics.mean(differences), PairStatistics.interval(differences, confidence), pairs);
    }
}
