package basin.log.work;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.admin.ShareGroupSpec;
import basin.log.admin.TopicAdmin;
import basin.log.deadletter.DeadLetterWriter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work items of one kind from a topic, record by record, and shares them with all queues of
 * the same group in any process (a Kafka share group, KIP-932). A work item stays locked while it
 * waits and while it is processed, for as long as that takes. It is accepted when its handler
 * returns, rejected when it is dead-lettered, and released if it is to be tried again.
 *
 * <p>A work item whose process dies is delivered again. After a broker restart a work item may be
 * processed twice.
 *
 * <p>Thread-safe.
 */
public final class WorkQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(7);
    private static final int MAX_ATTEMPTS_KEPT = 1000;

    private final WorkQueueSettings settings;
    private final DeliveryHandler handler;
    private final DeadLetterWriter deadLetters;
    private final WorkSlots slots;
    private final MeterRegistry metrics;
    private final List<WorkOwner> owners = new ArrayList<>();
    private final AtomicInteger held = new AtomicInteger();
    private final Map<LogPosition, WorkAttempt> attempts = new LinkedHashMap<>();
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
     * Starts to take work.
     *
     * @param settings topic, share group and number of workers; the topic must exist
     * @param handler processes the work items
     * @param deadLetters receives those that cannot be processed
     * @param slots limits the work items running in this JVM; shared with other queues
     * @param metrics receives {@code basin.work.*}
     */
    public static WorkQueue start(
            KafkaEndpoint endpoint,
            WorkQueueSettings settings,
            DeliveryHandler handler,
            DeadLetterWriter deadLetters,
            WorkSlots slots,
            MeterRegistry metrics) {
        try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
            admin.settleShareGroup(settings.topic(), ShareGroupSpec.of(settings.lock()));
        }
        WorkQueue queue = new WorkQueue(settings, handler, deadLetters, slots, metrics);
        for (int i = 1; i <= settings.workers(); i++) {
            queue.owners.add(new WorkOwner(queue, endpoint, settings, settings.topic() + "-" + i));
        }
        queue.owners.forEach(WorkOwner::start);
        return queue;
    }

    /** Returns the number of work items that this queue holds now, waiting or running. */
    public int held() {
        return held.get();
    }

    /**
     * Returns the attempt at a record: a new one, or a running or completed one from an earlier
     * delivery.
     */
    WorkAttempt claim(LogRecord record, int count) {
        synchronized (attempts) {
            WorkAttempt known = attempts.get(record.position());
            if (known != null) {
                return known;
            }
            forgetOldest();
            WorkAttempt attempt = new WorkAttempt(new Delivery(record, count), handler, deadLetters, slots);
            attempts.put(record.position(), attempt);
            attempt.start();
            return attempt;
        }
    }

    /** Forgets an attempt, because its record is settled or is to be attempted again. */
    void forget(LogPosition position) {
        synchronized (attempts) {
            attempts.remove(position);
        }
    }

    /**
     * Removes the oldest completed attempt if there are too many. Attempts whose lock was lost
     * remain until they are claimed, which may happen in another process.
     */
    private void forgetOldest() {
        if (attempts.size() > MAX_ATTEMPTS_KEPT) {
            attempts.entrySet().stream()
                    .filter(attempt -> attempt.getValue().ending().isDone())
                    .findFirst()
                    .map(Map.Entry::getKey)
                    .ifPresent(attempts::remove);
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
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }

    /** Stops taking work, interrupts running attempts and releases their records, within 10 s. */
    @Override
    public void close() {
        long limit = System.nanoTime() + CLOSE_LIMIT.toNanos();
        owners.forEach(WorkOwner::stop);
        for (WorkOwner owner : owners) {
            if (!owner.awaitEnd(limit)) {
                LOG.warn(
                        "A worker of {} did not end in time; its work item returns when its lock expires.",
                        settings.topic());
            }
        }
        synchronized (attempts) {
            attempts.values().forEach(WorkAttempt::cancel);
        }
        metrics.remove(inFlight);
    }
}
