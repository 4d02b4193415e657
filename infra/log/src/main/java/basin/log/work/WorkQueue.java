package basin.log.work;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.admin.TopicAdmin;
import basin.log.deadletter.DeadLetterWriter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work items of one kind from a topic, record by record, and shares them with every other queue of the same
 * group in whatever process (a Kafka share group, KIP-932). A work item stays locked while it waits and is worked on, however
 * long that takes; it is accepted when its handler returned, rejected when it was dead-lettered, and released when it is
 * to be tried again.
 *
 * <p>A work item whose process dies is delivered again, and after a restart of the broker a work item may be done twice.
 *
 * <p>Safe for use by several threads.
 */
public final class WorkQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(7);
    private static final int REMEMBERED_RUNS = 1000;

    private final WorkQueueSettings settings;
    private final DeliveryHandler handler;
    private final DeadLetterWriter deadLetters;
    private final WorkSlots slots;
    private final MeterRegistry metrics;
    private final List<WorkOwner> owners = new ArrayList<>();
    private final AtomicInteger held = new AtomicInteger();
    private final Map<LogPosition, WorkAttempt> runs = new LinkedHashMap<>();
    private final Gauge inFlight;

    private WorkQueue(
            WorkQueueSettings settings,
            DeliveryHandler handler,
            DeadLetterWriter deadLetters,
            WorkSlots slots,
            MeterRegistry metrics) {
        this.settings = settings;
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.slots = slots;
        this.metrics = metrics;
        this.inFlight = Gauge.builder("basin.work.in.flight", held, AtomicInteger::get)
                .description("Work items that this process holds, waiting or at work")
                .baseUnit("items")
                .tag("topic", settings.topic())
                .register(metrics);
    }

    /**
     * Begins to take work.
     *
     * @param settings which topic, as which group, how many at once; the topic exists
     * @param handler does the work items
     * @param deadLetters takes those that cannot be done
     * @param slots bounds the work items at work in this JVM, shared with other queues
     * @param metrics gets {@code basin.work.*}
     */
    public static WorkQueue start(
            KafkaEndpoint endpoint,
            WorkQueueSettings settings,
            DeliveryHandler handler,
            DeadLetterWriter deadLetters,
            WorkSlots slots,
            MeterRegistry metrics) {
        try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
            admin.settleShareGroup(settings.topic(), settings.lock(), WorkQueueSettings.BROKER_DELIVERIES);
        }
        WorkQueue queue = new WorkQueue(settings, handler, deadLetters, slots, metrics);
        for (int i = 1; i <= settings.workers(); i++) {
            queue.owners.add(new WorkOwner(queue, endpoint, settings, settings.topic() + "-" + i));
        }
        queue.owners.forEach(WorkOwner::start);
        return queue;
    }

    /** How many work items this queue holds now, waiting or at work. */
    public int held() {
        return held.get();
    }

    /** The run of this record: a new one, or the one that is still going on, or done, from an earlier delivery. */
    WorkAttempt claim(LogRecord record, int count) {
        synchronized (runs) {
            WorkAttempt known = runs.get(record.position());
            if (known != null) {
                return known;
            }
            forgetOldest();
            WorkAttempt run = new WorkAttempt(new Delivery(record, count), handler, deadLetters, slots);
            runs.put(record.position(), run);
            run.start();
            return run;
        }
    }

    /** Forgets a run: its record is settled, or to be run anew. */
    void forget(LogPosition position) {
        synchronized (runs) {
            runs.remove(position);
        }
    }

    /** Runs whose lock was lost stay known until they are claimed, which may happen in another process. */
    private void forgetOldest() {
        if (runs.size() > REMEMBERED_RUNS) {
            runs.entrySet().stream()
                    .filter(run -> run.getValue().ending().isDone())
                    .findFirst()
                    .map(Map.Entry::getKey)
                    .ifPresent(runs::remove);
        }
    }

    void holds(int change) {
        held.addAndGet(change);
    }

    void countRenewal() {
        Counter.builder("basin.work.renewals")
                .description("Renewals of the lock on a work item")
                .baseUnit("renewals")
                .tag("topic", settings.topic())
                .register(metrics)
                .increment();
    }

    void countEnding(String outcome) {
        Counter.builder("basin.work.items")
                .description("Deliveries of work items, by how they ended")
                .baseUnit("items")
                .tag("topic", settings.topic())
                .tag("outcome", outcome.toLowerCase(Locale.ROOT))
                .register(metrics)
                .increment();
    }

    /**
     * Stops taking work, interrupts what is at work and releases it, within 10 s.
     */
    @Override
    public void close() {
        Instant limit = Instant.now().plus(CLOSE_LIMIT);
        owners.forEach(WorkOwner::stop);
        for (WorkOwner owner : owners) {
            if (!owner.awaitEnd(limit)) {
                LOG.warn(
                        "A worker of {} did not end in time; its work item returns when its lock expires.",
                        settings.topic());
            }
        }
        synchronized (runs) {
            runs.values().forEach(WorkAttempt::cancel);
        }
        metrics.remove(inFlight);
    }
}
