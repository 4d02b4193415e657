package basin.log.work;

import basin.log.CrashPoint;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.study.EnumName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with one share consumer that holds at most one work item. It acquires a record and
 * settles it. While the work item is processed elsewhere, it renews the lock at a third of its
 * duration.
 *
 * <p>Kafka's client returns a renewed record at the next poll, and only then can the record be
 * renewed or settled again. A renewal therefore consists of the acknowledgement, its commit and a
 * poll.
 */
final class WorkOwner {
    private static final Logger LOG = LoggerFactory.getLogger(WorkOwner.class);
    private static final Logger WAITS = LoggerFactory.getLogger(KafkaEndpoint.WAITS);
    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    private static final Duration RETURN_POLL = Duration.ofMillis(100);
    private static final int RETURN_POLLS = 20;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private final WorkQueue queue;
    private final WorkQueueSettings settings;
    private final KafkaShareConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    /** One permit for each event that ends a wait: the attempt has ended, or the queue closes. */
    private final Semaphore signals = new Semaphore(0);

    private volatile boolean stopping;
    private @Nullable Hold hold;

    /**
     * An acquired record with its attempt.
     *
     * @param renewAt when to renew the lock, by {@link System#nanoTime}
     */
    private record Hold(
            ConsumerRecord<byte[], byte[]> record, LogPosition position, WorkAttempt attempt, long renewAt) {}

    WorkOwner(WorkQueue queue, KafkaEndpoint endpoint, WorkQueueSettings settings, String name) {
        this.queue = queue;
        this.settings = settings;
        Map<String, Object> properties = endpoint.properties(name);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.topic());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        this.consumer = new KafkaShareConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopping = true;
        signals.release();
    }

    /**
     * Waits for the thread to end; returns whether it has ended.
     *
     * @param limit time to wait until, by {@link System#nanoTime}
     */
    boolean awaitEnd(long limit) {
        try {
            return thread.join(Duration.ofNanos(Math.max(1_000_000, limit - System.nanoTime())));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try {
            consumer.subscribe(List.of(settings.topic()));
            while (!stopping) {
                step();
            }
            try {
                releaseHeld();
            } catch (KafkaException away) {
                LOG.warn(
                        "A worker of {} could not release its work item, which returns when its lock expires: {}",
                        settings.topic(),
                        away.toString());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Throwable failed) {
            LOG.error("A worker of {} ended; its work items go to others.", settings.topic(), failed);
        } finally {
            drop();
            consumer.close(CLOSE_LIMIT);
        }
    }

    private void step() throws InterruptedException {
        try {
            Hold now = hold;
            if (now == null) {
                take(IDLE_POLL);
            } else if (now.attempt().ending().isDone()) {
                settle(now);
            } else if (System.nanoTime() - now.renewAt() >= 0) {
                renew(now);
            } else if (signals.tryAcquire(now.renewAt() - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                LOG.trace("Woken up.");
            }
        } catch (KafkaException | OutOfMemoryError away) {
            WAITS.warn("A worker of {} is held up: {}", settings.topic(), away.toString());
            drop();
            signals.tryAcquire(500, TimeUnit.MILLISECONDS);
        }
    }

    /** Polls once and holds the record received. */
    private void take(Duration limit) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(limit)) {
            if (hold != null) {
                consumer.acknowledge(record, AcknowledgeType.RELEASE); // More than requested.
                continue;
            }
            LogRecord taken = LogRecord.of(record);
            WorkAttempt attempt = queue.claim(
                    taken, record.deliveryCount().map(Short::intValue).orElse(1));
            hold = new Hold(record, taken.position(), attempt, nextRenewal());
            queue.holds(1);
            CompletableFuture<Void> _ = attempt.ending().thenRun(signals::release);
        }
    }

    private long nextRenewal() {
        return System.nanoTime() + settings.lock().toNanos() / 3;
    }

    private void renew(Hold now) {
        consumer.acknowledge(now.record(), AcknowledgeType.RENEW);
        Optional<KafkaException> refused = commit();
        if (refused.isPresent()) {
            drop();
            lose(now, refused.get().toString());
            return;
        }
        long next = nextRenewal();
        drop();
        for (int i = 0; hold == null && i < RETURN_POLLS; i++) {
            take(RETURN_POLL);
        }
        Hold again = hold;
        if (again != null && again.position().equals(now.position())) {
            hold = new Hold(again.record(), again.position(), again.attempt(), next);
            queue.countRenewal();
        } else {
            lose(now, "the renewed record did not return");
        }
    }

    private void settle(Hold now) {
        WorkAttempt.Outcome ending = now.attempt().ending().getNow(WorkAttempt.Outcome.FAILED);
        consumer.acknowledge(
                now.record(),
                switch (ending) {
                    case DONE, UNWANTED -> AcknowledgeType.ACCEPT;
                    case DEAD_LETTERED -> AcknowledgeType.REJECT;
                    case FAILED, INTERRUPTED -> AcknowledgeType.RELEASE;
                });
        drop();
        if (ending == WorkAttempt.Outcome.FAILED || ending == WorkAttempt.Outcome.INTERRUPTED) {
            // The next delivery is a new attempt.
            queue.forget(now.position());
        }
        CrashPoint.BEFORE_ACKNOWLEDGE.reached();
        Optional<KafkaException> refused = commit();
        CrashPoint.AFTER_ACKNOWLEDGE.reached();
        if (refused.isEmpty()) {
            queue.forget(now.position());
            queue.countEnding(EnumName.of(ending));
        } else {
            WAITS.warn(
                    "{} is {}, but its lock was lost: {}",
                    now.position(),
                    ending,
                    refused.get().toString());
            queue.countEnding("lost");
        }
    }

    /** Commits the acknowledgements and returns the broker's error, if any. */
    private Optional<KafkaException> commit() {
        return consumer.commitSync(settings.lock()).values().stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Handles a lost lock. The attempt continues, and the next owner of the record in this queue
     * waits for it.
     */
    private void lose(Hold lost, String reason) {
        WAITS.warn("The lock on {} was lost ({}); the work item continues.", lost.position(), reason);
        queue.countEnding("lost");
    }

    private void drop() {
        if (hold != null) {
            hold = null;
            queue.holds(-1);
        }
    }

    /**
     * Releases the record when the queue closes: interrupts the attempt, waits briefly, and settles
     * its outcome.
     */
    private void releaseHeld() throws InterruptedException {
        Hold now = hold;
        if (now == null) {
            return;
        }
        now.attempt().cancel();
        CompletableFuture<WorkAttempt.Outcome> ending = now.attempt().ending();
        try {
            LOG.debug("{} ended as {}", now.position(), ending.get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException atNativeWork) {
            LOG.warn("{} does not heed its interrupt; it is released.", now.position());
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
        settle(now);
    }
}
