package basin.log.admin;

import basin.log.KafkaEndpoint;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.StoredTopic;
import basin.log.deadletter.OpenDeadLetters;
import basin.record.Topic;
import basin.study.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * A check of a record against Basin's needs: broker, topics, share groups and dead letters of a
 * cluster, or topics and dead letters of a folder.
 */
public final class ClusterReport {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final LogSource log;
    private final List<Line> lines = new ArrayList<>();

    private ClusterReport(LogSource log) {
        this.log = log;
    }

    /** The result of a check. */
    public enum Verdict {
        /** The check passed. */
        OK,
        /** The check failed. */
        WRONG,
        /** The check could not be made here, which is no fault. */
        UNCHECKED
    }

    /**
     * One check with its result.
     *
     * @param text the finding and, if the check failed, the fix
     */
    public record Line(Verdict verdict, String text) {}

    /**
     * Runs all checks of a cluster. A check that cannot be completed is reported as failed.
     */
    public static List<Line> ofCluster(KafkaEndpoint endpoint) throws InterruptedException {
        ClusterReport report = new ClusterReport(endpoint);
        try (Admin admin = Admin.create(endpoint.properties("doctor"))) {
            report.broker(admin, endpoint);
            Set<String> there = report.topics();
            report.leaders(admin, there);
            for (Topic topic : Topic.values()) {
                if (topic.kind() == Topic.Kind.WORK && there.contains(topic.topicName())) {
                    report.group(admin, topic.topicName());
                }
            }
            report.deadLetters(there);
        } catch (KafkaException | ExecutionException | TimeoutException failed) {
            report.add(
                    Verdict.WRONG,
                    "Kafka at " + endpoint.bootstrapServers() + " does not answer requests ("
                            + failed.getClass().getSimpleName() + "): look at its log.");
        }
        return List.copyOf(report.lines);
    }

    /** Runs the checks of a folder that need no broker. */
    public static List<Line> ofFolder(LogSource log) {
        ClusterReport report = new ClusterReport(log);
        report.deadLetters(report.topics());
        report.add(
                Verdict.UNCHECKED,
                "broker and share groups: only a broker knows of them; ask it with " + Program.NAME
                        + " doctor --bootstrap");
        return List.copyOf(report.lines);
    }

    private void add(Verdict verdict, String text) {
        lines.add(new Line(verdict, text));
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void broker(Admin admin, KafkaEndpoint endpoint)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Node> nodes = List.copyOf(get(admin.describeCluster().nodes()));
        add(
                Verdict.OK,
                "broker: " + endpoint.bootstrapServers() + " answers, " + nodes.size()
                        + (nodes.size() == 1 ? " node" : " nodes"));
        var share = get(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("share.version");
        boolean on = share != null && share.maxVersionLevel() > 0;
        add(
                on ? Verdict.OK : Verdict.WRONG,
                on
                        ? "broker: share groups are on"
                        : "broker: share groups are off; turn them on with"
                                + " 'kafka-features.sh upgrade --feature share.version=1', in Kafka 4.2 or newer");
        for (Node node : nodes) {
            Map<String, String> settings = settings(admin, ConfigResource.Type.BROKER, node.idString());
            ShareGroupSpec.BROKER_LIMITS.forEach((key, least) -> {
                String actual = settings.get(key);
                if (actual != null && Long.parseLong(actual) < least) {
                    add(
                            Verdict.WRONG,
                            "broker: node " + node.idString() + " has " + key + "=" + actual + " instead of " + least
                                    + " or more, so it refuses Basin's share groups; set it in the broker's"
                                    + " properties");
                }
            });
        }
    }

    /** Returns the settings of a resource; none if the user may not read them. */
    private static Map<String, String> settings(Admin admin, ConfigResource.Type type, String name)
            throws InterruptedException, ExecutionException, TimeoutException {
        ConfigResource resource = new ConfigResource(type, name);
        try {
            Config config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);
            return config == null
                    ? Map.of()
                    : config.entries().stream()
                            .filter(entry -> entry.value() != null)
                            .collect(Collectors.toMap(entry -> entry.name(), entry -> entry.value()));
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AuthorizationException) {
                return Map.of();
            }
            throw failed;
        }
    }

    /** Checks the topics and the wholeness of what is in them, and returns those that exist. */
    private Set<String> topics() {
        List<TopicSpec> wanted = TopicSpec.all();
        Map<String, StoredTopic> there =
                log.topics(wanted.stream().map(TopicSpec::name).toList());
        List<RecordFault> faults = RecordCondition.of(log);
        Set<String> lost = faults.stream().map(RecordFault::topic).collect(Collectors.toSet());
        int before = lines.size();
        wanted.stream()
                .map(TopicSpec::name)
                .filter(name -> !there.containsKey(name) && !lost.contains(name))
                .forEach(name ->
                        add(Verdict.WRONG, "topic " + name + " is missing; make it with " + Program.NAME + " topics"));
        faults.forEach(fault -> add(Verdict.WRONG, fault.sentence()));
        boolean told =
                there.values().stream().noneMatch(topic -> topic.settings().isEmpty());
        if (lines.size() == before) {
            add(
                    Verdict.OK,
                    "topics: all " + wanted.size() + " are there" + (told ? " with their settings" : "")
                            + ", and none of their records is gone");
        }
        if (!told) {
            add(Verdict.UNCHECKED, "topics: settings that this user may not read were not checked");
        }
        return Set.copyOf(there.keySet());
    }

    private void leaders(Admin admin, Set<String> there)
            throws InterruptedException, ExecutionException, TimeoutException {
        new TreeMap<>(get(admin.describeTopics(there).allTopicNames())).forEach((name, topic) -> {
            if (topic.partitions().stream().anyMatch(partition -> partition.leader() == null)) {
                add(
                        Verdict.WRONG,
                        "topic " + name + " has a partition without a leader; start the broker that holds it");
            }
        });
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
            add(
                    members > 0 || lag == 0 ? Verdict.OK : Verdict.WRONG,
                    "share group " + group + ": " + members + " taking work, " + lag + " work items not done"
                            + (members == 0 && lag > 0 ? "; start the service that does them" : ""));
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof GroupIdNotFoundException)) {
                throw failed;
            }
            add(Verdict.WRONG, "share group " + group + " does not exist; start the service that does its work");
            return;
        }
        Map<String, String> settings = settings(admin, ConfigResource.Type.GROUP, group);
        new TreeMap<>(ShareGroupSpec.of(ShareGroupSpec.LOCK).config()).forEach((key, wanted) -> {
            String actual = settings.get(key);
            if (actual != null && !actual.equals(wanted)) {
                add(
                        Verdict.WRONG,
                        "share group " + group + " has " + key + "=" + actual + " instead of " + wanted
                                + ", so work may be lost or given up too soon; restart the service that does its work,"
                                + " which sets it back");
            }
        });
    }

    private void deadLetters(Set<String> there) {
        if (!there.contains(Topic.DEAD_LETTER.topicName())) {
            return;
        }
        OpenDeadLetters deadLetters = new OpenDeadLetters();
        try (LogScan scan = log.scan("doctor")) {
            scan.read(Topic.DEAD_LETTER.topicName(), deadLetters::take);
        }
        int open = deadLetters.count();
        add(
                open == 0 ? Verdict.OK : Verdict.WRONG,
                open == 0
                        ? "dead letters: none"
                        : "dead letters: " + open
                                + " records were given up; " + Program.NAME + " dead-letters list says why, and "
                                + Program.NAME + " dead-letters redrive tries them again");
    }
}
