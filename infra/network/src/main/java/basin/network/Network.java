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
 * A language model as a function of one flat parameter vector θ, in float32 or float64 as the vector is; it can be differentiated twice. Tied
 * weights occur once. A subclass lays out its tensors in its constructor and is written once, as operations of a {@link ForwardPass}:
 * training, probing and per-sample gradients follow from them. Stateless and thread-safe, each thread with arrays of its own.
 */
public abstract class Network {
    private final Layout layout = new Layout();
    private final String type;
    private final boolean causal;
    private final int vocabulary;
    private final int maxLength;

    /**
     * A network whose tensors its constructor lays out.
     *
     * @param type its name in {@code config.json}
     * @param causal whether a token sees only those before it
     */
    Network(String type, boolean causal, int vocabulary, int maxLength) {
        this.type = type;
        this.causal = causal;
        this.vocabulary = vocabulary;
        this.maxLength = maxLength;
    }

    /** The tensors of θ, and how files spell them. */
    public final Layout layout() {
        return layout;
    }

    /** Number of tokens in the vocabulary. */
    public final int vocabulary() {
        return vocabulary;
    }

    /** Length of the longest sequence, in tokens. */
    public final int maxLength() {
        return maxLength;
    }

    /** Whether a token's state depends on the tokens before it alone. */
    public final boolean causal() {
        return causal;
    }

    /** What such a network is trained to predict. */
    public final Objective objective() {
        return causal ? Objective.CAUSAL : Objective.MASKED;
    }

    /** The architecture's name in {@code config.json}. */
    public final String type() {
        return type;
    }

    /** Every tensor in the order of the flat vector, without gaps, under the name that {@code transformers} gives it. */
    public final List<Parameter> parameters() {
        return layout.parameters();
    }

    /** Number of parameters, tied ones once. */
    public final int parameterCount() {
        return layout.parameterCount();
    }

    /** The final state of every token: [size, length, state width]. */
    abstract NDArray states(ForwardPass pass);

    /** The final state at each predicted place: [predictions, state width]. To be overridden where that takes less than all states. */
    NDArray predictedStates(ForwardPass pass) {
        return pass.predicted(states(pass));
    }

    /** Scores from states: [predictions, state width] to [predictions, vocabulary]. */
    abstract NDArray head(ForwardPass pass, NDArray states);

    /**
     * Scores of every token at each predicted place, sequence by sequence.
     *
     * @param theta flat parameters, one-dimensional, {@link #parameterCount()} numbers
     * @return [predictions, vocabulary], in the dtype of theta
     * @throws Refusal in one sentence, where a sequence is too long or a token is not in the vocabulary
     */
    public final NDArray logits(NDArray theta, TokenBatch batch) {
        return logits(theta, batch, null);
    }

    private NDArray logits(NDArray theta, TokenBatch batch, @Nullable PerSampleGradientHooks hooks) {
        ForwardPass pass = new ForwardPass(this, theta, batch, hooks);
        return head(pass, predictedStates(pass));
    }

    /**
     * The final state of every token.
     *
     * @param theta as for {@link #logits}
     * @return [size, length, state width], in the dtype of theta; rows at padding are undefined
     * @throws Refusal as {@link #logits}
     */
    public final NDArray states(NDArray theta, TokenBatch batch) {
        return states(new ForwardPass(this, theta, batch, null));
    }

    /**
     * The state that stands for each whole sequence where it is classified: the last token's of a causal network, else the first token's.
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

    /** The final states at chosen places: [places, state width]. */
    final NDArray statesAt(NDArray theta, TokenBatch batch, int[] sequences, int[] places) {
        return predictedStates(new ForwardPass(this, theta, batch.predictingAt(sequences, places), null));
    }

    /**
     * ‖∇_θ L_i‖² of every sample, all from one backward pass. The loss of sample i is L_i = −Σ_k Σ_y targets[k][y]·log p_k(y) in nats, over
     * its predictions k. Targets are chosen in the light of the scores, such as labels drawn from the model's own prediction; their rows need
     * not sum to one.
     *
     * @param theta flat parameters, float32 or float64
     * @param targets from scores to targets, both [predictions, vocabulary]; called once, unrecorded
     * @return one a sequence, in order
     */
    public final double[] squaredNorms(NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets) {
        return hooked(theta, batch, targets, PerSampleGradientHooks::squaredNorms);
    }

    /**
     * {@link #squaredNorms} tensor by tensor, a table that is used twice as one: over all tensors they add up to those of the whole gradient.
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
