package basin.flatness.estimator;

import basin.flatness.measurement.Measurement;
import basin.flatness.measurement.PairStatistics;
import basin.record.Measured;
import basin.study.Quantity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;

/**
 * The values of each requested quantity, one per probe of each pair's batch, with the squared norms
 * of the products behind them where there are any. Pairs are independent; probes of one pair share
 * its batch. Not thread-safe.
 */
final class PairSamples {
    private final Map<Quantity, List<List<Double>>> values = new EnumMap<>(Quantity.class);
    private final Map<Quantity, List<List<Double>>> squaredNorms = new EnumMap<>(Quantity.class);

    PairSamples(List<Quantity> quantities) {
        quantities.forEach(quantity -> values.put(quantity, new ArrayList<>()));
    }

    /**
     * Adds the next probe's value of a pair, if the quantity was requested. Pairs must begin in
     * order.
     */
    void put(Quantity quantity, int pair, double value) {
        List<List<Double>> kept = values.get(quantity);
        if (kept != null) {
            add(kept, pair, value);
        }
    }

    /** Adds a value v'Av and its ‖Av‖², if the quantity was requested. */
    void put(Quantity quantity, int pair, double value, double squaredNorm) {
        put(quantity, pair, value);
        if (values.containsKey(quantity)) {
            add(squaredNorms.computeIfAbsent(quantity, one -> new ArrayList<>()), pair, squaredNorm);
        }
    }

    private static void add(List<List<Double>> pairs, int pair, double value) {
        while (pairs.size() <= pair) {
            pairs.add(new ArrayList<>(1));
        }
        pairs.get(pair).add(value);
    }

    /** Returns each pair's mean over at most its first {@code probes} probes. */
    double[] means(Quantity quantity, int probes) {
        return means(values.getOrDefault(quantity, List.of()), probes);
    }

    private static double[] means(List<List<Double>> pairs, int probes) {
        return pairs.stream()
                .mapToDouble(pair -> StatUtils.mean(pair.stream()
                        .limit(probes)
                        .mapToDouble(Double::doubleValue)
                        .toArray()))
                .toArray();
    }

    /**
     * Returns the mean over pairs of the variance between probes of one batch; every pair must have
     * at least two probes.
     */
    double varianceWithin(Quantity quantity) {
        return values.getOrDefault(quantity, List.of()).stream()
                .mapToDouble(pair -> StatUtils.variance(
                        pair.stream().mapToDouble(Double::doubleValue).toArray()))
                .average()
                .orElse(0);
    }

    /** Returns the measurement of a requested quantity from the given number of probes per pair. */
    Measurement measurement(Quantity quantity, int probes, int parameters, double confidence) {
        double[] ofPairs = means(quantity, probes);
        Measured mean = PairStatistics.mean(ofPairs);
        return new Measurement(
                quantity,
                mean,
                PairStatistics.interval(ofPairs, confidence),
                ofPairs.length,
                probes,
                Optional.ofNullable(squaredNorms.get(quantity))
                        .flatMap(norms -> PairStatistics.effectiveRank(mean, means(norms, probes))),
                parameters);
    }
}
