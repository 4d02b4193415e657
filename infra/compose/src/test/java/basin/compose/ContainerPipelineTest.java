package basin.compose;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorService;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewJson;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.evaluator.EvaluatorService;
import basin.flatness.FlatnessProbeService;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.work.WorkSlots;
import basin.service.ServiceConfig;
import basin.service.WorkerService;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import basin.trainer.TrainerService;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The pipeline against Kafka in a container, with the settings of the compose file. */
class ContainerPipelineTest {
    private static final String IMAGE = "apache/kafka:" + Compose.variables().get("KAFKA_VERSION");
    private static final StudySpec STUDY = StudyFile.read(Checkout.path("infra/cli/src/test/resources/tiny.yaml"));
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @BeforeEach
    void anEngineWithTheImage() {
        Needed.container(DockerClientFactory.instance().isDockerAvailable(), "There is no container engine");
        Needed.container(isPresent(), IMAGE + " is not there: docker pull " + IMAGE);
    }

    private static boolean isPresent() {
        try {
            DockerClientFactory.lazyClient().inspectImageCmd(IMAGE).exec();
            return true;
        } catch (NotFoundException absent) {
            return false;
        }
    }

    @Test
    void aStudyGivesTheTableThatTheOneJvmFormGives(@TempDir Path folder) throws Exception {
        String contained;
        try (KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(IMAGE)).withEnv(settings())) {
            kafka.start();
            contained = table(KafkaEndpoint.of(kafka.getBootstrapServers()));
        }
        try (LocalPipeline local = LocalPipeline.start(folder, 0, 2)) {
            Submission.submit(local.endpoint(), STUDY);
            assertThat(contained).isEqualTo(awaitEnd(local.aggregator()));
        }
    }

    /**
     * What the compose file tells Kafka, less what the container's own start says about addresses
     * and roles.
     */
    private static Map<String, String> settings() {
        return Compose.map(Compose.read().service("kafka").get("environment")).entrySet().stream()
                .filter(setting -> setting.getKey()
                        .matches("KAFKA_(GROUP|SHARE|BROKER|OFFSETS|TRANSACTION|LOG_RETENTION|DEFAULT|MIN).*"))
                .filter(setting -> !setting.getKey().contains("REBALANCE_PROTOCOLS"))
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, setting -> String.valueOf(setting.getValue())));
    }

    private static String table(KafkaEndpoint endpoint) throws Exception {
        TopicAdmin.ensure(endpoint, TopicSpec.all());
        try (AggregatorService aggregator =
                        AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                WorkSlots slots = WorkSlots.of(2);
                WorkerService _ = EvaluatorService.start(endpoint, slots, aggregator.metrics());
                WorkerService _ = FlatnessProbeService.start(endpoint, slots, aggregator.metrics());
                WorkerService _ = TrainerService.start(endpoint, slots, aggregator.metrics())) {
            Submission.submit(endpoint, STUDY);
            return awaitEnd(aggregator);
        }
    }

    private static String awaitEnd(AggregatorService aggregator) {
        StudyView view = Awaitility.await()
                .atMost(LIMIT)
                .until(
                        () -> aggregator
                                .view(Ids.study(STUDY))
                                .filter(found -> !found.state().matches("nothing|running")),
                        Optional::isPresent)
                .orElseThrow();
        assertThat(view.state()).isEqualTo("done");
        return new String(ViewJson.canonical(view), StandardCharsets.UTF_8);
    }
}
