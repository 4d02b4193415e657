package basin.flatness.estimator;

/**
 * A named tensor of a network, as a range of θ. Immutable.
 *
 * @param name as in the network's state dict
 * @param from its first entry
 * @param to after its last entry
 */
public record Block(String name, int from, int to) {
    public Block {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "Block " + name + " goes from " + from + " to " + to + ": give a range that is not empty.");
        }
    }

    /** Entries. */
    public int size() {
        return to - from;
    }

    /** Σ w² of its entries. */
    double squaredNorm(double[] theta) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += theta[i] * theta[i];
        }
        return sum;
    }
}
