package basin.events.spec;

import static basin.events.spec.InvalidSpecException.require;
import static basin.events.spec.InvalidSpecException.within;

import basin.events.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A measurement of flatness.
 *
 * @param estimator the estimator's name, such as {@code paired}
 * @param pairs fresh batches, each paired with one fresh probe
 * @param batch sentences a batch
 * @param seed draws batches, labels and probes; the same for every checkpoint, so that differences between checkpoints are
 *     sharper than the values
 */
public record EstimatorSpec(String estimator, int pairs, int batch, long seed) {
    /** The fewest pairs at which intervals have been shown to cover: values of a pair are skewed. */
    public static final int LEAST_PAIRS = 40;

    /** The fewest examples, over all pairs together, at which intervals have been shown to cover. */
    public static final int LEAST_EXAMPLES = 640;

    /** Every estimator, and what it measures in one go. */
    private static final SortedMap<String, List<Quantity>> QUANTITIES = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "paired",
                    List.of(
                            Quantity.FISHER_TRACE,
                            Quantity.HESSIAN_TRACE,
                            Quantity.ADAPTIVE_TRACE,
                            Quantity.HESSIAN_FISHER_GAP)),
            Map.entry("fisher.sampled", List.of(Quantity.FISHER_TRACE)),
            Map.entry("fisher.output", List.of(Quantity.FISHER_TRACE)),
            Map.entry("fisher.forward", List.of(Quantity.FISHER_TRACE)),
            Map.entry("fisher.batch", List.of(Quantity.FISHER_TRACE)),
            Map.entry("fisher.selected", List.of(Quantity.FISHER_TRACE)),
            Map.entry("fisher.soft", List.of(Quantity.DATA_FISHER_TRACE)),
            Map.entry(
                    "hessian.selected",
                    List.of(Quantity.HESSIAN_TRACE, Quantity.FISHER_TRACE, Quantity.HESSIAN_FISHER_GAP)),
            Map.entry("hessian.hutchpp", List.of(Quantity.HESSIAN_TRACE)),
            Map.entry("hessian.xtrace", List.of(Quantity.HESSIAN_TRACE)),
            Map.entry("hessian.hutchinson", List.of(Quantity.HESSIAN_TRACE)),
            Map.entry("hessian.forward", List.of(Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP)),
            Map.entry(
                    "hessian.split",
                    List.of(Quantity.FISHER_TRACE, Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP)),
            Map.entry("adaptive.exact", List.of(Quantity.ADAPTIVE_TRACE)),
            Map.entry("adaptive.forward", List.of(Quantity.ADAPTIVE_TRACE))));

    public EstimatorSpec {
        require(
                QUANTITIES.containsKey(estimator),
                "flatness.estimator",
                "'" + estimator + "'",
                "give one of " + String.join(", ", QUANTITIES.keySet()));
        within(LEAST_PAIRS, 1_000_000, "flatness.pairs", pairs);
        within(1, 65_536, "flatness.batch", batch);
        require(
                (long) pairs * batch >= LEAST_EXAMPLES,
                "flatness.batch",
                batch,
                "with " + pairs + " pairs give at least " + Math.ceilDiv(LEAST_EXAMPLES, pairs)
                        + ", for with fewer examples in all the intervals cover too rarely");
    }

    /** What this estimator measures: one result each. */
    public List<Quantity> quantities() {
        return Objects.requireNonNull(QUANTITIES.get(estimator));
    }
}
