package basin.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A scan through a consumer of its own. Holds at most one fetch in memory. Not thread-safe. */
final class ConsumerScan implements LogScan {
    private static final Duration POLL = Duration.ofMillis(500);
    /**
     * Number of polls in sequence that may bring nothing. Counted, because the time of a suspended
     * machine is not the broker's.
     */
    private static final int MAX_VAIN_POLLS = 120;

    /** Enough to share among processors, and few enough to close in time. */
    private static final int MAX_POLL_RECORDS = 2000;

    private final KafkaConsumer<byte[], byte[]> consumer;

    private ConsumerScan(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * Opens a scan with its own connection.
     *
     * @param name purpose of the scan, in one word; the prefix of its client id
     * @param settings consumer properties by Kafka's names
     */
    static ConsumerScan open(KafkaEndpoint endpoint, String name, Map<String, Object> settings) {
        return new ConsumerScan(consumer(endpoint, name, settings));
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

    /** Returns the partitions of a topic; none if the cluster lacks the topic. */
    static List<TopicPartition> partitionsOf(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> known =
                Optional.ofNullable(consumer.partitionsFor(topic)).orElse(List.of());
        return known.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    @Override
    public List<TopicPartition> partitions(String topic) {
        return partitionsOf(consumer, topic);
    }

    @Override
    public Extent extent(List<TopicPartition> partitions) {
        return new Extent(consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
    }

    @Override
    public void read(TopicPartition partition, long begin, long end, LogHandler handler, Watcher watcher) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, begin);
        long position = begin;
        int vain = 0;
        while (position < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end) {
                    handler.take(LogRecord.of(record));
                }
            }
            long now = Math.min(end, consumer.position(partition));
            if (now > position) {
                position = now;
                vain = 0;
                watcher.at(position - begin, end - begin);
            } else if (++vain > MAX_VAIN_POLLS) {
                throw new TimeoutException("Nothing came from " + partition + " at offset " + position + " for "
                        + POLL.multipliedBy(MAX_VAIN_POLLS).toSeconds() + " s.");
            }
        }
    }

    @Override
    public void rest() {
        consumer.unsubscribe();
    }

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
