package basin.it.bench;

import basin.aggregator.FoldedLog;
import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.service.EventWriter;
import basin.study.Json;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Measures how fast a log is folded, how much heap a folded event takes, and how long an
 * aggregator takes to serve all events from a snapshot. The baseline is a consumer that parses each
 * record with the same library and discards it. Both alternate on the same topics of one embedded
 * broker.
 */
public final class ReplayBench {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int UNDER_WAY = 20_000;

    private ReplayBench() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file, whose estimators, tasks and protocols the events have;
     *     number of events; number of rounds
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        long events = Long.parseLong(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-replay-bench");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            write(endpoint, study, events);
            String studyId = new Event.StudySubmitted(study).studyId();
            List<Double> ratios = new ArrayList<>();
            long heap = 0;
            for (int round = 1; round <= rounds; round++) {
                double parsed = perSecond(events, () -> parse(endpoint, events));
                long before = used();
                FoldedLog[] folded = new FoldedLog[1];
                double foldedRate = perSecond(events, () -> folded[0] = FoldedLog.read(endpoint, LIMIT));
                try (FoldedLog log = folded[0]) {
                    if (log.records() != events || log.malformed() != 0) {
                        throw new IllegalStateException("Of " + events + " events " + log.records() + " were read and "
                                + log.malformed() + " refused.");
                    }
                    heap = (used() - before) / events;
                    if (round == rounds) {
                        log.keepSnapshot(endpoint);
                    }
                }
                ratios.add(foldedRate / parsed);
                out.printf(
                        "round %d: parsed %,.0f events/s, folded %,.0f events/s, ratio %.2f, heap kept %d bytes an"
                                + " event%n",
                        round, parsed, foldedRate, foldedRate / parsed, heap);
            }
            ratios.sort(Comparator.naturalOrder());
            out.printf(
                    "%,d events, %d rounds: median ratio %.2f, %d bytes of heap an event%n",
                    events, rounds, ratios.get(ratios.size() / 2), heap);
            for (int start = 1; start <= rounds; start++) {
                out.printf(
                        "start %d: %.2f s until an aggregator in a JVM of its own serves all events, from a snapshot%n",
                        start, secondsToServe(endpoint, folder, studyId, events));
            }
        } finally {
            delete(folder);
        }
    }

    private static void write(KafkaEndpoint endpoint, StudySpec study, long events) {
        try (LogWriter writer = LogWriter.open(endpoint, "bench")) {
            EventWriter to = new EventWriter(writer, "basin/bench");
            to.writeAcked(new Event.StudySubmitted(study), Map.of());
            List<CompletableFuture<LogPosition>> underWay = new ArrayList<>();
            new SyntheticLog(study, 1).make(events - 1, event -> {
                underWay.add(to.write(event, Map.of(RecordHeaders.RUN, event.key())));
                if (underWay.size() == UNDER_WAY) {
                    underWay.forEach(LogWriter::await);
                    underWay.clear();
                }
            });
            underWay.forEach(LogWriter::await);
        }
    }

    /**
     * Starts an aggregator as a process and returns the time until the study's view holds all
     * events.
     */
    private static double secondsToServe(KafkaEndpoint endpoint, Path folder, String studyId, long events)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        try (Child aggregator = Child.start(
                Fleet.AGGREGATOR,
                "2g",
                folder,
                Map.of("BASIN_KAFKA_BOOTSTRAP", endpoint.bootstrapServers(), "BASIN_HTTP_PORT", "0"),
                List.of(),
                "basin.aggregator.AggregatorMain")) {
            long read = 0;
            while (read < events) {
                Fleet.pause(begun + LIMIT.toNanos(), "the aggregator does not serve");
                read = Json.mapper()
                        .readTree(Fleet.view(aggregator, studyId).orElse("{}"))
                        .at("/revision/events")
                        .asLong();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            String metrics = Fleet.ask(aggregator, "/metrics").orElseThrow();
            if (!Pattern.compile("(?m)^basin_snapshot_start_events " + (double) events + "$")
                    .matcher(metrics)
                    .find()) {
                throw new IllegalStateException("The aggregator did not start from the snapshot.");
            }
            return seconds;
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException, TimeoutException, IOException;
    }

    private static double perSecond(long events, Work work) throws InterruptedException, TimeoutException, IOException {
        long begun = System.nanoTime();
        work.run();
        return events / ((System.nanoTime() - begun) / 1e9);
    }

    private static void parse(KafkaEndpoint endpoint, long events) throws IOException {
        Map<String, Object> properties = endpoint.properties("bench-parse");
        properties.put("enable.auto.commit", false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Topic.folded().stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long read = 0;
            while (read < events) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (Json.mapper().readTree(record.value()).isObject()) {
                        read++;
                    }
                }
            }
        }
    }

    /** Returns the heap in use after garbage collections, in bytes. */
    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Deletes a folder with its content. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
