package basin.network;

import ai.djl.ndarray.NDArray;
import basin.network.engine.Torch;
import basin.study.Objective;
import basin.study.Refusal;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A language model as a twice differentiable function of one flat parameter vector θ, in the dtype
 * of the vector, float32 or float64. Tied weights occur once. A subclass lays out its tensors in
 * its constructor and is written once, as operations of a {@link ForwardPass}, from which training,
 * measurements and per-sample gradients follow. Stateless and thread-safe, if each thread has its
 * own arrays.
 */
public abstract class Network {
    private final Layout layout = new Layout();
    private final String type;
    private final boolean causal;
    private final int vocabulary;
    private final int maxLength;

    /**
     * Creates a network whose constructor lays out its tensors.
     *
     * @param type model type in {@code config.json}
     * @param causal whether a token sees only those before it
     */
    Network(String type, boolean causal, int vocabulary, int maxLength) {
        this.type = type;
        this.causal = causal;
        this.vocabulary = vocabulary;
        this.maxLength = maxLength;
    }

    /** Returns the tensors of θ, with their names in files. */
    public final Layout layout() {
        return layout;
    }

    /** Returns the number of tokens in the vocabulary. */
    public final int vocabulary() {
        return vocabulary;
    }

    /** Returns the length of the longest sequence, in tokens. */
    public final int maxLength() {
        return maxLength;
    }

    /** Returns whether a token's state depends only on that token and those before it. */
    public final boolean causal() {
        return causal;
    }

    /** Returns the usual training objective of such a network. */
    public final Objective objective() {
        return causal ? Objective.CAUSAL : Objective.MASKED;
    }

    /** Returns the model type in {@code config.json}. */
    public final String type() {
        return type;
    }

    /**
     * Returns every tensor in the order of the flat vector, without gaps, with its name in {@code
     * transformers}.
     */
    public final List<Parameter> parameters() {
        return layout.parameters();
    }

    /** Returns the number of parameters, counting tied ones once. */
    public final int parameterCount() {
        return layout.parameterCount();
    }

    /** Returns the final state of every token: [size, length, state width]. */
    abstract NDArray states(ForwardPass pass);

    /**
     * Returns the final state at each predicted place: [predictions, state width]. A subclass
     * overrides it if it can compute fewer states.
     */
    NDArray predictedStates(ForwardPass pass) {
        return pass.predicted(states(pass));
    }

    /** Maps states to logits: [predictions, state width] to [predictions, vocabulary]. */
    abstract NDArray head(ForwardPass pass, NDArray states);

    /**
     * Returns the logits at each predicted place, sequence by sequence.
     *
     * @param theta flat parameters, one-dimensional, {@link #parameterCount()} numbers
     * @return [predictions, vocabulary], in the dtype of theta
     * @throws Refusal if a sequence is too long or a token is not in the vocabulary
     */
    public final NDArray logits(NDArray theta, TokenBatch batch) {
        return logits(theta, batch, null);
    }

    private NDArray logits(NDArray theta, TokenBatch batch, @Nullable PerSampleGradientHooks hooks) {
        ForwardPass pass = new ForwardPass(this, theta, batch, hooks);
        return head(pass, predictedStates(pass));
    }

    /**
     * Returns the final state of every token.
     *
     * @param theta as for {@link #logits}
     * @return [size, length, state width], in the dtype of theta; rows at padding are undefined
     * @throws Refusal as {@link #logits}
     */
    public final NDArray states(NDArray theta, TokenBatch batch) {
        return states(new ForwardPass(this, theta, batch, null));
    }

    /**
     * Returns the state that represents each sequence in classification: the last token's in a
     * causal network, otherwise the first token's.
     *
     * @param theta as for {@link #logits}
     * @return [size, state width], in the dtype of theta
     * @throws Refusal as {@link #logits}
     */
    public NDArray sentenceStates(NDArray theta, TokenBatch batch) {
        int[] sequences = IntStream.range(0, batch.size()).toArray();
        int[] places = IntStream.of(sequences)
                .map(i -> causal ? batch.lengthOf(i) - 1 : 0)
                .toArray();
        return statesAt(theta, batch, sequences, places);
    }

    /** Returns the final states at chosen places: [places, state width]. */
    final NDArray statesAt(NDArray theta, TokenBatch batch, int[] sequences, int[] places) {
        return predictedStates(new ForwardPass(this, theta, batch.predictingAt(sequences, places), null));
    }

    /**
     * Returns ‖∇_θ L_i‖² of every sample, from a single backward pass. The loss of sample i is L_i
     * = −Σ_k Σ_y targets[k][y]·log p_k(y) in nats, over its predictions k. Targets may depend on
     * the logits, such as labels drawn from the model's own prediction. Their rows need not sum to
     * one.
     *
     * @param theta flat parameters, float32 or float64
     * @param targets function from logits to targets, both [predictions, vocabulary]; called once,
     *     without recording
     * @return one per sequence, in order
     */
    public final double[] squaredNorms(NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets) {
        return hooked(theta, batch, targets, PerSampleGradientHooks::squaredNorms);
    }

    /**
     * Returns {@link #squaredNorms} by tensor, counting a table that is used twice as one tensor.
     * Over all tensors they add up to those of the whole gradient.
     *
     * @return tensors in the order of {@link #parameters()} × sequences
     */
    public final double[][] squaredNormsOfTensors(NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets) {
        return hooked(theta, batch, targets, hooks -> hooks.squaredNormsOf(layout.parameters()));
    }

    private <T> T hooked(
            NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets, Function<PerSampleGradientHooks, T> read) {
        return Torch.recording(() -> {
            PerSampleGradientHooks hooks = new PerSampleGradientHooks(batch);
            NDArray logits = logits(theta, batch, hooks);
            NDArray chosen = Torch.unrecorded(() -> targets.apply(logits));
            hooks.backward(logits.logSoftmax(-1).mul(chosen).sum().neg());
            return read.apply(hooks);
        });
    }
}
