package basin.aggregator.analysis;

import basin.aggregator.statistics.PairedMean;
import java.util.Optional;

/**
 * What training longer, or a larger network, does to one number, pair by pair. Immutable.
 *
 * @param factor duration or size
 * @param of whose number: an arm of the study, or a size
 * @param reference what it is less: the run's own first checkpoint at the level, or the size
 * @param level loss, nats; absent where last checkpoints are compared
 * @param measure a flatness quantity (difference of ln), {@code excess}, {@code accuracy} or {@code steps}
 * @param task of an accuracy; else empty
 * @param protocol of an accuracy; else empty
 * @param estimator of a trace of embedded networks; else empty
 * @param unit of the difference
 * @param mean over pairs; absent where there is no pair
 * @param possible pairs that were declared
 */
public record FactorEffect(
        Factor factor,
        String of,
        String reference,
        Optional<Double> level,
        String measure,
        String task,
        String protocol,
        String estimator,
        String unit,
        Optional<PairedMean> mean,
        int possible) {

    /** What is turned. */
    public enum Factor {
        /** A run's last checkpoint beside its own first one at the level: what training on after convergence does. */
        DURATION,
        /** A run beside the run of the first size that is alike in arm and seed. */
        SIZE
    }
}
