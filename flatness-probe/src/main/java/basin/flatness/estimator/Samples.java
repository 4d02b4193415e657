package basin.flatness.estimator;

import basin.events.Measured;
import basin.events.Quantity;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One value a pair for each quantity asked for, and the squared norm of the product behind it where there is one. One thread. */
final class Samples {
    private final Map<Quantity, double[]> values = new EnumMap<>(Quantity.class);
    private final Map<Quantity, double[]> squaredNorms = new EnumMap<>(Quantity.class);
    private final int pairs;

    Samples(List<Quantity> quantities, int pairs) {
        this.pairs = pairs;
        quantities.forEach(quantity -> values.put(quantity, new double[pairs]));
    }

    /** Keeps a value, unless nobody asked for it. */
    void put(Quantity quantity, int pair, double value) {
        double[] kept = values.get(quantity);
        if (kept != null) {
            kept[pair] = value;
        }
    }

    /** Keeps a value v'Av and ‖Av‖², unless nobody asked for it. */
    void put(Quantity quantity, int pair, double value, double squaredNorm) {
        put(quantity, pair, value);
        if (values.containsKey(quantity)) {
            squaredNorms.computeIfAbsent(quantity, one -> new double[pairs])[pair] = squaredNorm;
        }
    }

    /** What came of a quantity that was asked for. */
    Measurement measurement(Quantity quantity, int parameters, double confidence) {
        double[] ofPairs = values.getOrDefault(quantity, new double[0]);
        Measured mean = PairStatistics.mean(ofPairs);
        return new Measurement(
                quantity,
                mean,
                PairStatistics.interval(ofPairs, confidence),
                pairs,
                Optional.ofNullable(squaredNorms.get(quantity)).flatMap(norms -> EffectiveRank.of(mean, norms)),
                parameters);
    }
}
