package basin.cli.plan;

import basin.network.DecoderShape;
import basin.network.EncoderShape;
import basin.network.NetworkShape;
import basin.network.RecurrentShape;

/**
 * Floating-point operations of a network on one sentence of maximum length, with one masked
 * position or all words predicted. Only matrix products are counted, because the other operations
 * are few in comparison.
 *
 * @param forward operations of a forward pass; a multiplication and an addition are two
 */
record NetworkCost(double forward) {
    static NetworkCost of(NetworkShape shape) {
        return switch (shape) {
            case EncoderShape own ->
                transformer(own, own.width(), own.layers(), own.intermediate(), own.width() + own.vocabulary());
            case DecoderShape own ->
                transformer(
                        own,
                        own.width(),
                        own.layers(),
                        own.intermediate(),
                        (double) own.maxLength() * own.vocabulary());
            case RecurrentShape own -> recurrent(own);
            default -> throw new IllegalArgumentException("Say what a pass of " + shape + " costs.");
        };
    }

    /**
     * Returns the cost of a transformer.
     *
     * @param heads total number of output columns that the last hidden states are multiplied by,
     *     over all predicted positions
     */
    private static NetworkCost transformer(
            NetworkShape shape, double width, int layers, double intermediate, double heads) {
        double tokens = shape.longestSequence();
        double ofLayer = 2 * tokens * (4 * width * width + 2 * width * intermediate);
        double attention = 4 * tokens * tokens * width;
        return new NetworkCost(layers * (ofLayer + attention) + 2 * width * heads);
    }

    private static NetworkCost recurrent(RecurrentShape shape) {
        double width = shape.width();
        // Each layer has two directions with four gates each. The first layer reads the embedding,
        // the others read both directions of the layer below.
        double read = width + (shape.layers() - 1) * 2 * width + shape.layers() * width;
        double steps = 2 * shape.longestSequence() * 2 * 4 * width * read;
        return new NetworkCost(steps + 2 * width * (2 * width + shape.vocabulary()));
    }

    /**
     * Returns the operations of one gradient: the backward pass has two matrix products for each of
     * the forward pass.
     */
    double gradient() {
        return 3 * forward;
    }
}
