package basin.it.services;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorService;
import basin.cli.Typed;
import basin.cli.broker.EmbeddedBroker;
import basin.evaluator.EvaluatorService;
import basin.flatness.FlatnessProbeService;
import basin.it.StudyText;
import basin.log.KafkaEndpoint;
import basin.log.LogScan;
import basin.log.work.WorkSlots;
import basin.record.Topic;
import basin.service.ServiceConfig;
import basin.service.ServiceSettings;
import basin.service.WorkerService;
import basin.study.Ids;
import basin.study.file.StudyFile;
import basin.trainer.TrainerService;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Tests the whole pipeline on a Kafka that requires TLS and a login, with only a file of client
 * settings.
 */
class SecuredKafkaTest {
    private static final String BROKER_PASSWORD = "broker-" + UUID.randomUUID();
    private static final String PASSWORD = "pipeline-" + UUID.randomUUID();
    private static final String STORE_PASSWORD = "store-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    private Path certificate() throws Exception {
        Path certificate = folder.resolve("broker.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "2",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=ip:127.0.0.1");
        keytool("-exportcert", "-alias", "broker", "-rfc", "-file", certificate.toString());
        return certificate;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keystore",
                folder.resolve("broker.p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                STORE_PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
    }

    private EmbeddedBroker broker() {
        return EmbeddedBroker.start(
                folder.resolve("data"),
                Map.of(
                        "listener.security.protocol.map",
                        "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN,SCRAM-SHA-512",
                        "sasl.mechanism.inter.broker.protocol",
                        "PLAIN",
                        "listener.name.clients.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\""
                                + " password=\""
                                + BROKER_PASSWORD + "\" user_broker=\"" + BROKER_PASSWORD + "\";",
                        "listener.name.clients.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                        "ssl.keystore.location",
                        folder.resolve("broker.p12").toString(),
                        "ssl.keystore.type",
                        "PKCS12",
                        "ssl.keystore.password",
                        STORE_PASSWORD,
                        "ssl.truststore.type",
                        "PEM",
                        "ssl.truststore.location",
                        folder.resolve("broker.pem").toString()));
    }

    private Path client(String name, String mechanism, String user, String password) throws IOException {
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return Files.writeString(
                folder.resolve(name), """
                    security.protocol=SASL_SSL
                    sasl.mechanism=%s
                    sasl.jaas.config=org.apache.kafka.common.security.%s required username="%s" password="%s";
                    ssl.truststore.type=PEM
                    ssl.truststore.location=%s
                    """.formatted(mechanism, module, user, password, folder.resolve("broker.pem")));
    }

    /** Collects every line that is logged, as an operator would see it. */
    private static final class Heard extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

        Heard() {
            setContext(root.getLoggerContext());
            start();
            root.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }

