package basin.flatness.estimator;

/**
 * Examples whose losses a batch's loss is the mean of: what an estimator knows of them. Immutable.
 *
 * @param <B> the kind of batch itself
 */
public interface Batch<B extends Batch<B>> {
    /** Examples, at least one. */
    int size();

    /** Examples {@code from} up to, not including, {@code to}. */
    B part(int from, int to);

    /** The examples of those numbers, in that order; a number may stand there more than once. */
    B only(int... examples);
}
