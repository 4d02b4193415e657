package basin.aggregator;

import basin.log.LogSource;
import basin.log.admin.RecordCondition;
import basin.log.admin.RecordFault;
import basin.study.EnumName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the start and once a minute whether the record is whole. It has nothing to do with the
 * fold, which stays the same whatever is found. Thread-safe.
 */
final class RecordWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordWatch.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);

    private final LogSource log;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile List<RecordFault> faults = List.of();

    private RecordWatch(LogSource log) {
        this.log = log;
        this.thread = Thread.ofVirtual().name("record-watch").unstarted(this::run);
    }

    /**
     * Starts to watch.
     *
     * @param registry receives the number of faults of each kind
     */
    static RecordWatch start(LogSource log, MeterRegistry registry) {
        RecordWatch watch = new RecordWatch(log);
        for (RecordFault.Kind kind : RecordFault.Kind.values()) {
            Gauge.builder("basin.record", watch, own -> own.count(kind))
                    .description("Reasons why the record is not whole, or may lose records")
                    .baseUnit("faults")
                    .tag("kind", EnumName.of(kind))
                    .register(registry);
        }
        watch.thread.start();
        return watch;
    }

    private long count(RecordFault.Kind kind) {
        return faults.stream().filter(fault -> fault.kind() == kind).count();
    }

    /** Returns why the record is not whole, or may lose records, when it was last looked at. */
    List<String> faults() {
        return faults.stream()
                .filter(RecordFault::harms)
                .map(RecordFault::sentence)
                .toList();
    }

    private void run() {
        try {
            Duration next;
            do {
                next = look() ? INTERVAL : RETRY_INTERVAL;
            } while (!closing.await(next.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look() {
        try {
            List<RecordFault> found = RecordCondition.of(log);
            found.stream().filter(fault -> !faults.contains(fault)).forEach(fault -> LOG.warn(fault.sentence()));
            faults = found;
            return true;
        } catch (KafkaException away) {
            LOG.debug("The condition of the record cannot be learned now.", away);
            return false;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
    }
}
