package basin.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** The metrics that services share; all begin with {@code basin}. Safe for use by several threads. */
public final class ServiceMetrics {
    private final MeterRegistry registry;
    private final Map<Counted, Counter> events = new ConcurrentHashMap<>();

    private record Counted(String topic, EventOutcome outcome) {}

    /**
     * Shared metrics in a registry.
     *
     * @param registry what the service shows
     */
    public ServiceMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts an event that was read, and a conflict once more on its own. */
    public void countEvent(String topic, EventOutcome outcome) {
        events.computeIfAbsent(new Counted(topic, outcome), this::events).increment();
        if (outcome == EventOutcome.CONFLICT) {
            Counter.builder("basin.conflicts")
                    .description("Events whose id was read before with another payload")
                    .baseUnit("events")
                    .tag("topic", topic)
                    .register(registry)
                    .increment();
        }
    }

    private Counter events(Counted counted) {
        return Counter.builder("basin.events")
                .description("Events read, by what became of them")
                .baseUnit("events")
                .tag("topic", counted.topic())
                .tag("outcome", counted.outcome().name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    /** Publishes how many arrays a process that works with tensors keeps in native memory; several services of a process share one. */
    public static void observeNativeArrays(MeterRegistry registry, IntSupplier liveArrays) {
        Gauge.builder("basin.native.arrays", liveArrays::getAsInt)
                .description("Arrays in native memory: the same after every work item, unless something leaks")
                .baseUnit("arrays")
                .register(registry);
    }

    /** Publishes which build this is: a gauge that is always 1. */
    static void publishBuild(MeterRegistry registry, String service) {
        String version = Optional.ofNullable(ServiceMetrics.class.getPackage().getImplementationVersion())
                .orElse("development");
        Gauge.builder("basin.build.info", () -> 1)
                .description("The service and its version, as labels of a constant 1")
                .tag("service", service)
                .tag("version", version)
                .tag("java", Runtime.version().toString())
                .register(registry);
    }
}
