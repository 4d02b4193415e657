package basin.flatness.estimator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.hipparchus.util.FastMath;

/**
 * The one axis of all spectral densities: symmetric about zero, equal steps of the logarithm on either side, and a bin about zero for what is
 * too small to be told from it. Fixed, so that densities of different checkpoints and studies can be laid upon each other.
 */
final class SpectralAxis {
    /** The bin about zero reaches to ±10⁻³ nats: nearer the points of a run of some tens of steps do not tell eigenvalues apart. */
    private static final int MIN_DECADE = -3;
    /** The outermost edges lie at ±10⁴ nats. */
    private static final int MAX_DECADE = 4;

    private static final int BINS_A_DECADE = 4;
    private static final List<Double> EDGES = edges();

    private SpectralAxis() {}

    private static List<Double> edges() {
        List<Double> positive = new ArrayList<>();
        for (int step = MIN_DECADE * BINS_A_DECADE; step <= MAX_DECADE * BINS_A_DECADE; step++) {
            // As a person would write it, so that the edge reads the same everywhere.
            positive.add(Double.parseDouble(
                    String.format(Locale.ROOT, "%.3e", FastMath.pow(10, (double) step / BINS_A_DECADE))));
        }
        List<Double> edges =
                new ArrayList<>(positive.reversed().stream().map(edge -> -edge).toList());
        edges.addAll(positive);
        return List.copyOf(edges);
    }

    /** Ascending, nats; one more than bins. */
    static List<Double> ofEdges() {
        return EDGES;
    }

    static int bins() {
        return EDGES.size() - 1;
    }

    /** The bin that holds a value: its lower edge belongs to it; what lies beyond the outermost edges is in the outermost bins. */
    static int bin(double value) {
        int bin = 0;
        while (bin < bins() - 1 && value >= EDGES.get(bin + 1)) {
            bin++;
        }
        return bin;
    }
}
