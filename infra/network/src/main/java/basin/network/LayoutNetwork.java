package basin.network;

import ai.djl.ndarray.NDArray;
import basin.network.engine.Torch;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A network that is written once, as operations of a {@link ForwardPass}: training, probing and per-sample gradients follow from them. A
 * subclass lays out its tensors in its constructor.
 */
abstract class LayoutNetwork implements Network, PerSampleGradients {
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
    LayoutNetwork(String type, boolean causal, int vocabulary, int maxLength) {
        this.type = type;
        this.causal = causal;
        this.vocabulary = vocabulary;
        this.maxLength = maxLength;
    }

    @Override
    public final Layout layout() {
        return layout;
    }

    @Override
    public final String type() {
        return type;
    }

    @Override
    public final boolean causal() {
        return causal;
    }

    @Override
    public final int vocabulary() {
        return vocabulary;
    }

    @Override
    public final int maxLength() {
        return maxLength;
    }

    /** The final state of every token: [size, length, state width]. */
    abstract NDArray states(ForwardPass pass);

    /** The final state at each predicted place: [predictions, state width]. To be overridden where that takes less than all states. */
    NDArray predictedStates(ForwardPass pass) {
        return pass.predicted(states(pass));
    }

    /** Scores from states: [predictions, state width] to [predictions, vocabulary]. */
    abstract NDArray head(ForwardPass pass, NDArray states);

    @Override
    public final NDArray logits(NDArray theta, TokenBatch batch) {
        return logits(theta, batch, null);
    }

    private NDArray logits(NDArray theta, TokenBatch batch, @Nullable PerSampleGradientHooks hooks) {
        ForwardPass pass = new ForwardPass(this, theta, batch, hooks);
        return head(pass, predictedStates(pass));
    }

    @Override
    public final NDArray states(NDArray theta, TokenBatch batch) {
        return states(new ForwardPass(this, theta, batch, null));
    }

    @Override
    public NDArray sentenceStates(NDArray theta, TokenBatch batch) {
        int[] sequences = IntStream.range(0, batch.size()).toArray();
        int[] places = IntStream.of(sequences)
                .map(i -> causal() ? batch.lengthOf(i) - 1 : 0)
                .toArray();
        return statesAt(theta, batch, sequences, places);
    }

    /** The final states at chosen places: [places, state width]. */
    final NDArray statesAt(NDArray theta, TokenBatch batch, int[] sequences, int[] places) {
        return predictedStates(new ForwardPass(this, theta, batch.predictingAt(sequences, places), null));
    }

    @Override
    public final double[] squaredNorms(NDArray theta, TokenBatch batch, UnaryOperator<NDArray> targets) {
        return hooked(theta, batch, targets, PerSampleGradientHooks::squaredNorms);
    }

    @Override
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
