package basin.aggregator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;

/** Gauges of one name, one for each set of labels. New numbers of known labels cost no registration. Filled and shown by one thread. */
final class NumberTable {
    private final MultiGauge gauge;
    private Map<Tags, Double> next = new HashMap<>();
    private volatile Map<Tags, Double> shown = Map.of();

    /**
     * An empty table.
     *
     * @param unit of its numbers, in Prometheus' words; empty for constants
     */
    NumberTable(MeterRegistry registry, String name, String description, String unit) {
        MultiGauge.Builder builder = MultiGauge.builder(name).description(description);
        this.gauge = (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(registry);
    }

    /** Takes a number for what is shown next. */
    void put(Tags labels, double number) {
        next.put(labels, number);
    }

    /** Shows what was put since the last call, and nothing else. */
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
