package basin.flatness.estimator;

import basin.network.TokenBatch;

/**
 * Numbered batches, the same for every checkpoint that is measured (common random numbers): differences between checkpoints
 * are then sharper than the values themselves. Thread-safe.
 */
@FunctionalInterface
public interface BatchSource {
    /** The batch of a pair, from 0: always the same for the same number, and independent between numbers. */
    TokenBatch batch(int pair);
}