        @Override
        public void close() {
            root.detachAppender(this);
        }
    }

    private static void isSecretFree(String text) {
        assertThat(text)
                .doesNotContain(PASSWORD)
                .doesNotContain(BROKER_PASSWORD)
                .doesNotContain(STORE_PASSWORD);
    }

    @Test
    void theWholePipelineRunsAndTellsNoSecret() throws Exception {
        Path certificate = certificate();
        assertThat(certificate).isRegularFile();
        Path study = Files.writeString(
                folder.resolve("study.yaml"),
                StudyText.brief().withQuickFlatness().withOneRunOfEachSize().text());
        String id = Ids.study(StudyFile.read(study));
        try (Heard heard = new Heard();
                EmbeddedBroker broker = broker()) {
            String kafka = broker.bootstrapServers();
            addUser(kafka, client("broker.properties", "PLAIN", "broker", BROKER_PASSWORD));
            Path right = client("client.properties", "SCRAM-SHA-512", "pipeline", PASSWORD);
            KafkaEndpoint endpoint = ServiceSettings.read(
                            "trainer",
                            0,
                            Map.of("BASIN_KAFKA_BOOTSTRAP", kafka, "BASIN_KAFKA_CLIENT_CONFIG", right.toString()))
                    .endpoint();
            isSecretFree(endpoint.toString());
            at(kafka, right, "topics").says("topics are there");
            try (AggregatorService aggregator =
                            AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                    WorkSlots slots = WorkSlots.of(2);
                    WorkerService _ = TrainerService.start(endpoint, slots, aggregator.metrics());
                    WorkerService _ = FlatnessProbeService.start(endpoint, slots, aggregator.metrics());
                    WorkerService _ = EvaluatorService.start(endpoint, slots, aggregator.metrics())) {
                at(kafka, right, "submit", study.toString()).says(id + " is recorded.");
                Awaitility.await()
                        .atMost(Duration.ofMinutes(4))
                        .until(() -> aggregator
                                .view(id)
                                .filter(view -> view.state().equals("done"))
                                .isPresent());
            }
            isSecretFree(at(kafka, right, "status", "tiny").says("done").out());
            isSecretFree(at(kafka, right, "trace", id).out());
            Path file = folder.resolve("tiny.zip");
            at(kafka, right, "export", "--study", "tiny", "--out", file.toString())
                    .says("is in");
            wrongLogins(kafka);
            onRecordIsNoSecret(endpoint);
            assertThat(heard.lines).isNotEmpty().allSatisfy(SecuredKafkaTest::isSecretFree);
        }
    }

    private static Typed at(String kafka, Path client, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--verbose", "--bootstrap", kafka, "--client-config", client.toString(), "--wait", "20"));
        return basin(all.toArray(String[]::new));
    }

    private static void addUser(String kafka, Path client) throws Exception {
        try (Admin admin = Admin.create(properties(kafka, client))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "pipeline", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
                    .all()
                    .get();
        }
    }

    private static Map<String, Object> properties(String kafka, Path client) {
        Map<String, Object> properties =
                new java.util.HashMap<>(ServiceSettings.endpoint(kafka, java.util.Optional.of(client), "kafka")
                        .clientProperties());
        properties.put("bootstrap.servers", kafka);
        return properties;
    }

    /** Checks for one sentence, status 2, and no part of the credentials in the output. */
    private void wrongLogins(String kafka) throws Exception {
        Path wrong = client("wrong.properties", "SCRAM-SHA-512", "pipeline", PASSWORD + "x");
        refused(at(kafka, wrong, "status"), "refuses the login");
        refused(
                at(kafka, client("nobody.properties", "SCRAM-SHA-512", "nobody", PASSWORD), "doctor"),
                "refuses the login");
        Path broken = Files.writeString(
                folder.resolve("broken.properties"),
                Files.readString(wrong).replace("ScramLoginModule required", "ScramLoginModule"));
        refused(at(kafka, broken, "status"), "The settings of the Kafka client are refused");
        Path nowhere = Files.writeString(
                folder.resolve("nowhere.properties"), Files.readString(wrong).replace("broker.pem", "no.pem"));
        refused(at(kafka, nowhere, "status"), "The settings of the Kafka client are refused");
        Path untrusting = Files.writeString(
                folder.resolve("untrusting.properties"), Files.readString(wrong).replaceAll("(?m)^ssl\\.trust.*$", ""));
        refused(at(kafka, untrusting, "status"), "refuses the login");
        try (ServiceProcess service = ServiceProcess.start(
                EvaluatorService.class.getName(),
                folder,
                Map.of("BASIN_KAFKA_BOOTSTRAP", kafka, "BASIN_KAFKA_CLIENT_CONFIG", wrong.toString()))) {
            assertThat(service.awaitEnd(Duration.ofMinutes(1))).isEqualTo(2);
            isSecretFree(service.said());
            assertThat(service.said().strip())
                    .startsWith("basin evaluator: Kafka at ")
                    .contains("refuses the login")
                    .doesNotContain("\n");
        }
    }

    private static void refused(Typed said, String expected) {
        said.refused(expected);
        isSecretFree(said.error());
        isSecretFree(said.out());
    }

    private static void onRecordIsNoSecret(KafkaEndpoint endpoint) {
        int[] records = new int[1];
        try (LogScan scan = endpoint.scan("test")) {
            for (Topic topic : Topic.values()) {
                scan.read(topic.topicName(), record -> {
                    records[0]++;
                    isSecretFree(record.key());
                    isSecretFree(record.headers().toString());
                    isSecretFree(new String(record.value(), StandardCharsets.ISO_8859_1));
                });
            }
        }
        assertThat(records[0]).isGreaterThan(100);
    }
}
