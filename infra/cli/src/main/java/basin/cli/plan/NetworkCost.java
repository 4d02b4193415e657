package basin.cli.plan;

import basin.network.DecoderShape;
import basin.network.EncoderShape;
import basin.network.NetworkShape;
import basin.network.RecurrentShape;

/**
 * Operations of a network on one sentence of the longest length with one masked place, or all words predicted: those of its products of matrices, beside
 * which the others count for little.
 *
 * @param forward of a forward pass, a multiplication and an addition being two
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

    /** @param heads columns that the last states are multiplied by, over all places that are predicted */
    private static NetworkCost transformer(
            NetworkShape shape, double width, int layers, double intermediate, double heads) {
        double tokens = shape.longestSequence();
        double ofLayer = 2 * tokens * (4 * width * width + 2 * width * intermediate);
        double attention = 4 * tokens * tokens * width;
        return new NetworkCost(layers * (ofLayer + attention) + 2 * width * heads);
    }

    private static NetworkCost recurrent(RecurrentShape shape) {
        double width = shape.width();
        // Of each layer two directions with four gates each; the first reads the embedding, the others both directions
        // below.
        double read = width + (shape.layers() - 1) * 2 * width + shape.layers() * width;
        double steps = 2 * shape.longestSequence() * 2 * 4 * width * read;
        return new NetworkCost(steps + 2 * width * (2 * width + shape.vocabulary()));
    }

    /** Of one gradient: a backward pass has two products for each of a forward pass. */
    double gradient() {
        return 3 * forward;
    }
}
