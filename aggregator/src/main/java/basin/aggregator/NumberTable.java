package basin.aggregator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;

/**
 * Gauges of one name, one per set of labels. New values for known labels need no registration.
 * Filled and published by one thread.
 */
final class NumberTable {
    private final MultiGauge gauge;
    private Map<Tags, Double> next = new HashMap<>();
    private volatile Map<Tags, Double> shown = Map.of();

    /**
     * Creates an empty table.
     *
     * @param unit unit of the values in Prometheus' naming; empty if they have none
     */
    NumberTable(MeterRegistry registry, String name, String description, String unit) {
        MultiGauge.Builder builder = MultiGauge.builder(name).description(description);
        this.gauge = (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(registry);
    }

    /** Sets a value for the next publication. */
    void put(Tags labels, double number) {
        next.put(labels, number);
    }

    /** Publishes the values set since the last call; others are removed. */
    void show() {
        Map<Tags, Double> before = shown;
        shown = next;
        if (!before.keySet().equals(shown.keySet())) {
            gauge.register(
                    shown.keySet().stream()
                            .<Row<?>>map(labels ->
                                    Row.of(labels, this, table -> table.shown.getOrDefault(labels, Double.NaN)))
                            .toList(),
                    false);
        }
        next = new HashMap<>();
    }
}
