package basin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.engine.Torch;

/** Differentiable cross-entropies in nats, as scalar arrays of the engine. Thread-safe. */
public final class CrossEntropy {
    private CrossEntropy() {}

    /**
     * Returns the mean over rows of −Σ_y targets·log p.
     *
     * @param logits [rows, classes]
     * @param targets [rows, classes], rows that sum to one
     */
    public static NDArray of(NDArray logits, NDArray targets) {
        return mean(logits, targets, logits.getShape().get(0));
    }

    /**
     * Returns the loss of a batch: the mean over sequences of the mean over a sequence's
     * predictions.
     *
     * @param logits [predictions, vocabulary]
     */
    public static NDArray of(NDArray logits, TokenBatch batch) {
        int vocabulary = Math.toIntExact(logits.getShape().get(1));
        return mean(logits, targets(logits.getManager(), batch, vocabulary, logits.getDataType()), batch.size());
    }

    private static NDArray mean(NDArray logits, NDArray targets, long size) {
        return Torch.scaled(logits.logSoftmax(-1).mul(targets).sum(), -1.0 / size);
    }

    /**
     * Returns the targets as rows over the vocabulary, [predictions, vocabulary]. The rows of each
     * sequence add up to one in total.
     */
    public static NDArray targets(NDManager manager, TokenBatch batch, int vocabulary, DataType dtype) {
        double[] rows = new double[batch.predictions() * vocabulary];
        for (int k = 0; k < batch.predictions(); k++) {
            double share = 1.0 / batch.predictionsOf(batch.sequenceOf(k));
            double[] target = batch.targetOf(k);
            int from = k * vocabulary + batch.firstTargetOf(k);
            for (int i = 0; i < target.length; i++) {
                rows[from + i] = share * target[i];
            }
        }
        return Torch.array(manager, rows, dtype, batch.predictions(), vocabulary);
    }
}
