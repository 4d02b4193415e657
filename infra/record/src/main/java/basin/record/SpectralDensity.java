package basin.record;

import basin.study.Ranges;
import basin.study.Refusal;
import java.util.List;

/**
 * The number of eigenvalues of data sets' mean Hessians in each bin of an axis.
 *
 * @param edges edges of the bins, ascending, in nats; one more than bins; eigenvalues beyond the
 *     outermost edge count in the outermost bin
 * @param counts eigenvalues in each bin, averaged over data sets and start vectors; they add up to
 *     the number of parameters
 * @param standardErrors standard errors of the counts, over data sets and start vectors
 * @param trace the density's first moment: tr H
 * @param squares the density's second moment: ‖H‖² of a data set, in the Frobenius norm, in nats²
 * @param steps largest number of Lanczos steps, and so of points in a data set's density
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
