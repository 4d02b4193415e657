package basin.log.admin;

import basin.log.KafkaEndpoint;
import basin.log.LogScan;
import basin.log.deadletter.OpenDeadLetters;
import basin.record.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * A check of a running Kafka cluster against Basin's needs: broker, topics, share groups and dead
 * letters.
 */
public final class ClusterReport {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final List<Line> lines = new ArrayList<>();

    private ClusterReport() {}

    /**
     * The result of one check.
     *
     * @param well whether the check passed
     * @param text the finding and, if the check failed, the fix
     */
    public record Line(boolean well, String text) {}

    /** Runs all checks. A check that cannot be completed is reported as failed. */
    public static List<Line> of(KafkaEndpoint endpoint) throws InterruptedException {
        ClusterReport report = new ClusterReport();
        try (Admin admin = Admin.create(endpoint.properties("doctor"))) {
            report.broker(admin, endpoint);
            Set<String> there = report.topics(admin);
            for (Topic topic : Topic.values()) {
                if (topic.kind() == Topic.Kind.WORK && there.contains(topic.topicName())) {
                    report.group(admin, topic.topicName());
                }
            }
            if (there.contains(Topic.DEAD_LETTER.topicName())) {
                report.deadLetters(endpoint);
            }
        } catch (KafkaException | ExecutionException | TimeoutException failed) {
            report.addLine(
                    false,
                    "Kafka at " + endpoint.bootstrapServers() + " does not answer what it is asked ("
                            + failed.getClass().getSimpleName() + "): look at its log.");
        }
        return List.copyOf(report.lines);
    }

    private void addLine(boolean well, String text) {
        lines.add(new Line(well, text));
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void broker(Admin admin, KafkaEndpoint endpoint)
            throws InterruptedException, ExecutionException, TimeoutException {
        int nodes = get(admin.describeCluster().nodes()).size();
        addLine(
                true,
                "broker: " + endpoint.bootstrapServers() + " answers, " + nodes + (nodes == 1 ? " node" : " nodes"));
        var share = get(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("share.version");
        boolean on = share != null && share.maxVersionLevel() > 0;
        addLine(
                on,
                on
                        ? "broker: share groups are on"
                        : "broker: share groups are off; turn them on with"
                                + " 'kafka-features.sh upgrade --feature share.version=1', in Kafka 4.2 or newer");
    }

    private Set<String> topics(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> there = get(admin.listTopics().names());
        List<TopicSpec> wanted = TopicSpec.all();
        List<String> missing = wanted.stream()
                .map(TopicSpec::name)
                .filter(name -> !there.contains(name))
                .toList();
        missing.forEach(name -> addLine(false, "topic " + name + " is missing; make it with infra/basin topics"));
        List<TopicSpec> present =
                wanted.stream().filter(topic -> there.contains(topic.name())).toList();
        Map<String, TopicDescription> described =
                get(admin.describeTopics(present.stream().map(TopicSpec::name).toList())
                        .allTopicNames());
        Map<ConfigResource, Config> configs = get(admin.describeConfigs(present.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                        .toList())
                .all());
        int before = lines.size();
        for (TopicSpec topic : present) {
            TopicDescription description = described.get(topic.name());
            if (description != null
                    && description.partitions().stream().anyMatch(partition -> partition.leader() == null)) {
                addLine(
                        false,
                        "topic " + topic.name() + " has a partition without a leader; start the broker that holds it");
            }
            Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
            topic.config().forEach((key, value) -> {
                String actual = config == null || config.get(key) == null
                        ? ""
                        : config.get(key).value();
                if (!value.equals(actual)) {
                    addLine(
                            false,
                            "topic " + topic.name() + " has " + key + "=" + actual + " instead of " + value
                                    + "; set it with kafka-configs.sh --alter --entity-type topics");
                }
            });
        }
        if (missing.isEmpty() && lines.size() == before) {
            addLine(true, "topics: all " + wanted.size() + " are there with their settings");
        }
        return there;
    }

    private void group(Admin admin, String group) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            int members = get(admin.describeShareGroups(List.of(group))
                            .describedGroups()
                            .getOrDefault(group, KafkaFuture.completedFuture(null)))
                    .members()
                    .size();
            long lag = get(admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                            .partitionsToOffsetInfo(group))
                    .values()
                    .stream()
                    .mapToLong(info -> info == null ? 0 : info.lag().orElse(0L))
                    .sum();
            addLine(
                    members > 0 || lag == 0,
                    "share group " + group + ": " + members + " taking work, " + lag + " work items not done"
                            + (members == 0 && lag > 0 ? "; start the service that does them" : ""));
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof GroupIdNotFoundException)) {
                throw failed;
            }
            addLine(false, "share group " + group + " does not exist; start the service that does its work");
        }
    }

    private void deadLetters(KafkaEndpoint endpoint) {
        OpenDeadLetters deadLetters = new OpenDeadLetters();
        try (LogScan scan = endpoint.scan("doctor")) {
            scan.read(Topic.DEAD_LETTER.topicName(), deadLetters::take);
        }
        int open = deadLetters.count();
        addLine(
                open == 0,
                open == 0
                        ? "dead letters: none"
                        : "dead letters: " + open
                                + " records were given up; infra/basin dead-letters list says why, and"
                                + " infra/basin dead-letters redrive tries them again");
    }
}
