package basin.flatness.estimator;

import basin.flatness.measurement.Measurement;
import basin.record.Measured;
import basin.study.Quantity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;

/**
 * The values of each quantity asked for, one a probe of each pair's batch, and the squared norm of the product behind each where there is
 * one. Pairs are independent; probes of one pair share its batch. One thread.
 */
final class PairSamples {
    private final Map<Quantity, List<List<Double>>> values = new EnumMap<>(Quantity.class);
    private final Map<Quantity, List<List<Double>>> squaredNorms = new EnumMap<>(Quantity.class);

    PairSamples(List<Quantity> quantities) {
        quantities.forEach(quantity -> values.put(quantity, new ArrayList<>()));
    }

    /** Keeps the next probe's value of a pair, unless nobody asked for it. Pairs begin in order. */
    void put(Quantity quantity, int pair, double value) {
        List<List<Double>> kept = values.get(quantity);
        if (kept != null) {
            add(kept, pair, value);
        }
    }

    /** Keeps a value v'Av and ‖Av‖², unless nobody asked for it. */
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

    /** Each pair's mean over its first probes, at most so many. */
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

    /** The mean variance between two probes of one batch; every pair has two at least. */
    double varianceWithin(Quantity quantity) {
        return values.getOrDefault(quantity, List.of()).stream()
                .mapToDouble(pair -> StatUtils.variance(
                        pair.stream().mapToDouble(Double::doubleValue).toArray()))
                .average()
                .orElse(0);
    }

    /** What came of a quantity that was asked for, from so many probes a pair. */
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
