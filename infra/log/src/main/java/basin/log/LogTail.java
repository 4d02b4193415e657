package basin.log;

import basin.study.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every partition of some topics from the beginning and follows them as they grow. It belongs
 * to no group and commits no offsets: the state of the log is always rebuilt from its beginning. If
 * the broker is unavailable, the tail waits for it.
 *
 * <p>Records are passed to the handler on the tail's own thread. They are in order within a
 * partition, and in any order across partitions. Thread-safe.
 */
public final class LogTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final Logger WAITS = LoggerFactory.getLogger(KafkaEndpoint.WAITS);
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    /**
     * Fetches the log's end offsets on its own connection, because on the consumer's connection
     * they would wait behind a fetch.
     */
    private final Admin admin;

    private final List<TopicPartition> partitions;
    private final LogHandler handler;
    private final Queue<Barrier> barriers = new ConcurrentLinkedQueue<>();
    /** For each partition, the offset after the last record handled. */
    private final Map<TopicPartition, Long> handled = new ConcurrentHashMap<>();

    private volatile long handledAt = System.nanoTime();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;

    private record Barrier(Map<TopicPartition, ListOffsetsResultInfo> ends, CompletableFuture<Void> passed) {}

    private LogTail(
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaEndpoint endpoint,
            String name,
            Collection<String> topics,
            Collection<LogPosition> from,
            LogHandler handler) {
        this.consumer = consumer;
        this.handler = handler;
        this.partitions =
                topics.stream().flatMap(topic -> existing(topic).stream()).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        for (LogPosition begin : from) {
            TopicPartition partition = new TopicPartition(begin.topic(), begin.partition());
            if (partitions.contains(partition)) {
                consumer.seek(partition, begin.offset());
                handled.put(partition, begin.offset());
            }
        }
        this.admin = Admin.create(endpoint.properties(name));
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /**
     * Starts to read.
     *
     * @param name purpose of the tail, in one word; names its thread and client
     * @param topics topics that exist
     * @param handler receives every record, on the tail's thread
     * @throws Refusal if a topic does not exist
     * @throws KafkaException if the broker cannot be reached
     */
    public static LogTail start(KafkaEndpoint endpoint, String name, Collection<String> topics, LogHandler handler) {
        return start(endpoint, name, topics, List.of(), handler);
    }

    /**
     * Starts to read as {@link #start(KafkaEndpoint, String, Collection, LogHandler)} does, from
     * given positions.
     *
     * @param from start positions; partitions without one are read from their beginning
     */
    public static LogTail start(
            KafkaEndpoint endpoint,
            String name,
            Collection<String> topics,
            Collection<LogPosition> from,
            LogHandler handler) {
        KafkaConsumer<byte[], byte[]> consumer = ConsumerScan.consumer(endpoint, name, Map.of());
        try {
            LogTail tail = new LogTail(consumer, endpoint, name, topics, from, handler);
            tail.thread.start();
            return tail;
        } catch (RuntimeException notStarted) {
            consumer.close();
            throw notStarted;
        }
    }

    private List<TopicPartition> existing(String topic) {
        List<TopicPartition> known = ConsumerScan.partitionsOf(consumer, topic);
        if (known.isEmpty()) {
            throw new Refusal("topic " + topic + " does not exist; make it before reading it.");
        }
        return known;
    }

    private CompletableFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends() {
        return admin.listOffsets(partitions.stream()
                        .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())))
                .all()
                .toCompletionStage()
                .toCompletableFuture();
    }

    private void set(Barrier barrier) {
        barriers.add(barrier);
        consumer.wakeup();
        if (ended.isDone()) {
            refuseBarriers();
        }
    }

    /**
     * Waits until everything that was in the log at the time of this call has been handled.
     *
     * @throws TimeoutException if that takes longer than the limit
     * @throws IllegalStateException if the tail has ended
     * @throws KafkaException if the log's end offsets cannot be fetched now
     */
    public void awaitCaughtUp(Duration limit) throws InterruptedException, TimeoutException {
        if (ended.isDone()) {
            throw new IllegalStateException("The tail of the log has ended.");
        }
        CompletableFuture<Void> caughtUp = ends().thenCompose(ends -> {
            Barrier barrier = new Barrier(ends, new CompletableFuture<>());
            set(barrier);
            return barrier.passed();
        });
        try {
            caughtUp.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof KafkaException known
                    ? known
                    : new IllegalStateException("The tail of the log has ended.", failed.getCause());
        }
    }

    /**
     * Returns the tail's lag.
     *
     * @return completes with the number of records in the log that have not been handled yet; fails
     *     if the log's end offsets cannot be fetched
     */
    public CompletableFuture<Long> lag() {
        return ends().thenApply(ends -> ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue().offset() - handled.getOrDefault(end.getKey(), 0L)))
                .sum());
    }

    /**
     * Returns the time of the last batch of records handled, by {@link System#nanoTime}; before the
     * first one, the time at which the tail was created.
     */
    long handledAt() {
        return handledAt;
    }

    /**
     * Returns a future that completes when the tail ends: normally after {@link #close()},
     * otherwise with the exception that ended it.
     */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    private void run() {
        try (consumer;
                admin) {
            while (closing.getCount() > 0) {
                // Kept apart from the poll, because an exception of the handler is not a connection
                // fault.
                ConsumerRecords<byte[], byte[]> polled = poll();
                if (polled.isEmpty()) {
                    continue;
                }
                List<LogRecord> records = new ArrayList<>(polled.count());
                polled.forEach(record -> records.add(LogRecord.of(record)));
                handler.takeAll(records);
                polled.nextOffsets().forEach((partition, next) -> handled.put(partition, next.offset()));
                handledAt = System.nanoTime();
            }
            ended.complete(null);
        } catch (Throwable failed) {
            LOG.error("The tail of {} ended.", partitions, failed);
            ended.completeExceptionally(failed);
        } finally {
            ended.complete(null);
            refuseBarriers();
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() throws InterruptedException {
        try {
            passBarriers();
            return consumer.poll(POLL);
        } catch (WakeupException askedOrClosing) {
            // The loop checks for both.
        } catch (AuthenticationException | AuthorizationException forbidden) {
            throw forbidden;
        } catch (KafkaException away) {
            WAITS.warn("Reading {} is held up: {}", partitions, away.getMessage());
            if (closing.await(500, TimeUnit.MILLISECONDS)) {
                LOG.debug("Closing while the broker is away.");
            }
        }
        return ConsumerRecords.empty();
    }

    private void passBarriers() {
        barriers.removeIf(barrier -> barrier.ends().entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey())
                                >= end.getValue().offset())
                && barrier.passed().complete(null));
    }

    private void refuseBarriers() {
        for (Barrier barrier = barriers.poll(); barrier != null; barrier = barriers.poll()) {
            barrier.passed().completeExceptionally(new IllegalStateException("The tail of the log has ended."));
        }
    }

    /** Stops reading. Returns when the handler has finished its last record, after at most 10 s. */
    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                LOG.warn("The tail {} is still at its last record.", thread.getName());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
