package basin.service;

import basin.log.KafkaEndpoint;
import basin.study.Refusal;
import basin.study.file.Utf8Files;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a service in its own process. They come from environment variables and from the
 * properties file named by {@code BASIN_CONFIG}; the environment takes precedence. In the file a
 * variable's name loses its {@code BASIN_} and becomes lower-case with dots: {@code
 * BASIN_KAFKA_BOOTSTRAP} is {@code kafka.bootstrap}.
 *
 * @param http name, address and port of the service
 * @param endpoint address and client settings of Kafka
 * @param slots number of work items at once, 1 or more
 * @param logFormat format of log lines: {@code text}, or {@code json} with one object per line
 * @param grafana address of Grafana, for the page's link
 * @param snapshotEvents smallest number of new events after which the aggregator writes another
 *     snapshot
 */
public record ServiceSettings(
        ServiceConfig http,
        KafkaEndpoint endpoint,
        int slots,
        String logFormat,
        Optional<URI> grafana,
        int snapshotEvents) {
    private static final int MAX_FILE_BYTES = 1_000_000;
    private static final String FILE = "BASIN_CONFIG";
    private static final String BOOTSTRAP = "BASIN_KAFKA_BOOTSTRAP";
    private static final String CLIENT_CONFIG = "BASIN_KAFKA_CLIENT_CONFIG";
    private static final String HOST = "BASIN_HTTP_HOST";
    private static final String PORT = "BASIN_HTTP_PORT";
    private static final String SLOTS = "BASIN_SLOTS";
    private static final String LOG_FORMAT = "BASIN_LOG_FORMAT";
    private static final String GRAFANA = "BASIN_GRAFANA_URL";
    private static final String SNAPSHOT = "BASIN_SNAPSHOT_EVENTS";
    private static final int SNAPSHOT_EVENTS = 5_000;
    private static final TreeSet<String> KNOWN =
            new TreeSet<>(List.of(BOOTSTRAP, CLIENT_CONFIG, HOST, PORT, SLOTS, LOG_FORMAT, GRAFANA, SNAPSHOT));

    /**
     * Reads and validates the settings.
     *
     * @param name name of the service
     * @param port default port to listen on
     * @param environment variables by name
     * @throws Refusal if a setting is invalid; the message is one sentence that names the variable,
     *     its value and the fix
     */
    public static ServiceSettings read(String name, int port, Map<String, String> environment) {
        Map<String, String> given = new HashMap<>();
        given(environment, FILE).ifPresent(path -> given.putAll(file(Path.of(path))));
        KNOWN.forEach(key -> given(environment, key).ifPresent(value -> given.put(key, value)));
        String bootstrap = given(given, BOOTSTRAP)
                .orElseThrow(() -> new Refusal(BOOTSTRAP
                        + " is not set: give the address of Kafka, one or more host:port, such as kafka:9092."));
        return new ServiceSettings(
                new ServiceConfig(
                        name,
                        given(given, HOST).orElse("127.0.0.1"),
                        integer(given, PORT, port, 0, 65_535, "0 (any that is free)")),
                endpoint(bootstrap, given(given, CLIENT_CONFIG).map(Path::of), BOOTSTRAP),
                integer(given, SLOTS, Runtime.getRuntime().availableProcessors(), 1, 1024, "1"),
                logFormat(given),
                given(given, GRAFANA).map(ServiceSettings::grafana),
                integer(given, SNAPSHOT, SNAPSHOT_EVENTS, 1, Integer.MAX_VALUE, "1"));
    }

    /**
     * Returns the Kafka endpoint at an address.
     *
     * @param bootstrap one or more {@code host:port}, separated by commas
     * @param clientConfig properties file of Kafka client settings
     * @param bootstrapName name of the option or variable that gave the address, used in the
     *     message
     * @throws Refusal if the address is malformed or the file cannot be read; the message is one
     *     sentence
     */
    public static KafkaEndpoint endpoint(String bootstrap, Optional<Path> clientConfig, String bootstrapName) {
        for (String one : bootstrap.split(",", -1)) {
            if (!one.strip().matches("(\\[[0-9a-fA-F:]+]|[A-Za-z0-9._-]+):[0-9]{1,5}")) {
                throw new Refusal(bootstrapName + " is '" + bootstrap
                        + "': give one or more host:port, separated by commas, such as kafka:9092.");
            }
        }
        return new KafkaEndpoint(
                bootstrap,
                clientConfig.map(path -> properties(path, CLIENT_CONFIG)).orElse(Map.of()));
    }

    private static Optional<String> given(Map<String, String> values, String key) {
        return Optional.ofNullable(values.get(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static Map<String, String> file(Path path) {
        Map<String, String> given = new HashMap<>();
        properties(path, FILE).forEach((key, value) -> {
            String variable = "BASIN_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
            if (!KNOWN.contains(variable)) {
                String keys = KNOWN.stream()
                        .map(known -> known.substring("BASIN_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'))
                        .collect(Collectors.joining(", "));
                throw new Refusal("The file " + path + " of " + FILE + " says '" + key + "', which is no setting: use "
                        + keys + ".");
            }
            given.put(variable, value);
        });
        return given;
    }

    private static Map<String, String> properties(Path path, String variable) {
        Properties read = new OnceEach();
        try {
            read.load(new StringReader(Utf8Files.read(path, MAX_FILE_BYTES)));
        } catch (Refusal refused) {
            throw new Refusal(variable + " is '" + path + "': " + refused.getMessage(), refused);
        } catch (IOException unreadable) {
            throw new Refusal(
                    variable + " is '" + path + "', which cannot be read: name a properties file that can.",
                    unreadable);
        } catch (IllegalArgumentException escape) {
            throw new Refusal(
                    variable + " is '" + path + "', which has a \\u without four hexadecimal digits: write them, or"
                            + " \\\\ for a backslash.",
                    escape);
        }
        Map<String, String> values = new HashMap<>();
        read.forEach((key, value) -> values.put(String.valueOf(key), String.valueOf(value)));
        return values;
    }

    /** Properties that refuse a key given twice. */
    private static final class OnceEach extends Properties {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized @Nullable Object put(Object key, Object value) {
            if (containsKey(key)) {
                throw new Refusal("'" + key + "' is given twice: remove one.");
            }
            return super.put(key, value);
        }
    }

    private static int integer(Map<String, String> given, String key, int fallback, int min, int max, String minText) {
        Optional<String> value = given(given, key);
        if (value.isEmpty()) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notWhole) {
            // Refused below, with the same message.
        }
        throw new Refusal(key + " is '" + value.get() + "': give a whole number from " + minText + " to " + max + ".");
    }

    private static String logFormat(Map<String, String> given) {
        String value = given(given, LOG_FORMAT).orElse("text");
        if (!Set.of("text", "json").contains(value)) {
            throw new Refusal(LOG_FORMAT + " is '" + value + "': give text or json.");
        }
        return value;
    }

    private static URI grafana(String value) {
        try {
            URI address = URI.create(value);
            if (address.getHost() != null
                    && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Refused below, with the same message.
        }
        throw new Refusal(GRAFANA + " is '" + value + "': give an address such as http://127.0.0.1:3000.");
    }
}
