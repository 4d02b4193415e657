package basin.flatness.estimator;

/**
 * What stands in a label's place at each prediction of a batch, so that squared gradients have a wanted mean. For a row r over all
 * scores, the gradient of −Σ_y r(y) log p(y) is J'(p·Σr − r): a row of zeros and a one at a drawn label gives a sampled label's
 * gradient, and r = √p∘u with independent signs u one whose square has the same mean without the rare draws of a label. Thread-safe.
 */
@FunctionalInterface
public interface OutputProbe {
    /**
     * Fills a row: always the same for the same prediction, whichever part of a batch it lies in.
     *
     * @param example of the batch, from 0
     * @param place of the example's predictions, from 0
     * @param prediction the model's probabilities; not to be changed
     * @param target the example's target distribution over words, as the batch holds it; not to be changed
     * @param row zeros, as many as predictions
     */
    void fill(int example, int place, double[] prediction, double[] target, double[] row);
}
