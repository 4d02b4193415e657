package basin.log;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a topic once, from its beginning to its end at the time of the call. Reads one partition
 * after another, so the same log yields the same order. Not thread-safe.
 */
public interface LogScan extends AutoCloseable {
    /** A listener for the progress of a scan. */
    @FunctionalInterface
    interface Watcher {
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
    record Extent(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
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

        /** Returns the number of offsets, over all partitions. */
        public long length() {
            return begins.keySet().stream()
                    .mapToLong(partition -> end(partition) - begin(partition))
                    .sum();
        }
    }

    /** Returns every partition of a topic; none if the log lacks the topic. */
    List<TopicPartition> partitions(String topic);

    /**
     * Returns the current extent of partitions.
     *
     * @throws KafkaException if the log's end offsets cannot be fetched now
     */
    Extent extent(List<TopicPartition> partitions);

    /** Returns the current extent of a topic, like {@link #extent(List)}. */
    default Extent extent(String topic) {
        return extent(partitions(topic));
    }

    /**
     * Reads everything that the topic holds now, as {@link #read(Extent, LogHandler, Watcher)}
     * does.
     */
    default void read(String topic, LogHandler handler, Watcher watcher) {
        read(extent(topic), handler, watcher);
    }

    /** Reads as {@link #read(String, LogHandler, Watcher)} does, without reporting progress. */
    default void read(String topic, LogHandler handler) {
        read(topic, handler, (read, all) -> {});
    }

    /**
     * Passes every record to the handler, on the caller's thread.
     *
     * @throws KafkaException if the log cannot be read now, or no record arrives for 60 s
     */
    default void read(Extent extent, LogHandler handler, Watcher watcher) {
        List<TopicPartition> partitions = extent.begins().keySet().stream()
                .sorted(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
                .toList();
        long all = extent.length();
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
     * @throws KafkaException if the log cannot be read now, or no record arrives for 60 s
     */
    void read(TopicPartition partition, long begin, long end, LogHandler handler, Watcher watcher);

    /** Stops fetching until the next read. */
    void rest();

    /** Closes the scan cleanly even if the thread is interrupted, which remains set. */
    @Override
    void close();
}
