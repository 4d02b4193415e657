package basin.aggregator.analysis;

import basin.aggregator.statistics.PairedMean;
import java.util.Optional;

/**
 * The effect of longer training or of a larger network on one measure, averaged over pairs.
 * Immutable.
 *
 * @param factor duration or size
 * @param of subject of the comparison: an arm of the study, or a size
 * @param reference what it is compared with: the run's own first checkpoint at the level, or the
 *     reference size
 * @param level loss in nats; absent if last checkpoints are compared
 * @param measure a flatness quantity (difference of ln), {@code excess}, {@code accuracy} or
 *     {@code steps}
 * @param task task of an accuracy, otherwise empty
 * @param protocol protocol of an accuracy, otherwise empty
 * @param estimator estimator of a trace of embedded networks, otherwise empty
 * @param unit unit of the difference
 * @param mean mean over pairs; absent if there is no pair
 * @param possible number of declared pairs
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

    /** A factor of the study's design. */
    public enum Factor {
        /**
         * A run's last checkpoint compared with its own first checkpoint at the level: the effect
         * of training beyond convergence.
         */
        DURATION,
        /** A run compared with the run of the first size with the same arm and seed. */
        SIZE
    }
}
