package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import basin.it.JavaCommand;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogScan;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a broker in a process of its own continues after a suspension, serves again after
 * SIGKILL, and logs to its file only.
 */
class DisturbedBrokerTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Pattern ADDRESS = Pattern.compile("Kafka is at 127\\.0\\.0\\.1:([0-9]+),");
    private static final String TOPIC = "disturbed.record";
    /** Longer than a broker's session may be for its restart to be fast in Kafka's own way. */
    private static final int STOP_SECONDS = 4;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aStopIsNotNoticedAndAKilledBrokerServesAgain() throws Exception {
        Path data = folder.resolve("data");
        int port;
        try (Broker broker = Broker.start(data, folder.resolve("first"))) {
            port = broker.awaitPort();
            KafkaEndpoint endpoint = KafkaEndpoint.of("127.0.0.1:" + port);
            TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(TOPIC, 1)));
            try (LogWriter writer = LogWriter.open(endpoint, "disturbed")) {
                writer.writeAcked(TOPIC, "before", new byte[1], Map.of());
                int epoch = leaderEpoch(endpoint);
                broker.signal("STOP");
                CompletableFuture<LogPosition> during = writer.write(TOPIC, "during", new byte[1], Map.of());
                assertThat(broker.process().waitFor(STOP_SECONDS, TimeUnit.SECONDS))
                        .isFalse();
                broker.signal("CONT");
                assertThat(during.get(LIMIT.toSeconds(), TimeUnit.SECONDS).offset())
                        .isOne();
                // A fenced broker loses its partitions, and leads them in a new epoch after.
                assertThat(leaderEpoch(endpoint)).isEqualTo(epoch);
            }
            sendNonsense(port);
            await().atMost(LIMIT)
                    .until(() -> Files.readString(data.resolve("kafka.log")).contains("InvalidReceiveException"));
            assertThat(broker.said().lines()).as(broker.said()).hasSize(1);
        }
        try (Broker broker = Broker.start(data, folder.resolve("second"))) {
            assertThat(broker.awaitPort()).isEqualTo(port);
            KafkaEndpoint endpoint = KafkaEndpoint.of("127.0.0.1:" + port);
            try (LogWriter writer = LogWriter.open(endpoint, "disturbed");
                    LogScan scan = endpoint.scan("disturbed")) {
                writer.writeAcked(TOPIC, "after", new byte[1], Map.of());
                List<String> read = new ArrayList<>();
                scan.read(TOPIC, record -> read.add(record.key()));
                assertThat(read).containsExactly("before", "during", "after");
            }
            assertThat(broker.said().lines()).as(broker.said()).hasSize(1);
        }
    }

    private static int leaderEpoch(KafkaEndpoint endpoint) throws Exception {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (Admin admin = Admin.create(endpoint.properties("epoch"))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .leaderEpoch()
                    .orElseThrow();
        }
    }

    /** Sends a request of a negative size, which Kafka logs as a warning. */
    private static void sendNonsense(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(new byte[] {-1, -1, -1, -1});
            socket.getOutputStream().flush();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** {@code infra/basin broker}, killed when it is closed. */
    private record Broker(Process process, Path terminal) implements AutoCloseable {
        static Broker start(Path data, Path terminal) throws IOException {
            return new Broker(
                    new ProcessBuilder(JavaCommand.shortLived(
                                    "512m", List.of(), "basin.cli.Basin", "broker", "--data", data.toString()))
                            .redirectErrorStream(true)
                            .redirectOutput(terminal.toFile())
                            .start(),
                    terminal);
        }

        int awaitPort() {
            return await().atMost(LIMIT)
                    .until(
                            () -> {
                                assertThat(process.isAlive()).as(said()).isTrue();
                                Matcher address = ADDRESS.matcher(said());
                                return address.find() ? Integer.parseInt(address.group(1)) : 0;
                            },
                            found -> found > 0);
        }

        String said() throws IOException {
            return Files.readString(terminal);
        }

        void signal(String name) throws IOException, InterruptedException {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
