package basin.record;

import basin.study.Ranges;

/**
 * A named tensor's share of a network's traces, in nats per predicted token: the sums of the
 * diagonals over its entries.
 *
 * @param name name in Hugging Face's state dict of the same layout; a table that is used twice is
 *     one tensor
 * @param parameters number of entries
 * @param squaredNorm Σ w² of its entries, exact, without a unit
 * @param fisher share of tr F, with labels drawn from the model
 * @param hessian share of tr H
 * @param adaptive share of tr(|θ| H |θ|)
 */
public record LayerTraces(
        String name, int parameters, double squaredNorm, Measured fisher, Measured hessian, Measured adaptive) {
    public LayerTraces {
        Ranges.id("name", name);
        Ranges.atLeast(1, "parameters", parameters);
        Ranges.notNegative("squaredNorm", squaredNorm);
    }
}
