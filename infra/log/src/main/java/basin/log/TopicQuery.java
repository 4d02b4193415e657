package basin.log;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Questions about topics to a cluster. */
final class TopicQuery {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private TopicQuery() {}

    static Map<String, StoredTopic> topics(KafkaEndpoint endpoint, Collection<String> names) {
        Map<String, Object> properties = endpoint.properties("topics");
        properties.put("default.api.timeout.ms", Math.toIntExact(LIMIT.toMillis()));
        properties.put("request.timeout.ms", Math.toIntExact(LIMIT.toMillis()));
        try (Admin admin = Admin.create(properties)) {
            Set<String> there = new HashSet<>(await(admin.listTopics().names()));
            there.retainAll(Set.copyOf(names));
            Map<String, StoredTopic> topics = new HashMap<>();
            Map<String, Map<String, String>> settings = settings(admin, there);
            admin.describeTopics(there).topicNameValues().forEach((name, answer) -> {
                try {
                    topics.put(name, topic(await(answer), settings.getOrDefault(name, Map.of())));
                } catch (UnknownTopicOrPartitionException deletedMeanwhile) {
                    // Absent from the answer.
                }
            });
            return topics;
        }
    }

    private static StoredTopic topic(TopicDescription description, Map<String, String> settings) {
        List<TopicPartitionInfo> partitions = description.partitions();
        return new StoredTopic(
                partitions.stream().map(TopicPartitionInfo::partition).collect(Collectors.toSet()),
                partitions.stream()
                        .mapToInt(partition -> partition.replicas().size())
                        .min()
                        .orElse(1),
                settings);
    }

    /** Returns the settings of those topics whose settings the user may read. */
    private static Map<String, Map<String, String>> settings(Admin admin, Collection<String> names) {
        Map<String, Map<String, String>> settings = new HashMap<>();
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        admin.describeConfigs(resources).values().forEach((resource, answer) -> {
            try {
                settings.put(resource.name(), values(await(answer)));
            } catch (AuthorizationException | UnknownTopicOrPartitionException notTold) {
                // Absent from the answer.
            }
        });
        return settings;
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        }
        return values;
    }

    private static <T> T await(KafkaFuture<T> answer) {
        return LogWriter.await(answer.toCompletionStage().toCompletableFuture());
    }
}
