package basin.flatness.estimator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.hipparchus.util.FastMath;

/**
 * The common axis of all spectral densities: symmetric about zero, with logarithmic steps on either
 * side and one bin about zero for values indistinguishable from it. Fixed, so that densities of
 * different checkpoints and studies can be overlaid.
 */
final class SpectralAxis {
    /**
     * The bin about zero extends to ±10⁻³ nats. Closer to zero, the nodes of a run of some tens of
     * steps do not resolve eigenvalues.
     */
    private static final int MIN_DECADE = -3;
    /** The outermost edges are at ±10⁴ nats. */
    private static final int MAX_DECADE = 4;

    private static final int BINS_PER_DECADE = 4;
    private static final List<Double> EDGES = edges();

    private SpectralAxis() {}

    private static List<Double> edges() {
        List<Double> positive = new ArrayList<>();
        for (int step = MIN_DECADE * BINS_PER_DECADE; step <= MAX_DECADE * BINS_PER_DECADE; step++) {
            // Rounded to four digits, so that the edge reads the same everywhere.
            positive.add(Double.parseDouble(
                    String.format(Locale.ROOT, "%.3e", FastMath.pow(10, (double) step / BINS_PER_DECADE))));
        }
        List<Double> edges =
                new ArrayList<>(positive.reversed().stream().map(edge -> -edge).toList());
        edges.addAll(positive);
        return List.copyOf(edges);
    }

    /** Returns the edges in ascending order, in nats; one more than there are bins. */
    static List<Double> ofEdges() {
        return EDGES;
    }

    /** Returns the number of bins. */
    static int bins() {
        return EDGES.size() - 1;
    }

    /**
     * Returns the bin of a value. A bin includes its lower edge; values beyond the outermost edges
     * belong to the outermost bins.
     */
    static int bin(double value) {
        int bin = 0;
        while (bin < bins() - 1 && value >= EDGES.get(bin + 1)) {
            bin++;
        }
        return bin;
    }
}
