package basin.lm.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.lm.engine.Torch;

/**
 * A network that is trained on sentences, as a function of one flat parameter vector, in float32 or float64 as the vector is; it can be
 * differentiated twice. Stateless; thread-safe, each thread with arrays of its own.
 */
public interface LanguageModel {
    /** The network's shape. */
    NetworkShape shape();

    /**
     * Sentences as they are trained on, each with what is to be predicted of it.
     *
     * @param sentences word ids from 0
     * @param positions a position of each sentence, from 0: the hidden one, where one is hidden
     */
    TokenBatch training(int[][] sentences, int[] positions);

    /** Sentences as they are, nothing hidden. */
    TokenBatch plain(int[][] sentences);

    /**
     * Scores of every token at each prediction of a {@linkplain #training training} batch, sentence by sentence.
     *
     * @return [predictions, vocabulary]
     */
    NDArray logits(NDArray theta, TokenBatch batch);

    /**
     * The final state of every token.
     *
     * @return [size, length, {@link NetworkShape#stateWidth}]; what stands at padding is without meaning
     */
    NDArray states(NDArray theta, TokenBatch batch);

    /**
     * The state that stands for each sentence of a {@linkplain #plain plain} batch where it is classified as a whole.
     *
     * @return [size, {@link NetworkShape#stateWidth}]
     */
    NDArray sentenceStates(NDArray theta, TokenBatch batch);

    /** The pre-training loss: the mean over sentences of the mean cross-entropy of a sentence's predictions, in nats. */
    default NDArray loss(NDArray theta, TokenBatch batch) {
        NDArray logits = logits(theta, batch);
        NDArray labels = labels(theta.getManager(), batch, theta.getDataType());
        return Torch.scaled(logits.logSoftmax(-1).mul(labels).sum(), -1.0 / batch.size());
    }

    /** The words to be predicted as rows of zeros and one number, each sentence's adding up to one: [predictions, vocabulary]. */
    default NDArray labels(NDManager manager, TokenBatch batch, DataType dtype) {
        int vocabulary = shape().vocabulary();
        double[] rows = new double[batch.predictions() * vocabulary];
        for (int k = 0; k < batch.predictions(); k++) {
            rows[k * vocabulary + EncoderShape.FIRST_WORD + batch.target(k)] =
                    1.0 / batch.predictionsOf(batch.sequenceOf(k));
        }
        return Torch.array(manager, rows, dtype, batch.predictions(), vocabulary);
    }
}
