package basin.log;

import basin.study.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Where Kafka is, and how to connect to it.
 *
 * @param bootstrapServers one or more {@code host:port}, separated by commas
 * @param clientProperties further properties of every Kafka client (security, for example), by name
 */
public record KafkaEndpoint(String bootstrapServers, Map<String, String> clientProperties) {
    private static final Pattern SECRET = Pattern.compile("password|jaas|secret|token|key");
    private static final AtomicLong CLIENTS = new AtomicLong();

    public KafkaEndpoint {
        if (bootstrapServers.isBlank()) {
            throw new Refusal("bootstrapServers is empty; give at least one host:port.");
        }
        clientProperties = Map.copyOf(clientProperties);
    }

    /** A text that Kafka's client wrote, with every secret of the client properties, and every quoted part of one, taken out. */
    public String withoutSecrets(String text) {
        String shown = text;
        for (Map.Entry<String, String> property : clientProperties.entrySet()) {
            if (SECRET.matcher(property.getKey()).find()) {
                for (String part : property.getValue().split("[\"';\\s]+", -1)) {
                    // Short words, such as required, tell nothing; a secret that is as short is none.
                    if (part.length() >= 4) {
                        shown = shown.replace(part, "[hidden]");
                    }
                }
            }
        }
        return shown;
    }

    /** Without the values of the client properties: among them are passwords. */
    @Override
    public String toString() {
        return "Kafka at " + bootstrapServers + " with client properties " + new TreeSet<>(clientProperties.keySet());
    }

    /** An endpoint that needs no further properties. */
    public static KafkaEndpoint of(String bootstrapServers) {
        return new KafkaEndpoint(bootstrapServers, Map.of());
    }

    /**
     * The properties that clients of every kind share, with a client id that no other client of this JVM has.
     *
     * @param client what the client is for, in a word; begins its id
     * @return a new map, to which the caller adds what its kind of client needs
     */
    public Map<String, Object> properties(String client) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, client + "-" + CLIENTS.incrementAndGet());
        properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, "false");
        // A broker that returns after a restart should be found again soon.
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
        properties.putAll(clientProperties);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return properties;
    }
}
