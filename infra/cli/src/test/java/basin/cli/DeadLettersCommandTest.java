package basin.cli;

import static basin.cli.Typed.at;
import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorService;
import basin.aggregator.Replay;
import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.Submission;
import basin.evaluator.EvaluatorService;
import basin.flatness.FlatnessProbeService;
import basin.log.KafkaEndpoint;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.deadletter.DeadLetterWriter;
import basin.log.work.Delivery;
import basin.log.work.UnprocessableWork;
import basin.log.work.WorkQueue;
import basin.log.work.WorkQueueSettings;
import basin.log.work.WorkSlots;
import basin.record.Topic;
import basin.service.ServiceConfig;
import basin.service.WorkerService;
import basin.study.Ids;
import basin.study.Json;
import basin.study.QuestionSpec;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import basin.trainer.TrainerService;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that dead letters are listed, shown and re-driven, and that re-driven work ends as if it
 * had never failed.
 */
@ExtendWith(RunStudies.Resolver.class)
class DeadLettersCommandTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Test
    void aStudyWhoseWorkWasGivenUpEndsAsOneThatNeverFailed(
            RunStudies studies, @TempDir Path unharmed, @TempDir Path harmed) throws Exception {
        StudySpec study = StudyFile.parse(RunStudies.twoRuns(), "study");
        studies.copy(RunStudies.twoRuns(), unharmed);
        Path data = unharmed.resolve("data");
        StudyView expected = Replay.read(EmbeddedBroker.log(data), Optional.empty(), (read, all) -> {})
                .answer(Ids.study(study), QuestionSpec.OWN)
                .view();
        basin("dead-letters", "list", "--data", data.toString()).says("There are no dead letters.");

        try (EmbeddedBroker broker = EmbeddedBroker.start(harmed)) {
            String kafka = broker.bootstrapServers();
            KafkaEndpoint endpoint = KafkaEndpoint.of(kafka);
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            try (AggregatorService aggregator =
                            AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                    WorkSlots slots = WorkSlots.of(2);
                    WorkerService _ = TrainerService.start(endpoint, slots, aggregator.metrics());
                    WorkerService _ = FlatnessProbeService.start(endpoint, slots, aggregator.metrics())) {
                Submission.submit(endpoint, study);
                StudyView incomplete;
                try (LogWriter writer = LogWriter.open(endpoint, "test");
                        WorkQueue _ = brokenEvaluator(endpoint, writer, slots, aggregator.metrics())) {
                    incomplete = ended(aggregator, study, "incomplete");
                }
                int given = incomplete.done().measurements() - incomplete.done().measured();
                List<String> deadLetters = at(kafka, "dead-letters", "list").lines();
                assertThat(deadLetters)
                        .hasSize(given)
                        .allSatisfy(line -> assertThat(line).contains(" basin.work.evaluate-0@", "  open "))
                        .anySatisfy(line -> assertThat(line).contains("  poison ", "This evaluator is broken."))
                        .anySatisfy(line -> assertThat(line).contains("  exhausted ", "It failed in each of 5"));
                assertThat(Documents.valid(
                                        "dead-letters",
                                        at(
                                                kafka,
                                                "dead-letters",
                                                "show",
                                                deadLetters.getFirst().substring(0, 12),
                                                "--json"))
                                .path("deadLetters")
                                .path(0)
                                .path("content")
                                .path("payload")
                                .asText())
                        .contains("\"type\":\"Evaluate\"");
                assertThat(Documents.valid("dead-letters", at(kafka, "dead-letters", "list", "--json"))
                                .path("deadLetters"))
                        .hasSize(given);
                assertThat(at(kafka, "doctor").lines())
                        .anySatisfy(line -> assertThat(line).startsWith("wrong dead letters: " + given));

                // A correct evaluator takes over the queue, which is empty.
                try (WorkerService _ = EvaluatorService.start(endpoint, slots, aggregator.metrics())) {
                    String first = deadLetters.getFirst().substring(0, 16);
                    at(kafka, "dead-letters", "redrive", first).says(first + " is re-driven: basin.work.evaluate-0@");
                    at(kafka, "dead-letters", "redrive", first).says(first + " was re-driven before; --again");
                    Typed rest = at(kafka, "dead-letters", "redrive", "--all");
                    assertThat(rest.lines())
                            .hasSize(given - 1)
                            .allSatisfy(line -> assertThat(line).contains("is re-driven: ", ", time 1"));
                    at(kafka, "dead-letters", "redrive", "--all").says("No dead letter is open.");

                    StudyView mended = ended(aggregator, study, "done");
                    assertThat(Json.canonical(mended)).isEqualTo(Json.canonical(expected));
                    assertThat(ResultTable.of(mended)).isEqualTo(ResultTable.of(expected));
                    assertThat(aggregator
                                    .progress(mended.studyId())
                                    .orElseThrow()
                                    .pipeline()
                                    .deadLetters())
                            .isZero();
                }
                at(kafka, "status").says("done");
                at(kafka, "dead-letters", "show", deadLetters.getFirst().substring(0, 12))
                        .says("re-driven", "header   basin_dead_reason = ", "payload  ", "\"type\":\"Evaluate\"");
                assertThat(at(kafka, "doctor").lines()).contains("ok    dead letters: none");
            }
        }
    }

    /** Starts an evaluator that fails some work items permanently and others repeatedly. */
    private static WorkQueue brokenEvaluator(
            KafkaEndpoint endpoint, LogWriter writer, WorkSlots slots, MeterRegistry metrics) {
        return WorkQueue.start(
                endpoint,
                WorkQueueSettings.of(Topic.WORK_EVALUATE.topicName(), 2),
                DeadLettersCommandTest::fail,
                new DeadLetterWriter(writer, Topic.DEAD_LETTER.topicName(), metrics),
                slots,
                metrics);
    }

    private static void fail(Delivery delivery) throws UnprocessableWork {
        if (delivery.record().offset() % 3 == 0) {
            throw new IllegalStateException("This evaluator breaks down.");
        }
        throw new UnprocessableWork("This evaluator is broken.");
    }

    private static StudyView ended(AggregatorService aggregator, StudySpec study, String state) {
        return Awaitility.await()
                .atMost(LIMIT)
                .until(
                        () -> aggregator
                                .view(Ids.study(study))
                                .filter(view -> view.state().equals(state)),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void anEventThatIsStillMalformedBecomesADeadLetterAgain(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            String kafka = broker.bootstrapServers();
            KafkaEndpoint endpoint = KafkaEndpoint.of(kafka);
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            try (AggregatorService _ = AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                    LogWriter writer = LogWriter.open(endpoint, "test")) {
                writer.writeAcked(
                        Topic.FLATNESS.topicName(),
                        "0123456789abcdef",
                        "{\"schema\":1,\"type\":\"Flat\u001b[31mness\"}".getBytes(StandardCharsets.UTF_8),
                        Map.of("basin_work_item", "item", "ce_type", "basin.Flatness"));
                String deadLetter = onlyOpen(kafka, 1);
                assertThat(deadLetter).contains(" poison ", " basin.flatness-");
                Typed shown = at(kafka, "dead-letters", "show", deadLetter.substring(0, 16));
                shown.says(
                        "header   basin_work_item = item", "header   ce_type = basin.Flatness", "Flat\\u001b[31mness");
                assertThat(shown.out()).doesNotContain("\u001b");

                at(kafka, "dead-letters", "redrive", deadLetter.substring(0, 16))
                        .says(", time 1");
                String again = onlyOpen(kafka, 2);
                assertThat(again.substring(0, 16)).isNotEqualTo(deadLetter.substring(0, 16));
                at(kafka, "dead-letters", "redrive", again.substring(0, 16)).says(", time 2");
                onlyOpen(kafka, 3);
                at(kafka, "dead-letters", "redrive", again.substring(0, 16), "--again")
                        .says(", time 3");
            }
            at(kafka, "dead-letters", "redrive", "ffff").refused("There is no dead letter 'ffff'");
            at(kafka, "dead-letters", "show", "ffff").refused("There is no dead letter 'ffff'");
            at(kafka, "dead-letters", "redrive").refused("No dead letter is named");
            at(kafka, "dead-letters", "redrive", "--all", "ffff").refused("Both --all and ids are given");
            at(kafka, "dead-letters", "redrive", "--all", "--again").refused("--again goes with ids");
            at(kafka, "dead-letters", "list", "--data", folder.toString())
                    .refused("--data and --bootstrap are both given");
            // The folder's broker is running, so the record is read through it.
            basin("dead-letters", "list", "--data", folder.toString()).says(" basin.flatness-");
        }
        basin("help", "dead-letters").says("list", "show", "redrive");
        basin("dead-letters", "help", "redrive").says("--all", "--again", "--data", "--bootstrap");
        basin("dead-letters").refused("Say what to do with dead letters: list, show or redrive");
        basin("dead-letters", "list", "--data", folder.resolve("none").toString())
                .refused("holds no record");
    }

    /** Returns the only open line of the list once it has the given number of lines. */
    private static String onlyOpen(String kafka, int lines) {
        List<String> listed = Awaitility.await()
                .atMost(LIMIT)
                .until(
                        () -> at(kafka, "dead-letters", "list").lines(),
                        list -> list.size() == lines && list.stream().anyMatch(line -> line.contains("  open ")));
        assertThat(listed.stream().filter(line -> line.contains("  open "))).hasSize(1);
        return listed.stream()
                .filter(line -> line.contains("  open "))
                .findFirst()
                .orElseThrow();
    }
}
