package basin.log;

import basin.study.Refusal;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * The address of a Kafka cluster with its client settings.
 *
 * @param bootstrapServers one or more {@code host:port}, separated by commas
 * @param clientProperties further properties of every Kafka client (security, for example), by name
 */
public record KafkaEndpoint(String bootstrapServers, Map<String, String> clientProperties) implements LogSource {
    /**
     * Name of the logger that reports waits for Kafka: calls that failed and are repeated until
     * they succeed.
     */
    public static final String WAITS = "basin.kafka.waits";

    /** Longest time that the broker may take for one answer; then the request is sent again. */
    private static final Duration REQUEST_LIMIT = Duration.ofMinutes(1);
    /** Longest time that one call may take with all its repetitions. */
    static final Duration CALL_LIMIT = Duration.ofMinutes(5);

    private static final Pattern SECRET = Pattern.compile("password|jaas|secret|token|key");
    /**
     * Longest time that a scan's fetch waits for more data. The data exists already, and a fetch at
     * the end of a partition would hold up that of the next partition, or the close.
     */
    private static final int MAX_WAIT_MILLIS = 5;

    private static final AtomicLong CLIENTS = new AtomicLong();

    static {
        SteadyTime.install();
    }

    public KafkaEndpoint {
        if (bootstrapServers.isBlank()) {
            throw new Refusal("bootstrapServers is empty; give at least one host:port.");
        }
        clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * Returns a text from Kafka's client in which every secret of the client properties, and every
     * quoted part of one, is hidden.
     */
    public String withoutSecrets(String text) {
        String shown = text;
        for (Map.Entry<String, String> property : clientProperties.entrySet()) {
            if (SECRET.matcher(property.getKey()).find()) {
                for (String part : property.getValue().split("[\"';\\s]+", -1)) {
                    // Short words such as 'required' are not secret, and no secret is that short.
                    if (part.length() >= 4) {
                        shown = shown.replace(part, "[hidden]");
                    }
                }
            }
        }
        return shown;
    }

    /**
     * Returns the address and the names of the client properties, without their values, which
     * include passwords.
     */
    @Override
    public String toString() {
        return "Kafka at " + bootstrapServers + " with client properties " + new TreeSet<>(clientProperties.keySet());
    }

    /** Returns an endpoint without further properties. */
    public static KafkaEndpoint of(String bootstrapServers) {
        return new KafkaEndpoint(bootstrapServers, Map.of());
    }

    @Override
    public LogScan scan(String name) {
        return ConsumerScan.open(this, name, Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, MAX_WAIT_MILLIS));
    }

    @Override
    public LogScan ranges(String name) {
        return ConsumerScan.open(
                this,
                name,
                Map.of(
                        // No other offset can replace one that is out of range.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        MAX_WAIT_MILLIS,
                        // A few chunks at a time, so that hashing overlaps with the next fetch.
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 << 20,
                        // The system's default size, because the client's 64 KiB split a megabyte
                        // into many small reads.
                        ConsumerConfig.RECEIVE_BUFFER_CONFIG,
                        -1));
    }

    @Override
    public Map<String, StoredTopic> topics(Collection<String> names) {
        return TopicQuery.topics(this, names);
    }

    /**
     * Returns the properties common to all kinds of clients, with a client id that is unique in
     * this JVM.
     *
     * @param client purpose of the client, in one word; the prefix of its id
     * @return a new map, to which the caller adds the properties of its kind of client
     */
    public Map<String, Object> properties(String client) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, client + "-" + CLIENTS.incrementAndGet());
        properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, "false");
        // A busy machine answers late, and calls that were in progress when a machine was suspended
        // have used up the time of the suspension.
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_LIMIT.toMillis());
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) CALL_LIMIT.toMillis());
        // A short backoff finds a broker soon after its restart.
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
        properties.putAll(clientProperties);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return properties;
    }
}
