package basin.local.plan;

import basin.lm.network.EncoderShape;

/**
 * Operations of a transformer on one sentence of the longest length with one masked place: those of its products of matrices, beside
 * which the others count for little.
 *
 * @param forward of a forward pass, a multiplication and an addition being two
 */
record NetworkCost(double forward) {
    static NetworkCost of(EncoderShape shape) {
        double tokens = shape.longestSequence();
        double width = shape.width();
        double ofLayer = 2 * tokens * (4 * width * width + 2 * width * shape.intermediate());
        double attention = 4 * tokens * tokens * width;
        double head = 2 * width * (width + shape.vocabulary());
        return new NetworkCost(shape.layers() * (ofLayer + attention) + head);
    }

    /** Of one gradient: a backward pass has two products for each of a forward pass. */
    double gradient() {
        return 3 * forward;
    }
}
