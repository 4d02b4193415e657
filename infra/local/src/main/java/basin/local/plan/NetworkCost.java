package basin.local.plan;

import basin.events.spec.Objective;
import basin.events.spec.SizeSpec;
import basin.lm.network.NetworkShape;

/**
 * Operations of a network on one sentence of the longest length: those of its products of matrices, beside which the others count for
 * little.
 *
 * @param forward of a forward pass, a multiplication and an addition being two
 */
record NetworkCost(double forward) {
    static NetworkCost of(NetworkShape shape, SizeSpec size, Objective objective) {
        double tokens = shape.longestSequence();
        double width = size.width();
        double ofLayer = 2 * tokens * (4 * width * width + 2 * width * size.intermediate());
        double attention = 4 * tokens * tokens * width;
        double words = 2 * width * shape.vocabulary();
        double head = objective == Objective.CAUSAL ? tokens * words : words + 2 * width * width;
        return new NetworkCost(size.layers() * (ofLayer + attention) + head);
    }

    /** Of one gradient: a backward pass has two products for each of a forward pass. */
    double gradient() {
        return 3 * forward;
    }
}
