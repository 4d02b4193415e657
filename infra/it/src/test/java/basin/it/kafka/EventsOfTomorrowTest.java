package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorService;
import basin.aggregator.view.ViewJson;
import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.deadletter.DeadLetter;
import basin.log.deadletter.DeadLetterTopic;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.Topic;
import basin.service.ServiceConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that records of a newer program are read as far as they are understood, and otherwise
 * dead-lettered with their origin, while other work continues.
 */
class EventsOfTomorrowTest {
    private static final Path GOLDEN = Path.of("../../aggregator/src/test/resources/basin/aggregator/golden/v1");

    @Test
    void theRestGoesOn(@TempDir Path folder) throws Exception {
        List<String> golden = Files.readAllLines(GOLDEN.resolve("events.jsonl"));
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            List<LogPosition> strange = new ArrayList<>();
            String study = "";
            try (AggregatorService aggregator =
                            AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                    LogWriter writer = LogWriter.open(endpoint, "tomorrow")) {
                for (int i = 0; i < golden.size(); i++) {
                    Event event = EventCodec.decode(golden.get(i).getBytes(StandardCharsets.UTF_8));
                    if (event instanceof Event.StudySubmitted submitted) {
                        study = submitted.studyId();
                    }
                    String more = golden.get(i).replaceFirst("\\{", "{\"aFieldOfTomorrow\":[1],");
                    LogPosition _ = writer.writeAcked(
                            event.topic().topicName(), event.key(), more.getBytes(StandardCharsets.UTF_8), Map.of());
                    if (i % 20 == 0) {
                        String unknown = i % 40 == 0
                                ? golden.get(i).replaceFirst("\"type\":\"[A-Za-z]*\"", "\"type\":\"SharpnessFelt\"")
                                : golden.get(i).replace("\"schema\":1", "\"schema\":2");
                        strange.add(writer.writeAcked(
                                event.topic().topicName(),
                                event.key(),
                                unknown.getBytes(StandardCharsets.UTF_8),
                                Map.of("ce_type", "basin.SharpnessFelt")));
                    }
                }
                String id = study;
                String expected = Files.readString(GOLDEN.resolve("view.json"));
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> aggregator
                                .view(id)
                                .filter(view -> ViewJson.text(view).equals(expected))
                                .isPresent());
                List<DeadLetter> deadLetters = Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(
                                () -> DeadLetterTopic.read(endpoint).stream()
                                        .map(DeadLetterTopic.Entry::deadLetter)
                                        .toList(),
                                all -> all.size() == strange.size());
                assertThat(deadLetters)
                        .extracting(deadLetter -> deadLetter.origin().orElseThrow())
                        .containsExactlyInAnyOrderElementsOf(strange);
                assertThat(deadLetters).allSatisfy(deadLetter -> {
                    assertThat(deadLetter.reason()).containsAnyOf("'SharpnessFelt'", "this program reads 1 to 1");
                    assertThat(deadLetter.record().header("ce_type")).contains("basin.SharpnessFelt");
                });
            }
            assertThat(strange).hasSizeGreaterThan(2);
            assertThat(strange).extracting(LogPosition::topic).contains(Topic.STUDY.topicName());
        }
    }

    @Test
    void aRecordAsLargeAsCanBeIsLaidAsideWhole(@TempDir Path folder) throws Exception {
        byte[] largest = new byte[LogWriter.MAX_RECORD_BYTES - 200];
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            try (LogWriter writer = LogWriter.open(endpoint, "tomorrow");
                    AggregatorService _ =
                            AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint)) {
                LogPosition origin = writer.writeAcked(Topic.LOSS.topicName(), "run", largest, Map.of("asked-by", "x"));
                List<DeadLetterTopic.Entry> deadLetters = Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> DeadLetterTopic.read(endpoint), all -> !all.isEmpty());
                assertThat(deadLetters).singleElement().satisfies(entry -> {
                    assertThat(entry.deadLetter().origin()).contains(origin);
                    assertThat(DeadLetterTopic.whole(
                                            endpoint, entry.deadLetter().id())
                                    .orElseThrow()
                                    .record()
                                    .value())
                            .isEqualTo(largest);
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void thePartitionsOfATopicDoNotMatter(int partitions, @TempDir Path folder) throws Exception {
        List<Event> golden = new ArrayList<>();
        for (String line : Files.readAllLines(GOLDEN.resolve("events.jsonl"))) {
            golden.add(EventCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
        }
        String study = golden.stream()
                .filter(Event.StudySubmitted.class::isInstance)
                .map(event -> ((Event.StudySubmitted) event).studyId())
                .findFirst()
                .orElseThrow();
        Collections.shuffle(golden, new Random(partitions));
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(
                    endpoint,
                    TopicSpec.all().stream()
                            .map(topic -> new TopicSpec(topic.name(), partitions, topic.config()))
                            .toList());
            try (LogWriter writer = LogWriter.open(endpoint, "partitions");
                    AggregatorService aggregator =
                            AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint)) {
                for (Event event : golden) {
                    LogPosition _ = writer.writeAcked(
                            event.topic().topicName(), event.key(), EventCodec.encode(event), Map.of());
                }
                String expected = Files.readString(GOLDEN.resolve("view.json"));
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> aggregator
                                .view(study)
                                .filter(view -> ViewJson.text(view).equals(expected))
                                .isPresent());
            }
        }
    }
}
