package basin.lm.model;

import ai.djl.ndarray.NDArray;
import basin.lm.network.LanguageModel;
import basin.lm.network.TokenBatch;

/** A language model that is a function of any sequences of its tokens, with any places in them. Stateless; thread-safe. */
public abstract class SequenceModel implements LanguageModel {
    private final Network network;

    SequenceModel(Network network) {
        this.network = network;
    }

    /** The function of sequences. */
    public final Network network() {
        return network;
    }

    @Override
    public final NDArray logits(NDArray theta, TokenBatch batch) {
        return network.logits(theta, PlacedTokens.of(batch));
    }

    @Override
    public final NDArray states(NDArray theta, TokenBatch batch) {
        return network.states(theta, PlacedTokens.of(batch));
    }
}
