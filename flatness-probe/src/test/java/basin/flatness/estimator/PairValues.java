package basin.flatness.estimator;

/**
 * Access to the values of an estimator's pairs, for any number of pairs, to measure the estimator's
 * variance.
 */
public final class PairValues {
    private PairValues() {}

    /**
     * Returns one value per pair.
     *
     * @return [quantities, pairs], with the estimator's quantities in their order
     */
    public static double[][] of(
            FlatnessEstimator estimator, LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        if (estimator instanceof PairwiseEstimator pairwise) {
            return pairwise.valuesOfPairs(surface, batches, settings);
        }
        throw new IllegalArgumentException("The pairs of '" + estimator.name() + "' are no independent samples.");
    }
}
