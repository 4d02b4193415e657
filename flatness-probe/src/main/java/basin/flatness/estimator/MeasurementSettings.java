package basin.flatness.estimator;

import basin.study.EstimatorSpec;
import basin.study.Refusal;
import java.util.Optional;

/**
 * The size of a measurement and the seed of its draws.
 *
 * @param pairs number of fresh batches; with {@code relative}, the maximum
 * @param probes number of fresh probes per batch; with {@code relative}, chosen automatically
 * @param relative target standard error, relative to the value, for every trace measured
 * @param seed seed of sampled labels and probes; batches have their own source
 * @param confidence confidence level of the intervals, between 0 and 1
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

    /** Returns the settings of a study's or command's request. */
    public static MeasurementSettings of(EstimatorSpec requested, double confidence) {
        return new MeasurementSettings(
                requested.pairs(), requested.probes().orElse(1), requested.to(), requested.seed(), confidence);
    }

    /**
     * Creates settings for the given number of pairs, each of one fresh batch and one fresh probe.
     */
    public MeasurementSettings(int pairs, long seed, double confidence) {
        this(pairs, 1, Optional.empty(), seed, confidence);
    }
}
