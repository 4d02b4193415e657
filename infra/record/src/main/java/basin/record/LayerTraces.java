package basin.record;

import basin.study.Ranges;

/**
 * A named tensor's share of a network's traces, in nats a predicted token: the sums of the diagonals over its own entries.
 *
 * @param name as in Hugging Face's state dict of the same layout; a table that is used twice is one tensor
 * @param parameters its entries
 * @param squaredNorm Σ w² of its entries, exact
 * @param fisher its share of tr F, labels drawn from the model
 * @param hessian its share of tr H
 * @param adaptive its share of tr(|θ| H |θ|)
 */
public record LayerTraces(
        String name, int parameters, double squaredNorm, Measured fisher, Measured hessian, Measured adaptive) {
    public LayerTraces {
        Ranges.id("name", name);
        Ranges.atLeast(1, "parameters", parameters);
        Ranges.notNegative("squaredNorm", squaredNorm);
    }
}
