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
 * Reads a topic once, from its beginning to the end that it has when that is asked for: partition after partition, so that the same
 * log comes in the same order. Holds no more than one fetch. Of one thread.
 */
public final class LogScan implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration NO_PROGRESS_LIMIT = Duration.ofSeconds(30);

    /** Enough to share among processors, few enough to close in time. */
    private static final int MAX_AT_ONCE = 2000;

    private final KafkaConsumer<byte[], byte[]> consumer;

    private LogScan(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * A scan of its own connection.
     *
     * @param name what it is for, in a word; begins its client id
     */
    public static LogScan open(KafkaEndpoint endpoint, String name) {
        return open(endpoint, name, Map.of());
    }

    /**
     * As {@link #open(KafkaEndpoint, String)}, with other settings of the consumer.
     *
     * @param settings by Kafka's names
     */
    public static LogScan open(KafkaEndpoint endpoint, String name, Map<String, Object> settings) {
        return new LogScan(consumer(endpoint, name, settings));
    }

    /** A consumer of bytes that is in no group and commits nothing. */
    static KafkaConsumer<byte[], byte[]> consumer(KafkaEndpoint endpoint, String name, Map<String, Object> settings) {
        Map<String, Object> properties = endpoint.properties(name);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_AT_ONCE);
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

    /** Told how far a scan has come. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * Told after every fetch.
         *
         * @param read offsets read so far, 0 to {@code all}
         * @param all offsets to be read
         */
        void at(long read, long all);
    }

    /** What partitions hold at one moment: of each, the first offset and the one after the last. */
    public record Extent(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        public Extent {
            begins = Map.copyOf(begins);
            ends = Map.copyOf(ends);
        }

        /** The first offset of a partition. */
        public long begin(TopicPartition partition) {
            return begins.getOrDefault(partition, 0L);
        }

        /** The offset after the last of a partition. */
        public long end(TopicPartition partition) {
            return ends.getOrDefault(partition, 0L);
        }
    }

    /**
     * Every partition of a topic.
     *
     * @throws Refusal if the topic does not exist
     */
    public List<TopicPartition> partitions(String topic) {
        return partitionsOf(consumer, topic);
    }

    /**
     * What partitions hold now.
     *
     * @throws KafkaException if the log's ends cannot be learned now
     */
    public Extent extent(List<TopicPartition> partitions) {
        return new Extent(consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
    }

    /** As {@link #read(Extent, LogHandler, Watcher)}, of all that the topic holds now. */
    public void read(String topic, LogHandler handler, Watcher watcher) {
        read(extent(partitions(topic)), handler, watcher);
    }

    /** As {@link #read(String, LogHandler, Watcher)}, unwatched. */
    public void read(String topic, LogHandler handler) {
        read(topic, handler, (read, all) -> {});
    }

    /**
     * Hands over every record, on the caller's thread.
     *
     * @throws KafkaException if the log cannot be read now, or nothing came for 30 s
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
     * Hands over the records of one partition from one offset up to, not including, another, on the caller's thread.
     *
     * @param watcher told after every fetch of the offsets read, of {@code end - begin}
     * @throws KafkaException if the log cannot be read now, or nothing came for 30 s
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
                // After the handler, which may take its time.
                moved = System.nanoTime();
                watcher.at(position - begin, end - begin);
            } else if (System.nanoTime() - moved > NO_PROGRESS_LIMIT.toNanos()) {
                throw new TimeoutException("Nothing came from " + partition + " at offset " + position + " for "
                        + NO_PROGRESS_LIMIT.toSeconds() + " s.");
            }
        }
    }

    /** Fetches nothing until the next read. */
    public void rest() {
        consumer.unsubscribe();
    }

    /** Closes in order though the thread was interrupted, as by Ctrl-C; the interrupt stays for the caller. */
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
