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
import basin.cli.TinyStudy;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.Submission;
import basin.evaluator.EvaluatorService;
import basin.flatness.FlatnessProbeService;
import basin.log.CrashPoint;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a study ends with the same bytes if services crash before and after every step that
 * the record depends on.
 */
class CrashPointsTest {
    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** A service that crashes at one point after another and is restarted each time. */
    private static final class Supervised implements AutoCloseable {
        private final String main;
        private final Path folder;
        private final Map<String, String> environment;
        private final Deque<CrashPoint> points;
        private final List<CrashPoint> ended = new ArrayList<>();
        private Optional<CrashPoint> next = Optional.empty();
        private ServiceProcess process;

        Supervised(Class<?> main, Path folder, Map<String, String> environment, CrashPoint... points) throws Exception {
            this.main = main.getName();
            this.folder = folder;
            this.environment = environment;
            this.points = new ArrayDeque<>(List.of(points));
            this.process = start();
        }

        private ServiceProcess start() throws Exception {
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

        String address() {
            return process.awaitAddress();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @Test
    void everyPointIsSurvived(@TempDir Path separate) throws Exception {
        String expected = TinyStudy.json(TinyStudy.undisturbed());
        List<Supervised> services = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(separate)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            Submission.submit(endpoint, TinyStudy.SPEC);
            Map<String, String> environment =
                    Map.of("BASIN_KAFKA_BOOTSTRAP", broker.bootstrapServers(), "BASIN_SNAPSHOT_EVENTS", "20");
            services.add(new Supervised(
                    TrainerService.class,
                    separate,
                    environment,
                    BEFORE_CHUNK,
                    AFTER_CHUNK,
                    BEFORE_CHECKPOINT,
                    AFTER_CHECKPOINT,
                    BEFORE_ENQUEUE,
                    AFTER_ENQUEUE));
            services.add(
                    new Supervised(FlatnessProbeService.class, separate, environment, BEFORE_PRODUCE, AFTER_PRODUCE));
            services.add(new Supervised(
                    EvaluatorService.class, separate, environment, BEFORE_ACKNOWLEDGE, AFTER_ACKNOWLEDGE));
            Supervised aggregator =
                    new Supervised(AggregatorMain.class, separate, environment, BEFORE_SNAPSHOT, AFTER_SNAPSHOT);
            services.add(aggregator);
            Awaitility.await().atMost(LIMIT).until(() -> {
                for (Supervised service : services) {
                    service.look();
                }
                Optional<String> view = view(aggregator);
                return view.isPresent() && state(view.get()).equals("done");
            });
            Set<CrashPoint> ended = EnumSet.noneOf(CrashPoint.class);
            services.forEach(service -> ended.addAll(service.ended));
            assertThat(ended).isEqualTo(EnumSet.allOf(CrashPoint.class));
            assertThat(view(aggregator)).contains(expected);
            JsonNode pipeline = Json.mapper()
                    .readTree(get(aggregator, "/api/studies/" + TinyStudy.ID + "/progress")
                            .body())
                    .path("pipeline");
            assertThat(pipeline.path("deadLetters").asInt(-1)).isZero();
            assertThat(pipeline.path("conflicts").asInt(-1)).isZero();
        } finally {
            services.forEach(Supervised::close);
        }
    }

    private static String state(String view) throws Exception {
        return Json.mapper().readTree(view).path("state").asText();
    }

    /** Returns the study's view; empty if the aggregator does not answer or has none. */
    private static Optional<String> view(Supervised aggregator) throws Exception {
        try {
            HttpResponse<String> answer = get(aggregator, "/api/studies/" + TinyStudy.ID);
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (java.io.IOException | IllegalStateException away) {
            return Optional.empty();
        }
    }

    private static HttpResponse<String> get(Supervised service, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(service.address() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
