package basin.it.services;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorMain;
import basin.cli.TinyStudy;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.Submission;
import basin.evaluator.EvaluatorService;
import basin.flatness.FlatnessProbeService;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.study.Json;
import basin.trainer.TrainerService;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the pipeline of separate processes ends like the one in a single process, even if its
 * processes are stopped and killed.
 */
class SeparateServicesTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<String> MAINS = List.of(
            TrainerService.class.getName(),
            FlatnessProbeService.class.getName(),
            EvaluatorService.class.getName(),
            AggregatorMain.class.getName());
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void killedAndRestartedTheyEndInTheSameView(@TempDir Path separate) throws Exception {
        String expected = TinyStudy.json(TinyStudy.undisturbed());
        Map<String, ServiceProcess> running = new LinkedHashMap<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(separate)) {
            Map<String, String> environment =
                    Map.of("BASIN_KAFKA_BOOTSTRAP", broker.bootstrapServers(), "BASIN_LOG_FORMAT", "json");
            // Before the topics exist; the services wait for them.
            for (String main : MAINS) {
                running.put(main, ServiceProcess.start(main, separate, environment));
            }
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            for (ServiceProcess service : running.values()) {
                String address = service.awaitAddress();
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> get(address + "/health/ready").statusCode() == 200);
            }
            Submission.submit(endpoint, TinyStudy.SPEC);
            // Stopped in the middle of a segment, it returns the work item to the queue and ends in
            // time.
            ServiceProcess trainer = service(running, TrainerService.class.getName());
            String trainerMetrics = trainer.awaitAddress() + "/metrics";
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> sample(get(trainerMetrics).body(), "basin_work_in_flight_items") >= 1);
            assertThat(trainer.terminate(Duration.ofSeconds(10)))
                    .as(trainer.said())
                    .isIn(0, 143);
            running.put(
                    TrainerService.class.getName(),
                    ServiceProcess.start(TrainerService.class.getName(), separate, environment));
            for (String main : MAINS) {
                int before = measured(running);
                service(running, main).kill();
                running.put(main, ServiceProcess.start(main, separate, environment));
                service(running, main).awaitAddress();
                Awaitility.await().atMost(LIMIT).until(() -> measured(running) > before || isDone(running));
            }
            Awaitility.await().atMost(LIMIT).until(() -> isDone(running));
            assertThat(view(running)).isEqualTo(expected);
            for (ServiceProcess service : running.values()) {
                assertThat(service.terminate(Duration.ofSeconds(10)))
                        .as(service.said())
                        .isIn(0, 143);
                assertThat(service.said()).contains("has ended.");
            }
            saysWhatItWorksAt(service(running, TrainerService.class.getName()), "study", "run", "work_item");
            saysWhatItWorksAt(
                    service(running, FlatnessProbeService.class.getName()), "study", "run", "checkpoint", "work_item");
        } finally {
            running.values().forEach(ServiceProcess::close);
        }
    }

    @Test
    void threeProbesShareTheCheckpoints(@TempDir Path folder) throws Exception {
        List<ServiceProcess> others = new ArrayList<>();
        List<ServiceProcess> probes = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            Map<String, String> environment = Map.of("BASIN_KAFKA_BOOTSTRAP", broker.bootstrapServers());
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            others.add(ServiceProcess.start(TrainerService.class.getName(), folder, environment));
            for (int i = 0; i < 3; i++) {
                probes.add(ServiceProcess.start(FlatnessProbeService.class.getName(), folder, environment));
            }
            List<String> addresses =
                    probes.stream().map(ServiceProcess::awaitAddress).toList();
            Submission.submit(endpoint, TinyStudy.SPEC);
            ServiceProcess aggregator = ServiceProcess.start(AggregatorMain.class.getName(), folder, environment);
            others.add(aggregator);
            String page = aggregator.awaitAddress();
            int[] checkpoints = new int[1];
            Awaitility.await().atMost(LIMIT).until(() -> {
                HttpResponse<String> view = get(page + "/api/studies/" + TinyStudy.ID);
                if (view.statusCode() != 200) {
                    return false;
                }
                var study = Json.mapper().readTree(view.body());
                checkpoints[0] = 0;
                int probed = 0;
                for (var run : study.path("runs")) {
                    for (var checkpoint : run.path("checkpoints")) {
                        checkpoints[0]++;
                        probed += checkpoint.path("flatness").isEmpty() ? 0 : 1;
                    }
                }
                return study.path("done").path("ended").asInt() == 8 && probed == checkpoints[0];
            });
            List<Double> shares = new ArrayList<>();
            double lost = 0;
            for (String address : addresses) {
                String metrics = get(address + "/metrics").body();
                shares.add(sample(metrics, "basin_probe_seconds_count"));
                lost += metrics.lines()
                        .filter(line -> line.startsWith("basin_work_items_total{") && line.contains("outcome=\"lost\""))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum();
            }
            assertThat(shares).allSatisfy(share -> assertThat(share).isPositive());
            // No checkpoint is done twice, except for locks that an overloaded machine did not
            // renew in time; the metric counts these.
            assertThat(shares.stream().mapToDouble(Double::doubleValue).sum() - checkpoints[0])
                    .isBetween(0.0, lost);
        } finally {
            probes.forEach(ServiceProcess::close);
            others.forEach(ServiceProcess::close);
        }
    }

    @Test
    void aSettingThatCannotBeIsOneSentence(@TempDir Path folder) throws Exception {
        try (ServiceProcess service = ServiceProcess.start(
                EvaluatorService.class.getName(), folder, Map.of("BASIN_KAFKA_BOOTSTRAP", "kafka"))) {
            assertThat(service.awaitEnd(Duration.ofSeconds(30))).isEqualTo(2);
            assertThat(service.said().strip())
                    .isEqualTo(
                            "basin evaluator: BASIN_KAFKA_BOOTSTRAP is 'kafka': give one or more host:port, separated"
                                    + " by commas, such as kafka:9092.");
        }
    }

    /**
     * Checks that every line of the log is JSON, and that lines about completed work items name
     * their study, run and so on.
     */
    private static void saysWhatItWorksAt(ServiceProcess service, String... fields) throws Exception {
        List<JsonNode> done = new ArrayList<>();
        for (String line : service.said().lines().toList()) {
            JsonNode said = Json.mapper().readTree(line);
            if (said.path("loggerName").asText().equals("basin.work")) {
                done.add(said.path("mdc"));
            }
        }
        assertThat(done).isNotEmpty().allSatisfy(mdc -> {
            assertThat(mdc.path("study").asText()).isEqualTo(TinyStudy.ID);
            assertThat(mdc.path("work_item").asText()).isNotEmpty();
        });
        // A work item that expands a study belongs to no run.
        assertThat(done)
                .anySatisfy(mdc -> assertThat(fields)
                        .allSatisfy(field -> assertThat(mdc.path(field).asText())
                                .as("%s in %s", field, mdc)
                                .isNotEmpty()));
    }

    private static ServiceProcess service(Map<String, ServiceProcess> running, String main) {
        return Optional.ofNullable(running.get(main)).orElseThrow();
    }

    private static String view(Map<String, ServiceProcess> running) throws Exception {
        String page = service(running, AggregatorMain.class.getName()).awaitAddress();
        HttpResponse<String> view = get(page + "/api/studies/" + TinyStudy.ID);
        return view.statusCode() == 200 ? view.body() : "{}";
    }

    private static int measured(Map<String, ServiceProcess> running) throws Exception {
        return Json.mapper()
                .readTree(view(running))
                .path("done")
                .path("measured")
                .asInt();
    }

    private static boolean isDone(Map<String, ServiceProcess> running) throws Exception {
        return Json.mapper().readTree(view(running)).path("state").asText().equals("done");
    }

    private static double sample(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static HttpResponse<String> get(String address) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
