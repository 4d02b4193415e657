package basin.it.bench;

import basin.aggregator.AggregatorService;
import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogScan;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.deadletter.DeadLetter;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.service.EventWriter;
import basin.service.ServiceConfig;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Measures how fast the aggregator folds a log of which one record in a hundred is poison, until
 * all poison is in the dead-letter topic. The baseline is a log with as many events and no poison.
 * Also checks that each dead letter names its origin.
 */
public final class PoisonBench {
    private static final int ONE_IN = 100;
    private static final int UNDER_WAY = 5000;
    private static final List<PoisonKind> KINDS = List.of(PoisonKind.values());

    private PoisonBench() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file, whose estimators, tasks and protocols the events have;
     *     number of records; number of rounds
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        int records = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<Double> ratios = new ArrayList<>();
        // The first round warms up the JVM and is not counted.
        for (int round = 0; round <= rounds; round++) {
            double clean = round(study, records, false, out);
            double poisoned = round(study, records, true, out);
            if (round > 0) {
                ratios.add(poisoned / clean);
            }
            out.printf(
                    "round %d%s: clean %,.0f records/s, with poison %,.0f records/s, ratio %.2f%n",
                    round, round == 0 ? " (warms up)" : "", clean, poisoned, poisoned / clean);
        }
        ratios.sort(null);
        out.printf(
                "%,d records, 1 in %d poison of %d kinds, %d rounds: all dead-lettered with their origin, all others"
                        + " folded; median ratio of the rates %.2f%n",
                records, ONE_IN, KINDS.size(), rounds, ratios.get(ratios.size() / 2));
        System.exit(0);
    }

    /**
     * Returns the records per second, from the aggregator's start until all events are folded and
     * all poison is dead-lettered.
     */
    private static double round(StudySpec study, int records, boolean poison, PrintStream out) throws Exception {
        Path folder = Files.createTempDirectory("basin-poison-bench");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            Map<LogPosition, PoisonKind> wanted = write(endpoint, study, records, poison);
            long begun = System.nanoTime();
            try (AggregatorService aggregator =
                    AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint)) {
                aggregator.awaitCaughtUp();
                while (count(aggregator.metrics(), "basin.dead.letters") < wanted.size()) {
                    Thread.sleep(1);
                }
                double seconds = (System.nanoTime() - begun) / 1e9;
                aggregator.awaitCaughtUp();
                double folded = count(aggregator.metrics(), "basin.events", "outcome", "taken");
                if (folded != records - wanted.size()) {
                    throw new IllegalStateException(
                            "Of " + (records - wanted.size()) + " events " + folded + " were folded.");
                }
                check(endpoint, wanted, out);
                return records / seconds;
            }
        } finally {
            ReplayBench.delete(folder);
        }
    }

    private static double count(MeterRegistry metrics, String name, String... tags) {
        return metrics.find(name).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Writes the log and returns the positions of the poison. */
    private static Map<LogPosition, PoisonKind> write(
            KafkaEndpoint endpoint, StudySpec study, int records, boolean poison) {
        Map<LogPosition, PoisonKind> laid = new HashMap<>();
        SplittableRandom random = new SplittableRandom(1);
        try (LogWriter writer = LogWriter.open(endpoint, "bench")) {
            EventWriter to = new EventWriter(writer, "basin/bench");
            to.writeAcked(new Event.StudySubmitted(study), Map.of());
            List<CompletableFuture<LogPosition>> underWay = new ArrayList<>();
            Map<CompletableFuture<LogPosition>, PoisonKind> bad = new HashMap<>();
            int[] made = {1};
            Event[] newest = new Event[1];
            new SyntheticLog(study, 1).make(records - 1, event -> {
                newest[0] = event instanceof Event.LossMeasured ? event : newest[0];
                if (poison && made[0]++ % ONE_IN == 0) {
                    // Always made from a loss, so that each kind finds the field that it changes.
                    PoisonKind kind = KINDS.get(bad.size() % KINDS.size());
                    CompletableFuture<LogPosition> written = writer.write(
                            Topic.LOSS.topicName(),
                            event.key(),
                            kind.of(newest[0], random),
                            Map.of(RecordHeaders.RUN, "x"));
                    bad.put(written, kind);
                    underWay.add(written);
                } else {
                    underWay.add(to.write(event, Map.of(RecordHeaders.RUN, event.key())));
                }
                if (underWay.size() == UNDER_WAY) {
                    underWay.forEach(LogWriter::await);
                    underWay.clear();
                }
            });
            underWay.forEach(LogWriter::await);
            bad.forEach((written, kind) -> laid.put(written.join(), kind));
        }
        return laid;
    }

    private static void check(KafkaEndpoint endpoint, Map<LogPosition, PoisonKind> wanted, PrintStream out) {
        Set<LogPosition> deadLettered = new HashSet<>();
        Map<PoisonKind, String> reasons = new EnumMap<>(PoisonKind.class);
        try (LogScan scan = endpoint.scan("bench")) {
            scan.read(
                    Topic.DEAD_LETTER.topicName(),
                    record -> DeadLetter.of(record)
                            .ifPresent(deadLetter -> deadLetter.origin().ifPresent(origin -> {
                                deadLettered.add(origin);
                                PoisonKind kind = wanted.get(origin);
                                if (kind != null) {
                                    reasons.putIfAbsent(kind, deadLetter.reason());
                                }
                            })));
        }
        if (!deadLettered.equals(wanted.keySet())) {
            throw new IllegalStateException("Of " + wanted.size() + " poisoned records " + deadLettered.size()
                    + " are dead-lettered, or others are.");
        }
        reasons.forEach((kind, reason) -> out.printf("  %s: %s%n", kind, reason));
    }
}
