package basin.flatness.estimator;

import basin.network.TokenBatch;

/**
 * A numbered sequence of batches, the same for every checkpoint measured (common random numbers),
 * so differences between checkpoints are more precise than the values themselves. Thread-safe.
 */
@FunctionalInterface
public interface BatchSource {
    /**
     * Returns a pair's batch. The same number always yields the same batch; batches of different
     * numbers are independent.
     *
     * @param pair number of the pair, from 0
     */
    TokenBatch batch(int pair);
}
