package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorService;
import basin.aggregator.SyntheticStudy;
import basin.aggregator.view.StudyView;
import basin.cli.broker.EmbeddedBroker;
import basin.it.StudyText;
import basin.log.KafkaEndpoint;
import basin.log.LogTail;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.blob.ChunkedBlobs;
import basin.record.Event;
import basin.record.Topic;
import basin.service.EventWriter;
import basin.service.ServiceConfig;
import basin.study.Ids;
import basin.study.Json;
import basin.study.StudySpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that an aggregator that starts from a snapshot serves the same bytes as one that starts
 * from nothing.
 */
class SnapshotTest {
    private static final Path FILE = Path.of("../../aggregator/src/test/resources/basin/aggregator/quick.yaml");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int STUDIES = 4;

    /** Number of events at which the aggregator writes a snapshot. */
    private static final int WORTH = 5000;

    /**
     * The views that an aggregator served, and the number of events that it had from a snapshot.
     */
    private record Shown(String views, double began) {}

    @Test
    void itShowsTheSameBytesWithOneWithoutAndBesideABrokenOne(@TempDir Path folder) throws Exception {
        List<StudySpec> studies = studies();
        List<Event> events = new ArrayList<>();
        studies.forEach(study -> events.addAll(SyntheticStudy.complete(study, events.size())));
        int max = events.size() - 700;
        assertThat(max).isGreaterThan(WORTH);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            try (LogWriter writer = LogWriter.open(endpoint, "test")) {
                write(writer, events.subList(0, max));
                Shown first = shown(endpoint, studies, events.subList(0, max), 1);
                assertThat(first.began()).isZero();

                // The tail after the snapshot, of which a part is in the snapshot.
                write(writer, events.subList(max - 300, events.size()));
                Shown second = shown(endpoint, studies, events, 1);
                assertThat(second.began()).isGreaterThanOrEqualTo(WORTH);
                assertThat(second.views()).isNotEqualTo(first.views());

                // With a correct checksum, but not an image of this version.
                for (int slot = 0; slot < 2; slot++) {
                    ChunkedBlobs.write(
                            writer,
                            Topic.SNAPSHOT.topicName(),
                            "aggregator/" + slot,
                            "an image of a fold to come".getBytes(StandardCharsets.UTF_8),
                            ChunkedBlobs.Keys.BY_CHUNK,
                            Map.of("basin_snapshot", state(endpoint)));
                }
                Shown third = shown(endpoint, studies, events, 1);
                assertThat(third.began()).isZero();
                assertThat(third.views()).isEqualTo(second.views());

                // Incomplete: one of its chunks was replaced.
                LogWriter.await(writer.write(
                        Topic.SNAPSHOT.topicName(), "aggregator/0/0", new byte[] {1}, Map.of("basin_snapshot", "{}")));
                assertThat(shown(endpoint, studies, events, 1).views()).isEqualTo(second.views());
            }
        }
    }

    /** Returns a state that fits these topics, with nothing read yet. */
    private static String state(KafkaEndpoint endpoint) {
        try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
            Map<String, String> ids =
                    admin.topicIds(Topic.folded().stream().map(Topic::topicName).toList());
            return new String(
                    Json.canonical(Map.of(
                            "events",
                            1_000_000,
                            "next",
                            List.of(),
                            "topicIds",
                            ids,
                            "records",
                            Map.of(),
                            "duplicates",
                            0,
                            "malformed",
                            0)),
                    StandardCharsets.UTF_8);
        }
    }

    private static List<StudySpec> studies() {
        StudyText quick = StudyText.of(FILE).withFewDraws();
        return IntStream.rangeClosed(1, STUDIES)
                .mapToObj(number -> quick.named("quick" + number)
                        .withSeeds(String.valueOf(number))
                        .spec())
                .toList();
    }

    private static void write(LogWriter writer, List<Event> events) {
        EventWriter to = new EventWriter(writer, "basin/test");
        events.stream().map(event -> to.write(event, Map.of())).toList().forEach(LogWriter::await);
    }

    /**
     * Returns what an aggregator serves of these studies once it has folded these events and
     * written that many snapshots.
     */
    private static Shown shown(KafkaEndpoint endpoint, List<StudySpec> studies, List<Event> events, int snapshots)
            throws Exception {
        long different = events.stream().map(Event::id).distinct().count();
        try (AggregatorService aggregator =
                AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint)) {
            StringBuilder views = new StringBuilder();
            for (StudySpec study : studies) {
                StudyView view = Awaitility.await()
                        .atMost(LIMIT)
                        .until(
                                () -> aggregator
                                        .wholeView(Ids.study(study))
                                        .filter(one -> one.revision().events() == different),
                                Optional::isPresent)
                        .orElseThrow();
                views.append(new String(Json.canonical(view), StandardCharsets.UTF_8));
            }
            Awaitility.await().atMost(LIMIT).until(() -> chunks(endpoint) >= snapshots);
            return new Shown(
                    views.toString(),
                    aggregator.metrics().get("basin.snapshot.start").gauge().value());
        }
    }

    private static int chunks(KafkaEndpoint endpoint) throws Exception {
        AtomicInteger chunks = new AtomicInteger();
        try (LogTail tail = LogTail.start(
                endpoint, "test", List.of(Topic.SNAPSHOT.topicName()), record -> chunks.incrementAndGet())) {
            tail.awaitCaughtUp(LIMIT);
        }
        return chunks.get();
    }
}
