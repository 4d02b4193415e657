package basin.log.admin;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

/** Makes topics and settles share groups. Safe for use by several threads. */
public final class TopicAdmin implements AutoCloseable {
    private static final Duration LEADERS_LIMIT = Duration.ofSeconds(10);

    private final Admin admin;

    private TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /** Connects lazily: a broker that is away is noticed at the first call. */
    public static TopicAdmin open(KafkaEndpoint endpoint) {
        return new TopicAdmin(Admin.create(endpoint.properties("admin")));
    }

    /**
     * Makes those of the topics that do not exist. A topic that exists is left as it is, whatever its partitions and
     * configuration.
     *
     * @throws KafkaException if the broker refuses one of them or cannot be reached
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
                    // Which is what was asked for.
                }
            }
            topicAdmin.awaitLeaders(wanted.stream().map(NewTopic::name).toList());
        }
    }

    /** The controller answers before the brokers know: a client that came at once would be turned away. */
    private void awaitLeaders(List<String> topics) {
        Instant limit = Instant.now().plus(LEADERS_LIMIT);
        while (true) {
            try {
                // Only the leader of a partition answers this.
                List<LogPosition> _ = ends(topics);
                return;
            } catch (RetriableException notYet) {
                if (Instant.now().isAfter(limit)) {
                    throw notYet;
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    /**
     * Settles how a share group takes its work, which must come before its first member: from the earliest record on,
     * with renewable locks.
     *
     * @param lock how long a record stays with a member that says nothing
     * @param deliveries after how many deliveries the broker gives a record up
     */
    public void settleShareGroup(String group, Duration lock, int deliveries) {
        Map<String, String> wanted = Map.of(
                "share.auto.offset.reset",
                "earliest",
                "share.record.lock.duration.ms",
                Long.toString(lock.toMillis()),
                "share.renew.acknowledge.enable",
                "true",
                "share.delivery.count.limit",
                Integer.toString(deliveries));
        List<AlterConfigOp> changes = wanted.entrySet().stream()
                .map(one -> new AlterConfigOp(new ConfigEntry(one.getKey(), one.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        await(admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), changes))
                .all());
    }

    /**
     * How far a share group has come with a topic. A partition that the group has not begun to read is absent.
     *
     * @return the group's progress by partition
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
     * Which topics these are: a topic that is deleted and made again has the same name and another id.
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

    /** Where partitions end now: the offset that the next record will have. */
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
