package basin.it;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorService;
import basin.aggregator.Python;
import basin.aggregator.view.StudyView;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.evaluator.EvaluatorService;
import basin.log.KafkaEndpoint;
import basin.log.LogScan;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.work.WorkSlots;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.Topic;
import basin.service.ServiceConfig;
import basin.service.WorkerService;
import basin.study.Ids;
import basin.study.Json;
import basin.study.StudySpec;
import basin.trainer.TrainerService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a program in another language can read checkpoints and publish measurements with
 * nothing but the published interface.
 */
class JoiningTest {
    private static final Path EXAMPLE =
            Path.of("../docs/kafka-api").toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static Python.Ended python(String... arguments) throws IOException, InterruptedException {
        return Python.run(EXAMPLE, arguments);
    }

    @Test
    void theRecipeOfIdsAgrees() throws Exception {
        Python.needs("json");
        Python.Ended checked = python("basin_events.py", "vectors.json");
        assertThat(checked.said()).contains("All ids agree.");
        assertThat(checked.status()).isZero();
    }

    @Test
    void whatAnotherProgramMeasuresIsFoldedLikeOurOwn(@TempDir Path ours, @TempDir Path joined) throws Exception {
        Python.needs("kafka");
        StudySpec study = StudyText.brief().withOneRunOfEachSize().spec();
        String id = Ids.study(study);
        Path measured = joined.resolve("measured.csv");
        StudyView expected;
        try (LocalPipeline pipeline = LocalPipeline.start(ours, 0, 2)) {
            Submission.submit(pipeline.endpoint(), study);
            expected = await(pipeline.aggregator(), id, view -> view.state().equals("done"));
            Files.write(measured, csv(pipeline.endpoint()));
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(joined.resolve("data"))) {
            String kafka = broker.bootstrapServers();
            KafkaEndpoint endpoint = KafkaEndpoint.of(kafka);
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            // Without Basin's probe, because the other program takes its place.
            try (AggregatorService aggregator =
                            AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                    WorkSlots slots = WorkSlots.of(2);
                    WorkerService _ = TrainerService.start(endpoint, slots, aggregator.metrics());
                    WorkerService _ = EvaluatorService.start(endpoint, slots, aggregator.metrics())) {
                Submission.submit(endpoint, study);
                int checkpoints = expected.runs().stream()
                        .mapToInt(run -> run.checkpoints().size())
                        .sum();
                await(
                        aggregator,
                        id,
                        view -> view.done().ended() == view.done().runs()
                                && view.done().measured() == expected.done().measured() - checkpoints);

                Path weights = joined.resolve("weights");
                run("join.py", "fetch", "--bootstrap", kafka, "--study", "tiny", "--out", weights.toString());
                assertThat(Files.readAllLines(weights.resolve("checkpoints.csv")))
                        .hasSize(1 + checkpoints);
                run(
                        "join.py",
                        "publish",
                        "--bootstrap",
                        kafka,
                        "--study",
                        "tiny",
                        "--as",
                        "lab/test",
                        measured.toString());
                StudyView view = await(aggregator, id, one -> one.state().equals("done"));
                assertThat(Json.canonical(view)).isEqualTo(Json.canonical(expected));

                // Publishing again changes nothing.
                run(
                        "join.py",
                        "publish",
                        "--bootstrap",
                        kafka,
                        "--study",
                        "tiny",
                        "--as",
                        "lab/test",
                        measured.toString());
                aggregator.awaitCaughtUp();
                var pipeline = aggregator.progress(id).orElseThrow().pipeline();
                assertThat(pipeline.duplicates()).isEqualTo(4L * checkpoints);
                assertThat(pipeline.conflicts()).isZero();
                assertThat(pipeline.malformed()).isZero();
                idsAreThoseOfTheProgram(endpoint);
            }
        }
        Python.Ended refused =
                python("join.py", "publish", "--bootstrap", "127.0.0.1:1", "--study", "tiny", "--as", "lab/test");
        assertThat(refused.status()).isEqualTo(2);
    }

    private static void run(String... arguments) throws Exception {
        Python.Ended ended = python(arguments);
        assertThat(ended.status()).as(ended.said()).isZero();
    }

    private static StudyView await(AggregatorService aggregator, String id, Predicate<StudyView> when) {
        return Awaitility.await()
                .atMost(LIMIT)
                .until(() -> aggregator.view(id).filter(when), Optional::isPresent)
                .orElseThrow();
    }

    /**
     * Returns the measurements of Basin's probe in the format in which another program submits
     * them.
     */
    private static List<String> csv(KafkaEndpoint endpoint) {
        List<String> lines = new ArrayList<>();
        lines.add("run,step,quantity,value,stderr,low,high,confidence,effective_rank,estimator_version");
        read(endpoint, Topic.FLATNESS, event -> {
            if (event instanceof Event.FlatnessMeasured one) {
                lines.add(String.join(
                        ",",
                        one.runId(),
                        String.valueOf(one.step()),
                        one.quantity().id(),
                        String.valueOf(one.value().value()),
                        String.valueOf(one.value().standardError()),
                        String.valueOf(one.interval().low()),
                        String.valueOf(one.interval().high()),
                        String.valueOf(one.interval().confidence()),
                        one.effectiveRank().map(String::valueOf).orElse(""),
                        String.valueOf(one.version())));
            }
        });
        return lines;
    }

    private interface Taker {
        void take(Event event);
    }

    private static void read(KafkaEndpoint endpoint, Topic topic, Taker taker) {
        try (LogScan scan = endpoint.scan("test")) {
            scan.read(topic.topicName(), record -> {
                try {
                    taker.take(EventCodec.decode(record.value()));
                } catch (MalformedEventException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private static void idsAreThoseOfTheProgram(KafkaEndpoint endpoint) {
        try (LogScan scan = endpoint.scan("test")) {
            scan.read(Topic.FLATNESS.topicName(), record -> {
                try {
                    Event event = EventCodec.decode(record.value());
                    assertThat(record.header("ce_id")).contains(event.id());
                    assertThat(record.header("ce_source")).contains("lab/test");
                    assertThat(record.key()).isEqualTo(event.key());
                } catch (MalformedEventException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }
}
