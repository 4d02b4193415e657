package basin.cli.broker;

import basin.study.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker (with its controller) inside this JVM, on loopback, that keeps its log in a folder over restarts. It
 * takes the ports of its last run again if they are free, so that clients of a broker that is stopped and started find
 * it.
 *
 * <p>Kafka's server classes are public but no supported interface: whoever moves to another Kafka looks here. Safe for
 * use by several threads.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(20);

    private final DataFolder folder;
    private final Ports ports;
    private final KafkaRaftServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(DataFolder folder, Ports ports, KafkaRaftServer server) {
        this.folder = folder;
        this.ports = ports;
        this.server = server;
    }

    /**
     * Starts a broker on this folder, which is made and formatted at the first start. Returns when it serves clients.
     *
     * @throws Refusal in one sentence, if the folder cannot be written or another broker has it
     * @throws IllegalStateException if Kafka does not start
     */
    public static EmbeddedBroker start(Path dataFolder) {
        return start(dataFolder, Map.of());
    }

    /**
     * As {@link #start(Path)}, with other server properties than ours.
     *
     * @param overrides Kafka server properties by name
     */
    public static EmbeddedBroker start(Path dataFolder, Map<String, String> overrides) {
        DataFolder folder = DataFolder.open(dataFolder);
        try {
            Ports ports =
                    DataFolder.savedPorts(dataFolder).filter(Ports::areFree).orElseGet(Ports::free);
            Properties settings = BrokerSettings.of(folder.kafkaLogs(), ports, overrides);
            if (!isThere(dataFolder)) {
                format(settings);
            }
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
            startOrStop(server);
            folder.savePorts(ports);
            return new EmbeddedBroker(folder, ports, server);
        } catch (IOException notWritable) {
            folder.close();
            throw new UncheckedIOException("The data folder " + folder + " cannot be written.", notWritable);
        } catch (RuntimeException | Error notStarted) {
            folder.close();
            throw notStarted;
        }
    }

    /** Whether a broker has kept its log in this folder. */
    public static boolean isThere(Path dataFolder) {
        return DataFolder.isFormatted(dataFolder);
    }

    /** Where clients connect to the broker that runs on this folder now, in whatever process. */
    public static Optional<String> runningOn(Path dataFolder) {
        return DataFolder.portsOfRunning(dataFolder).map(ports -> "127.0.0.1:" + ports.clients());
    }

    /** A broker that fails to start leaves its controller running, which would go on writing to the folder. */
    private static void startOrStop(KafkaRaftServer server) {
        try {
            server.startup();
        } catch (RuntimeException | Error notStarted) {
            try {
                server.shutdown();
                server.awaitShutdown();
            } catch (RuntimeException notStopped) {
                notStarted.addSuppressed(notStopped);
            }
            throw notStarted;
        }
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

    /** Where clients connect, as {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + ports.clients();
    }

    /**
     * Stops the broker and unlocks the folder once it has stopped; waits for that 20 s at most. Clients that remain wait for its
     * return.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread stopping = Thread.ofPlatform().name("broker-shutdown").daemon().start(() -> {
            try {
                server.shutdown();
                server.awaitShutdown();
            } finally {
                // Not before: a second broker on a folder that the first still writes to would ruin its log.
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
