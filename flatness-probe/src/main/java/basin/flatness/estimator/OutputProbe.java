package basin.flatness.estimator;

/**
 * A vector in place of the label at each prediction of a batch, chosen to give squared gradients a
 * required mean. For a row r over all scores, the gradient of −Σ_y r(y) log p(y) is J'(p·Σr − r). A
 * one-hot row at a drawn label gives a sampled label's gradient. The row r = √p∘u with independent
 * signs u gives a gradient whose square has the same mean, without the rare draws of a label.
 * Thread-safe.
 */
@FunctionalInterface
public interface OutputProbe {
    /**
     * Fills a row. The result depends only on the prediction, not on the part of a batch in which
     * it lies.
     *
     * @param example index of the example in the batch, from 0
     * @param place index of the prediction in the example, from 0
     * @param prediction the model's probabilities; not to be modified
     * @param target the example's target distribution over words, as stored in the batch; not to be
     *     modified
     * @param row zeros on entry, as long as {@code prediction}
     */
    void fill(int example, int place, double[] prediction, double[] target, double[] row);
}
