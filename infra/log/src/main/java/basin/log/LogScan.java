package basin.log;

import basin.study.Refusal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads a topic once, from its beginning to the end that it has when that is asked for: partition after partition, so that the same
 * log comes in the same order. Holds no more than one fetch. Of one thread.
 */
public final class LogScan implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration NO_PROGRESS_LIMIT = Duration.ofSeconds(30);

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
        return new LogScan(LogTail.consumer(endpoint, name));
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

    /**
     * What a topic holds at one moment: by partition, the first offset and the one after the last.
     *
     * @param topic the topic
     */
    public record Extent(String topic, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        public Extent {
            begins = Map.copyOf(begins);
            ends = Map.copyOf(ends);
        }

        private long size(TopicPartition partition) {
            return ends.getOrDefault(partition, 0L) - begins.getOrDefault(partition, 0L);
        }
    }

    /**
     * What the topic holds now.
     *
     * @throws Refusal if the topic does not exist
     * @throws KafkaException if the log's ends cannot be learned now
     */
    public Extent extent(String topic) {
        List<TopicPartition> partitions = LogTail.partitionsOf(consumer, topic);
        return new Extent(topic, consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
    }

    /** As {@link #read(Extent, LogHandler, Watcher)}, of all that the topic holds now. */
    public void read(String topic, LogHandler handler, Watcher watcher) {
        read(extent(topic), handler, watcher);
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
        long all = partitions.stream().mapToLong(extent::size).sum();
        long before = 0;
        for (TopicPartition partition : partitions) {
            long begin = extent.begins().getOrDefault(partition, 0L);
            long end = extent.ends().getOrDefault(partition, 0L);
            long already = before;
            read(consumer, partition, begin, end, handler, (read, _) -> watcher.at(already + read, all));
            before += extent.size(partition);
        }
    }

    /**
     * Hands over the records of one partition from one offset up to, not including, another, on the caller's thread.
     *
     * @param consumer reads; is assigned the partition
     * @param watcher told after every fetch of the offsets read, of {@code end - begin}
     * @throws KafkaException if the log cannot be read now, or nothing came for 30 s
     */
    public static void read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long begin,
            long end,
            LogHandler handler,
            Watcher watcher) {
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

    @Override
    public void close() {
        close(consumer);
    }

    /** Closes in order though the thread was interrupted, as by Ctrl-C; the interrupt stays for the caller. */
    public static void close(KafkaConsumer<?, ?> consumer) {
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
