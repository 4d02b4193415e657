package basin.log.admin;

import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.StoredTopic;
import basin.log.blob.BlobLocation;
import basin.record.Event;
import basin.record.Topic;
import basin.study.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds out whether a record is whole: whether it has all topics and partitions with their first
 * records, the weights that its checkpoints name, and the settings that keep it so. Reads the
 * extents of topics and the events of checkpoints, and nothing else. Confined to one thread.
 */
public final class RecordCondition {
    private static final String ELSEWHERE = "go back to a backup, or import an export into a new folder with '"
            + Program.NAME + " import FILE --data NEW'";

    private final LogScan scan;
    private final Map<String, StoredTopic> topics;
    private final List<RecordFault> faults = new ArrayList<>();

    private RecordCondition(LogScan scan, Map<String, StoredTopic> topics) {
        this.scan = scan;
        this.topics = topics;
    }

    /**
     * Returns everything that is wrong with a record; nothing if it has not begun.
     *
     * @throws KafkaException if the log cannot be read now
     */
    public static List<RecordFault> of(LogSource log) {
        Map<String, StoredTopic> topics =
                log.topics(Arrays.stream(Topic.values()).map(Topic::topicName).toList());
        if (topics.isEmpty()) {
            return List.of();
        }
        try (LogScan scan = log.scan("condition")) {
            RecordCondition condition = new RecordCondition(scan, topics);
            condition.look();
            return List.copyOf(condition.faults);
        }
    }

    /**
     * Returns all faults that {@linkplain RecordFault#harms() harm} a record, a sentence each, as
     * {@link #of} finds them.
     */
    public static List<String> sentences(LogSource log) {
        return of(log).stream()
                .filter(RecordFault::harms)
                .map(RecordFault::sentence)
                .toList();
    }

    private void look() {
        Map<Topic, LogScan.Extent> extents = new TreeMap<>();
        for (Topic topic : Topic.values()) {
            if (topic.kind() != Topic.Kind.COMPACTED) {
                extents.put(topic, scan.extent(topic.topicName()));
            }
        }
        // A topic is lost only where there is a record that could have used it. Before that the
        // topics may be in the making.
        if (extents.values().stream().anyMatch(extent -> extent.length() > 0)) {
            extents.forEach(this::records);
        }
        for (Topic topic : Topic.values()) {
            StoredTopic stored = topics.get(topic.topicName());
            if (stored != null) {
                settings(topic, stored);
            }
        }
    }

    private void records(Topic topic, LogScan.Extent extent) {
        String name = topic.topicName();
        StoredTopic stored = topics.get(name);
        Set<Integer> left =
                extent.begins().keySet().stream().map(TopicPartition::partition).collect(Collectors.toSet());
        if (stored == null || left.isEmpty()) {
            lost(topic, extent, "the topic " + name + " is lost with all of its records");
            return;
        }
        int before = faults.size();
        TreeSet<Integer> missing = new TreeSet<>(stored.partitions());
        missing.removeAll(left);
        if (!missing.isEmpty()) {
            lost(
                    topic,
                    extent,
                    (missing.size() == 1 ? "partition " : "partitions ")
                            + missing.stream().map(String::valueOf).collect(Collectors.joining(" and ")) + " of " + name
                            + (missing.size() == 1 ? " is" : " are") + " lost with all records");
        }
        long gone = extent.begins().values().stream().mapToLong(Long::longValue).sum();
        if (gone > 0) {
            add(
                    RecordFault.Kind.DELETED,
                    topic,
                    count(gone, "record is", "records are") + " gone from the head of " + name + ", so "
                            + meaning(topic, extent) + "; " + remedy(topic));
        }
        if (topic == Topic.WEIGHTS && faults.size() == before) {
            Weights weights = weights(extent);
            if (weights.gone() > 0) {
                add(
                        RecordFault.Kind.WEIGHTS,
                        topic,
                        "the weights of " + weights + " are gone from " + name
                                + ", so the numbers stay right but nothing can be measured again from them; "
                                + ELSEWHERE);
            }
        }
    }

    private void lost(Topic topic, LogScan.Extent extent, String what) {
        add(RecordFault.Kind.LOST, topic, what + ", so " + meaning(topic, extent) + "; " + remedy(topic));
    }

    private void add(RecordFault.Kind kind, Topic topic, String text) {
        faults.add(new RecordFault(kind, topic.topicName(), text));
    }

    private static String count(long number, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : several);
    }

    /** Returns what it means for the numbers that records of a topic are gone. */
    private String meaning(Topic topic, LogScan.Extent extent) {
        return switch (topic) {
            case STUDY -> "studies, or pauses and cancellations of them, are unknown here";
            case RUN -> "runs are missing, or never end, and every number is of those that are left";
            case LOSS -> "curves of the loss have gaps";
            case CHECKPOINT ->
                "checkpoints are missing with all that was measured of them, and every number is of those"
                        + " that are left";
            case FLATNESS -> "measurements of flatness are missing, and every number is of those that are left";
            case DOWNSTREAM -> "accuracies are missing, and every number is of those that are left";
            case WEIGHTS ->
                "the numbers stay right but nothing can be measured again from the weights of " + weights(extent);
            case DEAD_LETTER -> "work that was given up may look as if it were still to come";
            case WORK_STUDY, WORK_RUN, WORK_PROBE, WORK_EVALUATE ->
                "work may never be done, though the recorded numbers stay right";
            case CORRELATION, RESUME, SNAPSHOT ->
                throw new IllegalArgumentException("Topic " + topic + " is not kept for ever.");
        };
    }

    private static String remedy(Topic topic) {
        return topic.kind() == Topic.Kind.WORK
                ? "pause and resume the study, which asks for the work again"
                : ELSEWHERE;
    }

    /**
     * The checkpoints whose weights are gone.
     *
     * @param all number of checkpoints with weights on record
     */
    private record Weights(long gone, long all) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,d of %s", gone, count(all, "checkpoint", "checkpoints"));
        }
    }

    private Weights weights(LogScan.Extent extent) {
        Map<String, Boolean> known = new HashMap<>();
        scan.read(Topic.CHECKPOINT.topicName(), record -> {
            if (record.event().orElse(null) instanceof Event.CheckpointPublished checkpoint) {
                var weights = checkpoint.weights();
                BlobLocation.fromHeaders(record.headers(), weights.chunks(), weights.bytes(), weights.sha256())
                        .ifPresent(
                                place -> known.put(checkpoint.runId() + "/" + checkpoint.step(), holds(extent, place)));
            }
        });
        return new Weights(known.values().stream().filter(there -> !there).count(), known.size());
    }

    private static boolean holds(LogScan.Extent extent, BlobLocation place) {
        TopicPartition partition = new TopicPartition(place.topic(), place.partition());
        return extent.begin(partition) <= place.firstOffset() && place.lastOffset() < extent.end(partition);
    }

    private void settings(Topic topic, StoredTopic stored) {
        TopicSpec.of(topic)
                .deviations(stored)
                .forEach(deviation -> add(
                        deviation.tuning() ? RecordFault.Kind.TUNING : RecordFault.Kind.SETTING,
                        topic,
                        topic.topicName() + " has " + deviation));
    }
}
