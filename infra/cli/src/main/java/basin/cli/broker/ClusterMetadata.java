package basin.cli.broker;

import basin.log.LogScan;
import basin.log.StoredTopic;
import basin.log.segment.SegmentLog;
import basin.study.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The topics in the metadata of an embedded broker's folder: the newest snapshot and the metadata
 * log after it, read without a broker. Confined to one thread.
 */
final class ClusterMetadata {
    private static final TopicPartition LOG = new TopicPartition("__cluster_metadata", 0);
    private static final Pattern SNAPSHOT = Pattern.compile("(\\d{20})-\\d{10}\\.checkpoint");

    /** A running broker may replace a snapshot between its listing and its opening. */
    private static final int ATTEMPTS = 20;

    private final MetadataRecordSerde serde = new MetadataRecordSerde();
    private final Map<Uuid, String> names = new HashMap<>();
    private final Map<Uuid, Map<Integer, Integer>> replicas = new HashMap<>();
    private final Map<ConfigResource, Map<String, String>> configs = new HashMap<>();

    private ClusterMetadata() {}

    /**
     * Reads the topics.
     *
     * @param logs Kafka's log folder
     * @return by name; empty if the folder has no metadata
     * @throws Refusal if the metadata cannot be read
     */
    static Map<String, StoredTopic> topics(Path logs) {
        Path folder = logs.resolve(LOG.toString());
        if (!Files.isDirectory(folder)) {
            return Map.of();
        }
        for (int attempt = 1; ; attempt++) {
            try {
                ClusterMetadata metadata = new ClusterMetadata();
                metadata.read(logs, folder);
                return metadata.topics();
            } catch (NoSuchFileException replaced) {
                if (attempt >= ATTEMPTS) {
                    throw unreadable(folder, replaced);
                }
            } catch (IOException | KafkaException unreadable) {
                throw unreadable(folder, unreadable);
            }
        }
    }

    private static Refusal unreadable(Path folder, Exception reason) {
        return new Refusal(
                "The metadata of the record cannot be read at " + folder + " ("
                        + reason.getClass().getSimpleName()
                        + "): see that you may read the folder, or read the record from a backup or an export.",
                reason);
    }

    private void read(Path logs, Path folder) throws IOException {
        Optional<Path> snapshot = newestSnapshot(folder);
        if (snapshot.isPresent()) {
            readSnapshot(snapshot.get());
        }
        long from = snapshot.map(ClusterMetadata::end).orElse(0L);
        try (LogScan scan = new SegmentLog(logs, Map::of).scan("metadata")) {
            LogScan.Extent extent = scan.extent(List.of(LOG));
            scan.read(
                    LOG,
                    Math.max(from, extent.begin(LOG)),
                    extent.end(LOG),
                    record -> take(ByteBuffer.wrap(record.value())),
                    (_, _) -> {});
        }
    }

    private static Optional<Path> newestSnapshot(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            // Names begin with the offset after the last record included, so they sort by age.
            return files.filter(file ->
                            SNAPSHOT.matcher(String.valueOf(file.getFileName())).matches())
                    .max(Path::compareTo);
        }
    }

    private static long end(Path snapshot) {
        return Long.parseLong(String.valueOf(snapshot.getFileName()).substring(0, 20));
    }

    private void readSnapshot(Path file) throws IOException {
        try (FileRecords records = FileRecords.open(file.toFile(), false)) {
            for (RecordBatch batch : records.batches()) {
                if (!batch.isControlBatch()) {
                    batch.ensureValid();
                    SegmentLog.records(batch).forEachRemaining(record -> take(record.value()));
                }
            }
        }
    }

    private void take(ByteBuffer value) {
        ApiMessage message =
                serde.read(new ByteBufferAccessor(value), value.remaining()).message();
        switch (message) {
            case TopicRecord topic -> names.put(topic.topicId(), topic.name());
            case PartitionRecord partition ->
                replicas.computeIfAbsent(partition.topicId(), topic -> new TreeMap<>())
                        .put(partition.partitionId(), partition.replicas().size());
            case RemoveTopicRecord removed -> {
                replicas.remove(removed.topicId());
                String name = names.remove(removed.topicId());
                if (name != null) {
                    configs.remove(new ConfigResource(ConfigResource.Type.TOPIC, name));
                }
            }
            case ConfigRecord config -> {
                Map<String, String> own = configs.computeIfAbsent(
                        new ConfigResource(ConfigResource.Type.forId(config.resourceType()), config.resourceName()),
                        resource -> new HashMap<>());
                if (config.value() == null) {
                    own.remove(config.name());
                } else {
                    own.put(config.name(), config.value());
                }
            }
            default -> {
                // Of brokers, features and groups.
            }
        }
    }

    private Map<String, StoredTopic> topics() {
        Properties server = BrokerSettings.ofTopics();
        Map<String, StoredTopic> topics = new HashMap<>();
        names.forEach((id, name) -> {
            Map<Integer, Integer> partitions = replicas.getOrDefault(id, Map.of());
            topics.put(
                    name,
                    new StoredTopic(
                            partitions.keySet(),
                            partitions.values().stream()
                                    .mapToInt(Integer::intValue)
                                    .min()
                                    .orElse(1),
                            settings(name, server)));
        });
        return topics;
    }

    /** Returns a topic's settings as the embedded broker finds them. */
    private Map<String, String> settings(String topic, Properties server) {
        Map<String, String> settings = new HashMap<>();
        for (String name : LogConfig.nonInternalConfigNames()) {
            own(ConfigResource.Type.TOPIC, topic, name)
                    .or(() -> ofBroker(name, server))
                    .or(() -> Optional.ofNullable(LogConfig.configKeys().get(name))
                            .filter(key -> key.hasDefault() && key.defaultValue != null)
                            .map(key -> ConfigDef.convertToString(key.defaultValue, key.type)))
                    .ifPresent(value -> settings.put(name, value));
        }
        return settings;
    }

    private Optional<String> ofBroker(String name, Properties server) {
        return ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.getOrDefault(name, List.of()).stream()
                .flatMap(synonym -> own(ConfigResource.Type.BROKER, BrokerSettings.NODE, synonym.name())
                        .or(() -> own(ConfigResource.Type.BROKER, "", synonym.name()))
                        .or(() -> Optional.ofNullable(server.getProperty(synonym.name())))
                        .map(value -> converted(synonym, value))
                        .stream())
                .findFirst();
    }

    private static String converted(ConfigSynonym synonym, String value) {
        return synonym.converter().apply(value);
    }

    private Optional<String> own(ConfigResource.Type type, String resource, String name) {
        return Optional.ofNullable(configs.getOrDefault(new ConfigResource(type, resource), Map.of())
                .get(name));
    }
}
