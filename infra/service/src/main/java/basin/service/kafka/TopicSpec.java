package basin.service.kafka;

import java.util.Map;

/**
 * A topic as it should be.
 *
 * @param name the topic's name
 * @param partitions how many partitions it has, 1 or more
 * @param config topic configuration by Kafka's names
 */
public record TopicSpec(String name, int partitions, Map<String, String> config) {
    public TopicSpec {
        if (partitions < 1) {
            throw new IllegalArgumentException(
                    "partitions of topic " + name + " is " + partitions + "; use 1 or more.");
        }
        config = Map.copyOf(config);
    }

    /** A topic that keeps every record for ever: the record of what happened, the weights, the work. */
    public static TopicSpec keptForEver(String name, int partitions) {
        return new TopicSpec(
                name, partitions, Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1"));
    }

    /** A topic that keeps at least the newest record of every key. */
    public static TopicSpec compacted(String name, int partitions) {
        // A state of many megabytes is overwritten often: clean soon, in small segments, and leave little that is dead.
        return new TopicSpec(
                name,
                partitions,
                Map.of(
                        "cleanup.policy",
                        "compact",
                        "segment.bytes",
                        "67108864",
                        "min.cleanable.dirty.ratio",
                        "0.3",
                        "delete.retention.ms",
                        "3600000"));
    }
}
