package basin.log.admin;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogWriter;
import basin.log.StoredTopic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics and configures share groups. Thread-safe. */
public final class TopicAdmin implements AutoCloseable {
    private static final Duration LEADERS_LIMIT = Duration.ofMinutes(5);

    private final Admin admin;

    private TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /** Opens a lazy connection. The first call reports an unavailable broker. */
    public static TopicAdmin open(KafkaEndpoint endpoint) {
        return new TopicAdmin(Admin.create(endpoint.properties("admin")));
    }

    /**
     * Creates the topics that do not exist. Existing topics are unchanged, whatever their
     * partitions and configuration.
     *
     * @throws KafkaException if the broker refuses a topic or cannot be reached
     */
    public static void ensure(KafkaEndpoint endpoint, Collection<TopicSpec> topics) {
        List<NewTopic> wanted = topics.stream()
                .map(topic -> new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                        .configs(topic.config()))
                .toList();
        try (TopicAdmin topicAdmin = open(endpoint)) {
            for (KafkaFuture<Void> made :
                    topicAdmin.admin.createTopics(wanted).values().values()) {
                try {
                    await(made);
                } catch (TopicExistsException alreadyThere) {
                    // The desired state.
                }
            }
            topicAdmin.awaitLeaders(wanted.stream().map(NewTopic::name).toList());
        }
    }

    /**
     * Sets the settings back in which existing topics differ from what they should have. Numbers of
     * partitions stay as they are.
     *
     * @return what was set, as {@code topic setting=value}, sorted
     * @throws KafkaException if the broker refuses a setting or cannot be reached
     */
    public static List<String> mend(KafkaEndpoint endpoint, Collection<TopicSpec> topics) {
        Map<String, StoredTopic> there =
                endpoint.topics(topics.stream().map(TopicSpec::name).toList());
        Map<String, Map<String, String>> mending = new TreeMap<>();
        for (TopicSpec topic : topics) {
            StoredTopic stored = there.get(topic.name());
            if (stored != null && !topic.mending(stored).isEmpty()) {
                mending.put(topic.name(), new TreeMap<>(topic.mending(stored)));
            }
        }
        try (TopicAdmin topicAdmin = open(endpoint)) {
            mending.forEach((topic, settings) -> topicAdmin.alter(ConfigResource.Type.TOPIC, topic, settings));
        }
        return mending.entrySet().stream()
                .flatMap(topic -> topic.getValue().entrySet().stream().map(setting -> topic.getKey() + " " + setting))
                .toList();
    }

    private void alter(ConfigResource.Type type, String name, Map<String, String> settings) {
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(one -> new AlterConfigOp(new ConfigEntry(one.getKey(), one.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        await(admin.incrementalAlterConfigs(Map.of(new ConfigResource(type, name), changes))
                .all());
    }

    /**
     * Waits for the partitions' leaders. The controller answers before the brokers know of a topic,
     * and would reject clients that come at once.
     */
    private void awaitLeaders(List<String> topics) {
        long limit = System.nanoTime() + LEADERS_LIMIT.toNanos();
        while (true) {
            try {
                // Only the leader of a partition answers this request.
                List<LogPosition> _ = ends(topics);
                return;
            } catch (RetriableException notYet) {
                if (System.nanoTime() - limit > 0) {
                    throw notYet;
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    /**
     * Configures a share group, which must happen before its first member joins. The group starts
     * at the earliest record, with renewable locks.
     */
    public void settleShareGroup(String group, ShareGroupSpec spec) {
        alter(ConfigResource.Type.GROUP, group, spec.config());
    }

    /**
     * Returns a share group's progress in a topic. Partitions that the group has not begun to read
     * are absent.
     *
     * @return progress by partition
     */
    public Map<Integer, ShareProgress> shareGroupProgress(String group, String topic) {
        try {
            Map<Integer, ShareProgress> progress = new HashMap<>();
            await(admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                            .partitionsToOffsetInfo(group))
                    .forEach((partition, info) -> {
                        if (partition.topic().equals(topic) && info != null && info.startOffset() >= 0) {
                            progress.put(partition.partition(), new ShareProgress(info.startOffset(), info.lag()));
                        }
                    });
            return Map.copyOf(progress);
        } catch (GroupIdNotFoundException notYet) {
            return Map.of();
        }
    }

    /**
     * Returns the ids of topics. A topic that is deleted and created again keeps its name but gets
     * another id.
     *
     * @return ids by name, of the topics that exist
     */
    public Map<String, String> topicIds(Collection<String> topics) {
        Set<String> there = new HashSet<>(await(admin.listTopics().names()));
        there.retainAll(new HashSet<>(topics));
        Map<String, String> ids = new HashMap<>();
        await(admin.describeTopics(there).allTopicNames())
                .forEach((name, description) ->
                        ids.put(name, description.topicId().toString()));
        return Map.copyOf(ids);
    }

    /** Returns the end offset of every partition: the offset that its next record will have. */
    public List<LogPosition> ends(Collection<String> topics) {
        Map<TopicPartition, OffsetSpec> requested = new HashMap<>();
        await(admin.describeTopics(topics).allTopicNames())
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition ->
                                requested.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
        return await(admin.listOffsets(requested).all()).entrySet().stream()
                .map(end -> new LogPosition(
                        end.getKey().topic(),
                        end.getKey().partition(),
                        end.getValue().offset()))
                .toList();
    }

    private static <T> T await(KafkaFuture<T> answer) {
        return LogWriter.await(answer.toCompletionStage().toCompletableFuture());
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
