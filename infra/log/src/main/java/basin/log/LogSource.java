package basin.log;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/** A place that holds a log: a Kafka cluster, or the folder of a broker. Thread-safe. */
public interface LogSource {
    /**
     * Opens a scan that reads topics from beginning to end.
     *
     * @param name purpose of the scan, in one word
     */
    LogScan scan(String name);

    /**
     * Opens a scan for short ranges at known offsets. An offset that the log no longer has is an
     * error.
     *
     * @param name purpose of the scan, in one word
     */
    LogScan ranges(String name);

    /**
     * Returns those of the topics that exist, by name.
     *
     * @throws KafkaException if a cluster cannot be asked now
     */
    Map<String, StoredTopic> topics(Collection<String> names);
}
