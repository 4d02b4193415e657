package basin.aggregator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** A table of numbers for each of some metrics. Filled and shown by one thread. */
final class MetricTables {
    private final Map<Metric, NumberTable> tables = new EnumMap<>(Metric.class);

    MetricTables(MeterRegistry registry, Collection<Metric> metrics) {
        metrics.forEach(metric -> tables.put(metric, metric.in(registry)));
    }

    /**
     * Takes a number for what is shown next.
     *
     * @throws IllegalArgumentException if the metric is not one of these
     */
    void put(Metric metric, Tags labels, double number) {
        NumberTable table = tables.get(metric);
        if (table == null) {
            throw new IllegalArgumentException(metric + " is none of " + tables.keySet());
        }
        table.put(labels, number);
    }

    /** Takes an estimate and its standard error, each under its metric, for what is shown next. */
    void put(Metric value, Metric error, Tags labels, double number, double standardError) {
        put(value, labels, number);
        put(error, labels, standardError);
    }

    /** Shows what was put since the last call, and nothing else. */
    void show() {
        tables.values().forEach(NumberTable::show);
    }
}
