package basin.flatness.estimator;

import basin.events.Quantity;
import java.util.List;
import org.hipparchus.stat.StatUtils;

/** tr F as the mean ‖J's‖² of a batch's examples, s a probe of signs in the space of scores ({@link LossSurface#probedGradientNorms}). */
final class OutputProbeEstimator extends PairwiseEstimator {
    OutputProbeEstimator(String name) {
        super(name, List.of(Quantity.FISHER_TRACE));
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return (pair, batch, samples) -> samples.put(
                Quantity.FISHER_TRACE,
                pair,
                StatUtils.mean(surface.probedGradientNorms(batch, Draws.outputSigns(settings.seed(), pair, 0))));
    }
}
