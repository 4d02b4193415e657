package basin.cli.broker;

import basin.log.LogSource;
import basin.log.segment.SegmentLog;
import basin.study.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker, with its controller, in this JVM. It listens on the loopback address and keeps
 * its log in a folder across restarts. It reuses the ports of its last run if they are free, so
 * that clients find it again after a restart. Kafka's own log goes to {@code kafka.log} in the
 * folder; while a broker runs in a JVM, so do the log lines of its Kafka clients.
 *
 * <p>Kafka's server classes are public but are not a supported interface, so an upgrade of Kafka
 * may need changes here. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(20);

    private final DataFolder folder;
    private final Ports ports;
    private final KafkaServer server;
    private final KafkaLog log;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(DataFolder folder, Ports ports, KafkaServer server, KafkaLog log) {
        this.folder = folder;
        this.ports = ports;
        this.server = server;
        this.log = log;
    }

    /**
     * Starts a broker on a folder, which it creates and formats at the first start. Returns when
     * the broker serves clients.
     *
     * @throws Refusal if the folder cannot be written or another broker has locked it
     * @throws IllegalStateException if Kafka does not start
     */
    public static EmbeddedBroker start(Path dataFolder) {
        return start(dataFolder, Map.of());
    }

    /**
     * Starts a broker like {@link #start(Path)}, with some server properties replaced.
     *
     * @param overrides Kafka server properties by name
     */
    public static EmbeddedBroker start(Path dataFolder, Map<String, String> overrides) {
        DataFolder folder = DataFolder.open(dataFolder);
        KafkaLog log = KafkaLog.open(folder.kafkaLog());
        try {
            Ports ports =
                    DataFolder.savedPorts(dataFolder).filter(Ports::areFree).orElseGet(Ports::free);
            Properties settings = BrokerSettings.of(folder.kafkaLogs(), ports, overrides);
            if (!isThere(dataFolder)) {
                format(settings);
            }
            KafkaServer server = KafkaServer.start(new KafkaConfig(settings, false));
            folder.savePorts(ports);
            return new EmbeddedBroker(folder, ports, server, log);
        } catch (IOException notWritable) {
            log.close();
            folder.close();
            throw new UncheckedIOException("The data folder " + folder + " cannot be written.", notWritable);
        } catch (RuntimeException | Error notStarted) {
            log.close();
            folder.close();
            throw notStarted;
        }
    }

    /** Returns whether the folder contains a broker's log. */
    public static boolean isThere(Path dataFolder) {
        return DataFolder.isFormatted(dataFolder);
    }

    /** Returns when the record in a folder changed last; empty if the folder contains none. */
    public static Optional<FileTime> changed(Path dataFolder) {
        return DataFolder.recordChanged(dataFolder);
    }

    /** Returns the log in a folder, for reading without a broker. */
    public static LogSource log(Path dataFolder) {
        Path logs = DataFolder.kafkaLogs(dataFolder);
        return new SegmentLog(logs, () -> ClusterMetadata.topics(logs));
    }

    /**
     * Returns the bootstrap address of the broker that runs on this folder now, in this or another
     * process.
     */
    public static Optional<String> runningOn(Path dataFolder) {
        return DataFolder.portsOfRunning(dataFolder).map(ports -> "127.0.0.1:" + ports.clients());
    }

    private static void format(Properties settings) throws IOException {
        Path file = Files.createTempFile("basin-broker", ".properties");
        try {
            try (var out = Files.newOutputStream(file)) {
                settings.store(out, null);
            }
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            int status = StorageTool.execute(
                    new String[] {
                        "format",
                        "--standalone",
                        "--cluster-id",
                        Uuid.randomUuid().toString(),
                        "--config",
                        file.toString()
                    },
                    new PrintStream(said, true, StandardCharsets.UTF_8));
            if (status != 0) {
                throw new IllegalStateException("Kafka refused to format its folder: "
                        + said.toString(StandardCharsets.UTF_8).strip());
            }
        } finally {
            Files.delete(file);
        }
    }

    /** Returns the bootstrap address, as {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + ports.clients();
    }

    /**
     * Stops the broker and then unlocks the folder. Waits at most 20 s. Close all clients first:
     * those that remain wait for the broker to return.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread stopping = Thread.ofPlatform().name("broker-shutdown").daemon().start(() -> {
            try {
                server.close();
                log.close();
            } finally {
                // Unlock only now: a second broker on a folder that the first still writes to would
                // corrupt the log.
                folder.close();
            }
        });
        try {
            if (!stopping.join(SHUTDOWN_LIMIT)) {
                LOG.warn("The broker on {} did not stop within {} s.", folder, SHUTDOWN_LIMIT.toSeconds());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
