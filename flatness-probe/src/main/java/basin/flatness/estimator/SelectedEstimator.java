package basin.flatness.estimator;

import basin.study.Estimator;
import basin.study.Quantity;
import org.hipparchus.util.FastMath;

/**
 * Estimates tr F in two phases. A forward pass over the whole batch shows which examples matter.
 * Only a selection of them gets a backward pass, drawn with probabilities according to the
 * covariance trace of a label drawn from their prediction ({@link Selection}), because ‖J's‖² grows
 * with ‖s‖². Unbiased for any selection sizes. Worthwhile where most predictions are nearly
 * certain.
 */
final class SelectedEstimator extends PairwiseEstimator {
    /** Expected number of draws per selection, as a share of the batch. */
    private static final double SHARE = 0.25;

    SelectedEstimator() {
        // A gradient after its forward pass counts two thirds here; kept from the first version.
        super(
                Estimator.FISHER_SELECTED,
                Estimator.FISHER_SELECTED.quantities(),
                new Estimator.Cost(1 / 3.0, SHARE * 2 / 3.0));
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        long seed = settings.seed();
        return (pair, batch, from, to, samples) -> {
            double[] spreads;
            try (Midpoint middle = surface.midpoint(batch)) {
                spreads = middle.spreads();
            }
            double expected = FastMath.max(1, SHARE * batch.size());
            for (int probe = from; probe < to; probe++) {
                Selection selected =
                        Selection.of(spreads, expected, ProbeSampler.selection(seed, pair, probe, 0), true);
                double[] norms = surface.gradientNorms(
                        batch.only(selected.examples()), ProbeSampler.outputSigns(seed, pair, probe));
                samples.put(Quantity.FISHER_TRACE, pair, selected.sum(norms) / batch.size());
            }
        };
    }
}
