package basin.flatness.estimator;

/**
 * Numbered batches, the same for every checkpoint that is measured (common random numbers): differences between checkpoints
 * are then sharper than the values themselves. Thread-safe.
 *
 * @param <B> the kind of batch
 */
@FunctionalInterface
public interface BatchSource<B extends Batch<B>> {
    /** The batch of a pair, from 0: always the same for the same number, and independent between numbers. */
    B batch(int pair);
}
