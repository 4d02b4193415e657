package basin.log;

import basin.study.Refusal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic once, from its beginning to its end at the time of the call. Reads one partition
 * after another, so the same log yields the same order. Holds at most one fetch in memory. Not
 * thread-safe.
 */
public final class LogScan implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration NO_PROGRESS_LIMIT = Duration.ofSeconds(30);

    /** Enough to share among processors, and few enough to close in time. */
    private static final int MAX_POLL_RECORDS = 2000;

    private final KafkaConsumer<byte[], byte[]> consumer;

    private LogScan(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * Opens a scan with its own connection.
     *
     * @param name purpose of the scan, in one word; the prefix of its client id
     */
    public static LogScan open(KafkaEndpoint endpoint, String name) {
        return open(endpoint, name, Map.of());
    }

    /**
     * Opens a scan as {@link #open(KafkaEndpoint, String)} does, with other consumer settings.
     *
     * @param settings consumer properties by Kafka's names
     */
    public static LogScan open(KafkaEndpoint endpoint, String name, Map<String, Object> settings) {
        return new LogScan(consumer(endpoint, name, settings));
    }

    /** Creates a consumer of bytes that belongs to no group and commits nothing. */
    static KafkaConsumer<byte[], byte[]> consumer(KafkaEndpoint endpoint, String name, Map<String, Object> settings) {
        Map<String, Object> properties = endpoint.properties(name);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        properties.putAll(settings);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static List<TopicPartition> partitionsOf(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        if (known == null || known.isEmpty()) {
            throw new Refusal("topic " + topic + " does not exist; make it before reading it.");
        }
        return known.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** A listener for the progress of a scan. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * Reports progress after every fetch.
         *
         * @param read number of offsets read so far, 0 to {@code all}
         * @param all number of offsets to read
         */
        void at(long read, long all);
    }

    /**
     * The extent of partitions at one moment.
     *
     * @param begins the first offset of each partition
     * @param ends the offset after the last of each partition
     */
    public record Extent(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        public Extent {
            begins = Map.copyOf(begins);
            ends = Map.copyOf(ends);
        }

        /** Returns the first offset of a partition. */
        public long begin(TopicPartition partition) {
            return begins.getOrDefault(partition, 0L);
        }

        /** Returns the offset after the last of a partition. */
        public long end(TopicPartition partition) {
            return ends.getOrDefault(partition, 0L);
        }
    }

    /**
     * Returns every partition of a topic.
     *
     * @throws Refusal if the topic does not exist
     */
    public List<TopicPartition> partitions(String topic) {
        return partitionsOf(consumer, topic);
    }

    /**
     * Returns the current extent of partitions.
     *
     * @throws KafkaException if the log's end offsets cannot be fetched now
     */
    public Extent extent(List<TopicPartition> partitions) {
        return new Extent(consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
    }

    /**
     * Reads everything that the topic holds now, as {@link #read(Extent, LogHandler, Watcher)}
     * does.
     */
    public void read(String topic, LogHandler handler, Watcher watcher) {
        read(extent(partitions(topic)), handler, watcher);
    }

    /** Reads as {@link #read(String, LogHandler, Watcher)} does, without reporting progress. */
    public void read(String topic, LogHandler handler) {
        read(topic, handler, (read, all) -> {});
    }

    /**
     * Passes every record to the handler, on the caller's thread.
     *
     * @throws KafkaException if the log cannot be read now, or no record arrives for 30 s
     */
    public void read(Extent extent, LogHandler handler, Watcher watcher) {
        List<TopicPartition> partitions = extent.begins().keySet().stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
        long all = partitions.stream()
                .mapToLong(partition -> extent.end(partition) - extent.begin(partition))
                .sum();
        long before = 0;
        for (TopicPartition partition : partitions) {
            long already = before;
            read(
                    partition,
                    extent.begin(partition),
                    extent.end(partition),
                    handler,
                    (read, _) -> watcher.at(already + read, all));
            before += extent.end(partition) - extent.begin(partition);
        }
    }

    /**
     * Passes the records of one partition from {@code begin} to {@code end}, exclusive, to the
     * handler, on the caller's thread.
     *
     * @param watcher receives after every fetch the number of offsets read, of {@code end - begin}
     * @throws KafkaException if the log cannot be read now, or no record arrives for 30 s
     */
    public void read(TopicPartition partition, long begin, long end, LogHandler handler, Watcher watcher) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, begin);
        long position = begin;
        long moved = System.nanoTime();
        while (position < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end) {
                    handler.take(LogRecord.of(record));
                }
            }
            long now = Math.min(end, consumer.position(partition));
            if (now > position) {
                position = now;
                // Taken after the handler, because handling may take long.
                moved = System.nanoTime();
                watcher.at(position - begin, end - begin);
            } else if (System.nanoTime() - moved > NO_PROGRESS_LIMIT.toNanos()) {
                throw new TimeoutException("Nothing came from " + partition + " at offset " + position + " for "
                        + NO_PROGRESS_LIMIT.toSeconds() + " s.");
            }
        }
    }

    /** Stops fetching until the next read. */
    public void rest() {
        consumer.unsubscribe();
    }

    /**
     * Closes the consumer cleanly even if the thread is interrupted, as by Ctrl-C. The interrupt
     * remains set for the caller.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            consumer.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
