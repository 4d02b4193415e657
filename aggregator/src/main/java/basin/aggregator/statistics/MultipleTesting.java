package basin.aggregator.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Adjustments of p-values for multiple testing. Results are in the order of the input. */
public final class MultipleTesting {
    private MultipleTesting() {}

    /**
     * Returns p-values adjusted by the step-up procedure of Benjamini and Hochberg (1995).
     * Rejecting adjusted values of at most q keeps the false discovery rate at most q for
     * independent or positively dependent tests. Intended for exploration.
     *
     * @param p p-values in [0, 1]
     * @throws IllegalArgumentException if a value is outside [0, 1]
     */
    public static double[] benjaminiHochberg(double... p) {
        for (double value : p) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("A p-value is " + value + ": give values between 0 and 1.");
            }
        }
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(place -> p[place]))
                .mapToInt(place -> place)
                .toArray();
        double[] adjusted = new double[p.length];
        double min = 1;
        for (int rank = order.length; rank >= 1; rank--) {
            min = Math.min(min, p.length * p[order[rank - 1]] / rank);
            adjusted[order[rank - 1]] = min;
        }
        return adjusted;
    }
}
