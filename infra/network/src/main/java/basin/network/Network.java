package basin.network;

import ai.djl.ndarray.NDArray;
import basin.study.Objective;
import basin.study.Refusal;
import java.util.List;

/**
 * A language model as a function of one flat parameter vector θ, in float32 or float64 as the vector is; it can be differentiated twice. Tied
 * weights are there once. Implementations are stateless and thread-safe, each thread with arrays of its own.
 */
public interface Network {
    /** The tensors of θ, and how files spell them. */
    Layout layout();

    /** Number of tokens in the vocabulary. */
    int vocabulary();

    /** Length of the longest sequence, in tokens. */
    int maxLength();

    /** Whether a token's state depends on the tokens before it alone. */
    boolean causal();

    /** What such a network is trained to predict. */
    default Objective objective() {
        return causal() ? Objective.CAUSAL : Objective.MASKED;
    }

    /** The architecture's name in {@code config.json}. */
    String type();

    /**
     * Scores of every token at each predicted place, sequence by sequence.
     *
     * @param theta flat parameters, one-dimensional, {@link #parameterCount()} numbers
     * @return [predictions, vocabulary], in the dtype of theta
     * @throws Refusal in one sentence, where a sequence is too long or a token is not in the vocabulary
     */
    NDArray logits(NDArray theta, TokenBatch batch);

    /**
     * The final state of every token.
     *
     * @param theta as for {@link #logits}
     * @return [size, length, state width], in the dtype of theta; rows at padding are undefined
     * @throws Refusal as {@link #logits}
     */
    NDArray states(NDArray theta, TokenBatch batch);

    /**
     * The state that stands for each whole sequence where it is classified: the last token's of a causal network, else the first token's.
     *
     * @param theta as for {@link #logits}
     * @return [size, state width], in the dtype of theta
     * @throws Refusal as {@link #logits}
     */
    NDArray sentenceStates(NDArray theta, TokenBatch batch);

    /** Every tensor in the order of the flat vector, without gaps, under the name that {@code transformers} gives it. */
    default List<Parameter> parameters() {
        return layout().parameters();
    }

    /** Number of parameters, tied ones once. */
    default int parameterCount() {
        return layout().parameterCount();
    }
}
