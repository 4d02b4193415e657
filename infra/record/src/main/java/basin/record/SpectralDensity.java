package basin.record;

import basin.study.Ranges;
import basin.study.Refusal;
import java.util.List;

/**
 * How many eigenvalues of data sets' mean Hessians lie in each bin of an axis.
 *
 * @param edges of the bins, ascending, nats; one more than bins. What lies beyond the outermost is counted in the outermost bin
 * @param counts eigenvalues in each bin, on average over data sets and start vectors; they add up to the number of parameters
 * @param standardErrors of the counts, over data sets and start vectors
 * @param trace the density's first moment: tr H
 * @param squares the density's second moment: ‖H‖² of a data set, in the Frobenius norm, nats²
 * @param steps of Lanczos's method behind it, at most: so many points a data set's density has
 */
public record SpectralDensity(
        List<Double> edges,
        List<Double> counts,
        List<Double> standardErrors,
        Measured trace,
        Measured squares,
        int steps) {
    public SpectralDensity {
        edges = List.copyOf(edges);
        counts = List.copyOf(counts);
        standardErrors = List.copyOf(standardErrors);
        if (edges.size() != counts.size() + 1 || counts.size() != standardErrors.size()) {
            throw new Refusal("A density has " + edges.size() + " edges, " + counts.size() + " counts and "
                    + standardErrors.size() + " errors: give one edge more than counts, and as many errors.");
        }
        edges.forEach(edge -> Ranges.finite("edges", edge));
        counts.forEach(count -> Ranges.notNegative("counts", count));
        standardErrors.forEach(error -> Ranges.notNegative("standardErrors", error));
        Ranges.atLeast(1, "steps", steps);
    }
}
