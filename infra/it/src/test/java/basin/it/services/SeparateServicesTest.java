package basin.it.services;

import static basin.log.CrashPoint.AFTER_ACKNOWLEDGE;
import static basin.log.CrashPoint.AFTER_CHECKPOINT;
import static basin.log.CrashPoint.AFTER_CHUNK;
import static basin.log.CrashPoint.AFTER_ENQUEUE;
import static basin.log.CrashPoint.AFTER_PRODUCE;
import static basin.log.CrashPoint.AFTER_SNAPSHOT;
import static basin.log.CrashPoint.BEFORE_ACKNOWLEDGE;
import static basin.log.CrashPoint.BEFORE_CHECKPOINT;
import static basin.log.CrashPoint.BEFORE_CHUNK;
import static basin.log.CrashPoint.BEFORE_ENQUEUE;
import static basin.log.CrashPoint.BEFORE_PRODUCE;
import static basin.log.CrashPoint.BEFORE_SNAPSHOT;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorMain;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.Submission;
import basin.evaluator.EvaluatorService;
import basin.flatness.FlatnessProbeService;
import basin.it.study.RepeatedStudy;
import basin.log.CrashPoint;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.study.Json;
import basin.study.SampleSize;
import basin.trainer.TrainerService;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the pipeline of separate processes ends with the bytes of the one in a single process,
 * even if a process is stopped in the middle of its work, and all of them crash before and after
 * the steps that the record depends on.
 */
@Tag("sampled")
class SeparateServicesTest {
    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** The points in builds that only sample: one of every step, before and after in turn. */
    private static final Set<CrashPoint> SAMPLE = EnumSet.of(
            BEFORE_CHUNK, AFTER_CHECKPOINT, BEFORE_ENQUEUE, AFTER_PRODUCE, BEFORE_ACKNOWLEDGE, AFTER_SNAPSHOT);

    /** A service that crashes at one point after another and is restarted each time. */
    private static final class Supervised implements AutoCloseable {
        private final String main;
        private final Path folder;
        private final Map<String, String> environment;
        private final Deque<CrashPoint> points = new ArrayDeque<>();
        private final Set<CrashPoint> ended = EnumSet.noneOf(CrashPoint.class);
        private Optional<CrashPoint> next = Optional.empty();
        private ServiceProcess process;

        /** Starts a service that crashes at these points, or a sample of them. */
        Supervised(Class<?> main, Path folder, Map<String, String> environment, CrashPoint... points)
                throws IOException {
            this.main = main.getName();
            this.folder = folder;
            this.environment = environment;
            crashesAt(points);
            this.process = start();
        }

        private void crashesAt(CrashPoint... at) {
            points.addAll(List.of(at));
            if (!SampleSize.isWhole()) {
                points.retainAll(SAMPLE);
            }
        }

        private ServiceProcess start() throws IOException {
            next = Optional.ofNullable(points.poll());
            List<String> options = new ArrayList<>();
            // At the second occurrence, so that one of the same kind has succeeded before;
            // snapshots are too few for that.
            next.ifPresent(point ->
                    options.add("-D" + CrashPoint.PROPERTY + "=" + point + (point == AFTER_SNAPSHOT ? ":1" : ":2")));
            return ServiceProcess.start(main, folder, environment, options);
        }

        /** Restarts the service if it has crashed at its point. */
        void look() throws Exception {
            if (process.isAlive()) {
                return;
            }
            CrashPoint point = next.orElseThrow(() -> new IllegalStateException(main + " ended by itself."));
            assertThat(process.awaitEnd(Duration.ofSeconds(1)))
                    .as("%s at %s: %s", main, point, process.said())
                    .isEqualTo(CrashPoint.STATUS);
            ended.add(point);
            process = start();
        }

        /** Stops the service, which ends in time and says so. */
        void stop() throws Exception {
            assertThat(process.terminate(Duration.ofSeconds(10)))
                    .as(process.said())
                    .isIn(0, 143);
            assertThat(process.said()).contains("has ended.");
        }

