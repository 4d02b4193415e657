package basin.flatness.estimator;

import basin.study.EstimatorSpec;
import basin.study.Refusal;
import java.util.Optional;

/**
 * How much is measured, and from which draws.
 *
 * @param pairs fresh batches; with {@code relative} the most there may be
 * @param probes fresh probes a batch; with {@code relative} it is chosen
 * @param relative the standard error to be reached, relative to the value, for every trace that is measured
 * @param seed of sampled labels and probes; batches have their own source
 * @param confidence of the intervals, between 0 and 1
 */
public record MeasurementSettings(int pairs, int probes, Optional<Double> relative, long seed, double confidence) {
    public MeasurementSettings {
        if (pairs < 2) {
            throw new Refusal("pairs is " + pairs + ": give at least 2.");
        }
        if (probes < 1) {
            throw new Refusal("probes is " + probes + ": give at least 1.");
        }
        relative.ifPresent(error -> {
            if (!(error > 0 && error < 1)) {
                throw new Refusal(
                        "the relative standard error to reach is " + error + ": give a number above 0 and below 1.");
            }
        });
        if (!(confidence > 0 && confidence < 1)) {
            throw new Refusal("confidence is " + confidence + ": give a number above 0 and below 1, such as 0.95.");
        }
    }

    /** As a study or a command asks. */
    public static MeasurementSettings of(EstimatorSpec requested, double confidence) {
        return new MeasurementSettings(
                requested.pairs(), requested.probes().orElse(1), requested.to(), requested.seed(), confidence);
    }

    /** So many pairs of one fresh batch and one fresh probe. */
    public MeasurementSettings(int pairs, long seed, double confidence) {
        this(pairs, 1, Optional.empty(), seed, confidence);
    }
}
