package basin.events.spec;

import static basin.events.spec.InvalidSpecException.identifier;
import static basin.events.spec.InvalidSpecException.within;

/**
 * A measurement of flatness.
 *
 * @param estimator the estimator's name, such as {@code paired}
 * @param pairs fresh batches, each paired with one fresh probe
 * @param batch sentences a batch
 * @param seed draws batches, labels and probes; the same for every checkpoint, so that differences between checkpoints are
 *     sharper than the values
 */
public record EstimatorSpec(String estimator, int pairs, int batch, long seed) {
    public EstimatorSpec {
        identifier("flatness.estimator", estimator);
        within(2, 1_000_000, "flatness.pairs", pairs);
        within(1, 65_536, "flatness.batch", batch);
    }
}
