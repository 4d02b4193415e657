package basin.network;

import ai.djl.ndarray.NDArray;
import basin.study.Objective;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network that reads sentences of words: its shape says how a sentence becomes tokens, its objective which words are predicted.
 * Immutable; thread-safe.
 *
 * @param shape how sentences are read and weights are laid out
 * @param network the function of the weights
 * @param objective what is predicted of a sentence in training
 */
public record LanguageModel(NetworkShape shape, Network network, Objective objective) {
    /** Returns a network of a shape with an objective. */
    public static LanguageModel of(NetworkShape shape, Objective objective) {
        return new LanguageModel(shape, shape.network(), objective);
    }

    /** Returns a network of a shape with its usual objective: every next word where it is causal, else a masked one. */
    public static LanguageModel of(NetworkShape shape) {
        Network network = shape.network();
        return new LanguageModel(shape, network, network.objective());
    }

    /**
     * A network that was read from a folder as a model that reads sentences of so many words, where it is made like one of our own.
     *
     * @param vocabularySize different words of the language
     */
    public static Optional<LanguageModel> reading(Network network, int vocabularySize) {
        if (!(network instanceof TransformerNetwork published) || network.maxLength() < 2) {
            return Optional.empty();
        }
        TransformerShape of = published.shape();
        int maxLength = of.maxLength() - 1;
        return Stream.of(
                        new EncoderShape(
                                vocabularySize, maxLength, of.width(), of.layers(), of.heads(), of.intermediate()),
                        new DecoderShape(
                                vocabularySize,
                                maxLength,
                                of.width(),
                                of.layers(),
                                of.heads(),
                                of.intermediate(),
                                false),
                        new DecoderShape(
                                vocabularySize,
                                maxLength,
                                of.width(),
                                of.layers(),
                                of.heads(),
                                of.intermediate(),
                                true))
                .filter(own -> published.isMadeLike(own.network()))
                .findFirst()
                .map(own -> new LanguageModel(own, network, network.objective()));
    }

    /**
     * Sentences as they are trained on, each with what is to be predicted of it.
     *
     * @param sentences word ids from 0
     * @param positions a position of each sentence, from 0: the hidden one, where one is hidden
     */
    public TokenBatch training(int[][] sentences, int[] positions) {
        return TokenBatch.predicting(objective, sentences, positions, shape::firstToken);
    }

    /** In words: what is predicted of a language whose distributions are known. */
    public String exactTargets() {
        return objective.masks() ? "with exact conditionals" : "all next words of a sentence, with exact distributions";
    }

    /** Sentences as they are, nothing hidden. */
    public TokenBatch plain(int[][] sentences) {
        return TokenBatch.plain(sentences, shape::firstToken);
    }

    /** The pre-training loss: the mean over sentences of the mean cross-entropy of a sentence's predictions, in nats. */
    public NDArray loss(NDArray theta, TokenBatch batch) {
        return CrossEntropy.of(network.logits(theta, batch), batch);
    }
}
