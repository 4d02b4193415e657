package basin.log.admin;

import basin.log.LogWriter;
import basin.log.StoredTopic;
import basin.record.Topic;
import basin.study.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The desired state of a topic: what it is made with, and what it is checked against.
 *
 * @param name topic name
 * @param partitions number of partitions, 1 or more
 * @param config topic configuration by Kafka's names
 */
public record TopicSpec(String name, int partitions, Map<String, String> config) {
    private static final int RECORD_PARTITIONS = 3;
    private static final String MAX_BYTES = "max.message.bytes";
    private static final String IN_SYNC = "min.insync.replicas";
    private static final Set<String> TUNING =
            Set.of("segment.bytes", "min.cleanable.dirty.ratio", "delete.retention.ms");
    private static final String MEND = "'" + Program.NAME + " topics --mend' sets it back";

    /** Kafka's default, which leaves room for the header of a batch. */
    private static final int OVERHEAD_BYTES = 12;

    public TopicSpec {
        if (partitions < 1) {
            throw new IllegalArgumentException(
                    "partitions of topic " + name + " is " + partitions + "; use 1 or more.");
        }
        config = Map.copyOf(config);
    }

    /**
     * A setting of a topic that is not as desired.
     *
     * @param actual the setting with its value, and what it should be
     * @param meaning what comes of it
     * @param remedy what to do
     * @param tuning whether it costs no record, but time or space
     */
    record Deviation(String actual, String meaning, String remedy, boolean tuning) {
        @Override
        public String toString() {
            return actual + ", so " + meaning + "; " + remedy;
        }
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
        return of(Topic.DEAD_LETTER.topicName(), 1, kept(), LogWriter.MAX_DEAD_LETTER_BYTES);
    }

    /**
     * Returns the settings of a topic that keeps every record for ever: events, weights and work.
     */
    public static TopicSpec keptForEver(String name, int partitions) {
        return of(name, partitions, kept(), LogWriter.MAX_RECORD_BYTES + OVERHEAD_BYTES);
    }

    private static Map<String, String> kept() {
        return Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1");
    }

    /** Returns the settings of a topic that keeps at least the newest record of every key. */
    public static TopicSpec compacted(String name, int partitions) {
        // Large states are overwritten often, so segments are small and cleaned soon.
        return of(
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
                        "3600000"),
                LogWriter.MAX_RECORD_BYTES + OVERHEAD_BYTES);
    }

    private static TopicSpec of(String name, int partitions, Map<String, String> own, int maxBytes) {
        Map<String, String> config = new HashMap<>(own);
        config.put(MAX_BYTES, String.valueOf(maxBytes));
        // Imported events keep the times of their first writing.
        config.put("message.timestamp.type", "CreateTime");
        config.put("unclean.leader.election.enable", "false");
        return new TopicSpec(name, partitions, config);
    }

    /**
     * Returns everything in which a topic differs from this, in the order of the settings' names.
     * Settings that cannot be read are left out.
     */
    List<Deviation> deviations(StoredTopic topic) {
        List<Deviation> deviations = new ArrayList<>();
        if (topic.partitions().size() != partitions) {
            deviations.add(new Deviation(
                    count(topic.partitions().size()) + " instead of " + partitions,
                    "records of one key lie in several of them, in no order",
                    "Kafka takes no partition back, so export the studies and import them into a new folder",
                    false));
        }
        new TreeMap<>(config).forEach((key, value) -> {
            String actual = topic.settings().get(key);
            if (actual != null && !suits(key, value, actual)) {
                deviations.add(new Deviation(
                        key + "=" + actual + " instead of " + value + (key.equals(MAX_BYTES) ? " or more" : ""),
                        meaning(key),
                        MEND,
                        TUNING.contains(key)));
            }
        });
        String inSync = topic.settings().get(IN_SYNC);
        if (inSync != null && Integer.parseInt(inSync) > topic.replicas()) {
            deviations.add(new Deviation(
                    IN_SYNC + "=" + inSync + " and "
                            + (topic.replicas() == 1 ? "1 replica" : topic.replicas() + " replicas"),
                    "Kafka accepts no record",
                    MEND,
                    false));
        }
        return deviations;
    }

    private static String count(int partitions) {
        return partitions == 1 ? "1 partition" : partitions + " partitions";
    }

    private static boolean suits(String key, String wanted, String actual) {
        return key.equals(MAX_BYTES) ? Long.parseLong(actual) >= Long.parseLong(wanted) : wanted.equals(actual);
    }

    private static String meaning(String key) {
        return switch (key) {
            case "retention.ms", "retention.bytes" -> "Kafka deletes records in time, and numbers will lack them";
            case "cleanup.policy" -> "Kafka removes records that are needed, and numbers will lack them";
            case MAX_BYTES -> "Kafka refuses larger records, and what is in them is never recorded";
            case "message.timestamp.type" -> "imported events lose their times";
            case "unclean.leader.election.enable" -> "Kafka may lose records that it acknowledged";
            default -> "old states of training take up more of the disk, or are read more slowly";
        };
    }

    /**
     * Returns the settings that mend a topic, by name.
     *
     * @param topic the topic as it is
     */
    Map<String, String> mending(StoredTopic topic) {
        Map<String, String> mending = new HashMap<>();
        config.forEach((key, value) -> {
            String actual = topic.settings().get(key);
            if (actual != null && !suits(key, value, actual)) {
                mending.put(key, value);
            }
        });
        String inSync = topic.settings().get(IN_SYNC);
        if (inSync != null && Integer.parseInt(inSync) > topic.replicas()) {
            mending.put(IN_SYNC, String.valueOf(topic.replicas()));
        }
        return mending;
    }
}
