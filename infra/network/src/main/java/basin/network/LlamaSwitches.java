package basin.network;

import java.util.Optional;

/**
 * The switches by which decoders of the Llama family differ. Immutable; thread-safe.
 *
 * @param normAfter whether the results of attention and feed-forward block are normalised before
 *     they are added to the states, and not what they read
 * @param queryNorm normalisation of queries and keys; empty if they have none
 * @param byHead whether that normalises each head, and not all heads together
 * @param queryBias whether queries, keys and values have biases
 * @param outBias whether the attention's last map has a bias
 * @param feedBias whether the maps of the feed-forward block have biases
 * @param clip largest absolute number of a query, key or value; 0 if there is no limit
 * @param scoreScale factor on the scores
 */
public record LlamaSwitches(
        boolean normAfter,
        Optional<Norm> queryNorm,
        boolean byHead,
        boolean queryBias,
        boolean outBias,
        boolean feedBias,
        double clip,
        double scoreScale) {}
