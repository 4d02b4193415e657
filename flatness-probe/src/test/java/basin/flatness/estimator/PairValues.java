package basin.flatness.estimator;

/** The values of an estimator's pairs, of however few: how it varies, and not how flat the surface is. */
public final class PairValues {
    private PairValues() {}

    /**
     * One value a pair.
     *
     * @return the estimator's quantities, in their order, × pairs
     */
    public static double[][] of(
            FlatnessEstimator estimator, LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        if (estimator instanceof PairwiseEstimator pairwise) {
            return pairwise.valuesOfPairs(surface, batches, settings);
        }
        throw new IllegalArgumentException("The pairs of '" + estimator.name() + "' are no independent samples.");
    }
}
