package basin.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Writes records durably: every in-sync replica has an acknowledged record, and retries do not
 * duplicate it. Records that one thread writes to one partition keep their order. Thread-safe.
 */
public final class LogWriter implements AutoCloseable {
    /** Largest size of one record including key and headers, in bytes. */
    public static final int MAX_RECORD_BYTES = 1 << 20;
    /**
     * Largest size of a dead letter, in bytes. It leaves room for what dead-lettering adds to the
     * largest record.
     */
    public static final int MAX_DEAD_LETTER_BYTES = MAX_RECORD_BYTES + (64 << 10);

    /** Longest time to wait for the acknowledgement of a record. */
    private static final Duration DELIVERY_LIMIT = Duration.ofDays(1);

    private final KafkaProducer<byte[], byte[]> producer;

    private LogWriter(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Opens a writer with its own connection.
     *
     * @param client purpose of the writer, in one word; the prefix of its client id
     */
    public static LogWriter open(KafkaEndpoint endpoint, String client) {
        Map<String, Object> properties = endpoint.properties(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A partition accepts a new producer's first record with any sequence number. With several
        // requests in flight, a later request could overtake one that is rejected while the leader
        // starts, and the retries of the earlier one would be refused as out of order until they
        // expire.
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_DEAD_LETTER_BYTES);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // A record waits in its producer while the broker is away, a laptop is closed or the clock
        // is set.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_LIMIT.toMillis());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, KafkaEndpoint.CALL_LIMIT.toMillis());
        // Weights do not compress, and events are small.
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return new LogWriter(new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /**
     * Writes one record to the partition of its key.
     *
     * @return completes when the record is acknowledged, on a producer thread that must not be
     *     blocked, or fails with a {@link KafkaException}
     */
    public CompletableFuture<LogPosition> write(String topic, String key, byte[] value, Map<String, String> headers) {
        return send(topic, Optional.empty(), key, value, headers, Optional.empty());
    }

    /**
     * Writes a record as {@link #write} does, with the timestamp of its first writing. A timestamp
     * in the future is replaced by the current time.
     *
     * @param timestampMillis milliseconds since 1970
     */
    public CompletableFuture<LogPosition> writeAt(
            String topic, String key, byte[] value, Map<String, String> headers, long timestampMillis) {
        // Kafka refuses negative timestamps and those of the future.
        long written = Math.clamp(timestampMillis, 0, System.currentTimeMillis());
        return send(topic, Optional.empty(), key, value, headers, Optional.of(written));
    }

    /**
     * Writes a tombstone, which deletes a key of a compacted topic; completes as {@link #write}
     * does.
     */
    public CompletableFuture<LogPosition> erase(String topic, String key, Map<String, String> headers) {
        return send(topic, Optional.empty(), key, null, headers, Optional.empty());
    }

    /** Writes a record as {@link #write} does, to the given partition. */
    public CompletableFuture<LogPosition> writeTo(
            String topic, int partition, String key, byte[] value, Map<String, String> headers) {
        return send(topic, Optional.of(partition), key, value, headers, Optional.empty());
    }

    /**
     * Writes a record as {@link #write} does and waits for the acknowledgement.
     *
     * @throws KafkaException if the record was not acknowledged
     * @throws InterruptException if the thread is interrupted; the record may or may not be written
     */
    public LogPosition writeAcked(String topic, String key, byte[] value, Map<String, String> headers) {
        return await(write(topic, key, value, headers));
    }

    /**
     * Waits for an acknowledgement.
     *
     * @throws KafkaException if the record was not acknowledged
     * @throws InterruptException if the thread is interrupted; the record may or may not be written
     */
    public static <T> T await(CompletableFuture<T> written) {
        try {
            return written.get();
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof KafkaException known ? known : new KafkaException(failed.getCause());
        }
    }

    /**
     * Returns the partition of all records with this key: a hash of the key, the same in every JVM.
     */
    public int partitionOf(String topic, String key) {
        return partitionOf(key, producer.partitionsFor(topic).size());
    }

    /** Returns the partition of a key, of a topic with so many partitions. */
    public static int partitionOf(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private CompletableFuture<LogPosition> send(
            String topic,
            Optional<Integer> partition,
            String key,
            byte @Nullable [] value,
            Map<String, String> headers,
            Optional<Long> timestampMillis) {
        List<Header> written = headers.entrySet().stream()
                .<Header>map(header ->
                        new RecordHeader(header.getKey(), header.getValue().getBytes(StandardCharsets.UTF_8)))
                .toList();
        CompletableFuture<LogPosition> acknowledged = new CompletableFuture<>();
        CrashPoint.BEFORE_PRODUCE.reached();
        Future<RecordMetadata> _ = producer.send(
                new ProducerRecord<>(
                        topic,
                        partition.orElse(null),
                        // The wall clock's, which is not Kafka's clock in this JVM.
                        timestampMillis.orElseGet(System::currentTimeMillis),
                        key.getBytes(StandardCharsets.UTF_8),
                        value,
                        written),
                (metadata, failure) -> {
                    if (failure == null) {
                        CrashPoint.AFTER_PRODUCE.reached();
                        acknowledged.complete(new LogPosition(topic, metadata.partition(), metadata.offset()));
                    } else {
                        acknowledged.completeExceptionally(failure);
                    }
                });
        return acknowledged;
    }

    /** Closes the producer and waits at most 5 s for records in flight. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
