package basin.service;

import basin.study.EnumName;
import basin.study.ProgramVersion;
import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** The metrics common to all services; their names begin with {@code basin}. Thread-safe. */
public final class ServiceMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final MeterRegistry registry;
    private final Map<Counted, Counter> events = new ConcurrentHashMap<>();

    private record Counted(String topic, EventOutcome outcome) {}

    /**
     * Creates the metrics in a registry.
     *
     * @param registry registry that the service publishes
     */
    public ServiceMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts an event that was read. A conflict is also counted separately. */
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
                .tag("outcome", EnumName.of(counted.outcome()))
                .register(registry);
    }

    /**
     * Publishes the number of arrays that a process keeps in native memory. Services in the same
     * process share the gauge.
     */
    public static void observeNativeArrays(MeterRegistry registry, IntSupplier liveArrays) {
        Gauge.builder("basin.native.arrays", liveArrays::getAsInt)
                .description("Arrays in native memory: the same after every work item, unless something leaks")
                .baseUnit("arrays")
                .register(registry);
    }

    /**
     * Keeps to the naming conventions of Prometheus for the metrics of the process: its processor
     * time is counted in seconds instead of nanoseconds, and a number of processors has no suffix
     * that belongs to histograms.
     */
    static void keepConventions(MeterRegistry registry) {
        registry.config().meterFilter(MeterFilter.deny(id -> id.getName().equals("process.cpu.time")));
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
            }
        });
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, own -> own.getProcessCpuTime() / NANOS_PER_SECOND)
                    .description("Processor time that the process has used")
                    .baseUnit("seconds")
                    .register(registry);
        }
    }

    /** Publishes the service's build as labels of a gauge that is always 1. */
    static void publishBuild(MeterRegistry registry, String service) {
        Gauge.builder("basin.build.info", () -> 1)
                .description("The service and its version, as labels of a constant 1")
                .tag("service", service)
                .tag("version", ProgramVersion.current().version())
                .tag("java", Runtime.version().toString())
                .register(registry);
    }
}