        /** Stops the service and starts it again; from then on it crashes at these points. */
        void restart(CrashPoint... at) throws Exception {
            stop();
            crashesAt(at);
            process = start();
        }

        HttpResponse<String> get(String path) throws Exception {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create(process.awaitAddress() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @Test
    void stoppedAndCrashedTheyEndInTheSameView(@TempDir Path separate) throws Exception {
        String expected = RepeatedStudy.json(RepeatedStudy.undisturbed());
        List<Supervised> services = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(separate)) {
            Map<String, String> environment = Map.of(
                    "BASIN_KAFKA_BOOTSTRAP",
                    broker.bootstrapServers(),
                    "BASIN_LOG_FORMAT",
                    "json",
                    "BASIN_SNAPSHOT_EVENTS",
                    "20");
            // Before the topics exist; the services wait for them.
            Supervised trainer = new Supervised(TrainerService.class, separate, environment);
            services.add(trainer);
            Supervised probe =
                    new Supervised(FlatnessProbeService.class, separate, environment, BEFORE_PRODUCE, AFTER_PRODUCE);
            services.add(probe);
            services.add(new Supervised(
                    EvaluatorService.class, separate, environment, BEFORE_ACKNOWLEDGE, AFTER_ACKNOWLEDGE));
            Supervised aggregator =
                    new Supervised(AggregatorMain.class, separate, environment, BEFORE_SNAPSHOT, AFTER_SNAPSHOT);
            services.add(aggregator);
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            for (Supervised service : services) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> service.get("/health/ready").statusCode() == 200);
            }
            Submission.submit(endpoint, RepeatedStudy.SPEC);
            // Stopped in the middle of a segment, it returns the work item to the queue and ends in
            // time.
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> sample(trainer.get("/metrics").body(), "basin_work_in_flight_items") >= 1);
            trainer.restart(
                    BEFORE_CHUNK, AFTER_CHUNK, BEFORE_CHECKPOINT, AFTER_CHECKPOINT, BEFORE_ENQUEUE, AFTER_ENQUEUE);
            Awaitility.await().atMost(LIMIT).until(() -> {
                for (Supervised service : services) {
                    service.look();
                }
                Optional<String> view = view(aggregator);
                return view.isPresent() && state(view.get()).equals("done");
            });
            Set<CrashPoint> ended = EnumSet.noneOf(CrashPoint.class);
            services.forEach(service -> ended.addAll(service.ended));
            assertThat(ended).isEqualTo(SampleSize.isWhole() ? EnumSet.allOf(CrashPoint.class) : SAMPLE);
            assertThat(view(aggregator)).contains(expected);
            JsonNode pipeline = Json.mapper()
                    .readTree(aggregator
                            .get("/api/studies/" + RepeatedStudy.ID + "/progress")
                            .body())
                    .path("pipeline");
            assertThat(pipeline.path("deadLetters").asInt(-1)).isZero();
            assertThat(pipeline.path("conflicts").asInt(-1)).isZero();
            for (Supervised service : services) {
                service.stop();
            }
            saysWhatItWorksAt(trainer.process, "study", "run", "work_item");
            saysWhatItWorksAt(probe.process, "study", "run", "checkpoint", "work_item");
        } finally {
            services.forEach(Supervised::close);
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
            assertThat(mdc.path("study").asText()).isEqualTo(RepeatedStudy.ID);
            assertThat(mdc.path("work_item").asText()).isNotEmpty();
        });
        // A work item that expands a study belongs to no run.
        assertThat(done)
                .anySatisfy(mdc -> assertThat(fields)
                        .allSatisfy(field -> assertThat(mdc.path(field).asText())
                                .as("%s in %s", field, mdc)
                                .isNotEmpty()));
    }

    private static String state(String view) throws Exception {
        return Json.mapper().readTree(view).path("state").asText();
    }

    /** Returns the study's view; empty if the aggregator does not answer or has none. */
    private static Optional<String> view(Supervised aggregator) throws Exception {
        try {
            HttpResponse<String> answer = aggregator.get("/api/studies/" + RepeatedStudy.ID);
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException | IllegalStateException away) {
            return Optional.empty();
        }
    }

    private static double sample(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
