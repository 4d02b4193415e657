package basin.log.admin;

import basin.log.LogWriter;
import basin.record.Topic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The desired state of a topic.
 *
 * @param name topic name
 * @param partitions number of partitions, 1 or more
 * @param config topic configuration by Kafka's names
 */
public record TopicSpec(String name, int partitions, Map<String, String> config) {
    private static final int RECORD_PARTITIONS = 3;

    public TopicSpec {
        if (partitions < 1) {
            throw new IllegalArgumentException(
                    "partitions of topic " + name + " is " + partitions + "; use 1 or more.");
        }
        config = Map.copyOf(config);
    }

    /** Returns the settings of one of Basin's topics. */
    public static TopicSpec of(Topic topic) {
        return switch (topic.kind()) {
            case RECORD ->
                topic == Topic.DEAD_LETTER ? deadLetters() : keptForEver(topic.topicName(), RECORD_PARTITIONS);
            // A share group distributes work within one partition, and a single partition keeps the
            // order of writing.
            case WORK -> keptForEver(topic.topicName(), 1);
            case COMPACTED -> compacted(topic.topicName(), topic == Topic.RESUME ? RECORD_PARTITIONS : 1);
        };
    }

    /** Returns the settings of all of Basin's topics. */
    public static List<TopicSpec> all() {
        return Arrays.stream(Topic.values()).map(TopicSpec::of).toList();
    }

    /**
     * Returns the settings of a topic without retention limits, with room for what dead-lettering
     * adds to the largest record.
     */
    private static TopicSpec deadLetters() {
        TopicSpec kept = keptForEver(Topic.DEAD_LETTER.topicName(), 1);
        Map<String, String> config = new HashMap<>(kept.config());
        config.put("max.message.bytes", String.valueOf(LogWriter.MAX_DEAD_LETTER_BYTES));
        return new TopicSpec(kept.name(), kept.partitions(), config);
    }

    /**
     * Returns the settings of a topic that keeps every record for ever: events, weights and work.
     */
    public static TopicSpec keptForEver(String name, int partitions) {
        return new TopicSpec(
                name, partitions, Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1"));
    }

    /** Returns the settings of a topic that keeps at least the newest record of every key. */
    public static TopicSpec compacted(String name, int partitions) {
        // Large states are overwritten often, so segments are small and cleaned soon.
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
