package basin.network;

import ai.djl.ndarray.NDArray;
import basin.study.Objective;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network that reads sentences of words. Its shape defines the tokens of a sentence, and its
 * objective defines which words are predicted. Immutable; thread-safe.
 *
 * @param shape tokens of sentences and layout of the weights
 * @param network function of the weights
 * @param objective pre-training objective
 */
public record LanguageModel(NetworkShape shape, Network network, Objective objective) {
    /** Returns a network of a shape with an objective. */
    public static LanguageModel of(NetworkShape shape, Objective objective) {
        return new LanguageModel(shape, shape.network(), objective);
    }

    /**
     * Returns a network of a shape with its usual objective: every next word if it is causal,
     * otherwise a masked word.
     */
    public static LanguageModel of(NetworkShape shape) {
        Network network = shape.network();
        return new LanguageModel(shape, network, network.objective());
    }

    /**
     * Returns a network that was read from a folder as a model of sentences of words; empty if its
     * shape is none of Basin's own.
     *
     * @param vocabularySize different words of the language
     */
    public static Optional<LanguageModel> reading(Network network, int vocabularySize) {
        if (!(network instanceof TransformerNetwork published) || network.maxLength() < 2) {
            return Optional.empty();
        }
        TransformerShape of = published.shape();
        int maxLength = of.maxLength() - 1;
        Stream<NetworkShape> decoders = Stream.of(false, true)
                .map(length -> new DecoderShape(
                        vocabularySize, maxLength, of.width(), of.layers(), of.heads(), of.intermediate(), length));
        return Stream.concat(
                        Stream.of(new EncoderShape(
                                vocabularySize, maxLength, of.width(), of.layers(), of.heads(), of.intermediate())),
                        decoders)
                .filter(own -> published.isMadeLike(own.network()))
                .findFirst()
                .map(own -> new LanguageModel(own, network, network.objective()));
    }

    /**
     * Returns training sentences with their prediction targets.
     *
     * @param sentences word ids from 0
     * @param positions a position of each sentence, from 0; for a masked objective, that of the
     *     hidden word
     */
    public TokenBatch training(int[][] sentences, int[] positions) {
        return TokenBatch.predicting(objective, sentences, positions, shape::firstToken);
    }

    /**
     * Returns a description of the prediction targets in a language whose distributions are known.
     */
    public String exactTargets() {
        return objective.masks() ? "with exact conditionals" : "all next words of a sentence, with exact distributions";
    }

    /** Returns sentences without masks. */
    public TokenBatch plain(int[][] sentences) {
        return TokenBatch.plain(sentences, shape::firstToken);
    }

    /**
     * Returns the pre-training loss: the mean over sequences of the mean cross-entropy of a
     * sequence's predictions, in nats.
     */
    public NDArray loss(NDArray theta, TokenBatch batch) {
        return CrossEntropy.of(network.logits(theta, batch), batch);
    }
}
