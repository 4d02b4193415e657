package basin.it.bench;

import basin.cli.pipeline.Submission;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogTail;
import basin.log.LogWriter;
import basin.record.Event;
import basin.record.Measured;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.service.EventWriter;
import basin.study.Ids;
import basin.study.Json;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Suspends and kills the broker and services for some minutes, while a study runs, another program
 * writes numbered events and a reader reads continuously. Then compares the acknowledgements and
 * the records read with the content of the log, and counts the anomalies.
 */
public final class HistoryBench {
    /** Run of no study, for the events of the single writer. */
    private static final String RUN = "0123456789abcdef0123456789abcdef";

    private static final int WRITE_MILLIS = 20;
    private static final int UNDER_WAY = 50;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private HistoryBench() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file; duration in minutes; seed of the disturbances
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        Duration wanted = Duration.ofMinutes(Long.parseLong(arguments[1]));
        long seed = Long.parseLong(arguments[2]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-history-bench");
        out.println("Logs are in " + folder);
        History history = new History();
        List<String> topics = Topic.folded().stream().map(Topic::topicName).toList();
        boolean good;
        try (Fleet fleet = Fleet.start(folder, 1)) {
            // A second process of each worker. A suspended one then finds, when it resumes, that
            // the other has done its work.
            for (String worker : List.of(Fleet.TRAINER, Fleet.PROBE, Fleet.EVALUATOR)) {
                fleet.join(worker);
            }
            fleet.awaitAll();
            try (LogTail witness = LogTail.start(fleet.endpoint(), "witness", topics, history::isSeen)) {
                Map<String, Integer> done;
                try (Writing _ = new Writing(fleet, history)) {
                    Submission.submit(fleet.endpoint(), study);
                    done = disturb(fleet, wanted, new SplittableRandom(seed), study, out);
                }
                List<LogRecord> log = settled(fleet, witness, topics);
                history.isThere(log);
                long folded = folded(fleet, study, log.size());
                report(history, wanted, seed, done, log.size(), folded, out);
                good = history.anomalies().isEmpty() && folded == log.size();
            }
        }
        System.exit(good ? 0 : 1);
    }

    private static void report(
            History history,
            Duration wanted,
            long seed,
            Map<String, Integer> done,
            int there,
            long folded,
            PrintStream out) {
        history.anomalies().stream().limit(20).forEach(anomaly -> out.println("ANOMALY " + anomaly));
        out.printf(
                "%d min, seed %d, %s: %,d records in the log, all seen by the witness, %,d read by the aggregator; a"
                        + " single writer's events: %s; %d events of work done again, folded once; anomalies %d%n",
                wanted.toMinutes(),
                seed,
                done,
                there,
                folded,
                history.writing(),
                history.again(),
                history.anomalies().size() + (folded == there ? 0 : 1));
    }

    /** Kills or suspends one process after another until the time is up. */
    private static Map<String, Integer> disturb(
            Fleet fleet, Duration wanted, SplittableRandom random, StudySpec study, PrintStream out) throws Exception {
        Map<String, Integer> done = new TreeMap<>();
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < wanted.toNanos()) {
            Thread.sleep(random.nextLong(500, 4000));
            Child victim = fleet.all().get(random.nextInt(fleet.all().size()));
            if (random.nextBoolean()) {
                victim.killAndStart();
                fleet.awaitServing(victim);
                done.merge("kills", 1, Integer::sum);
                out.println("killed " + victim.name());
            } else {
                // Sometimes longer than the lock on a work item.
                long millis = random.nextLong(1000, 25_000);
                victim.hold();
                Thread.sleep(millis);
                victim.goOn();
                fleet.awaitServing(victim);
                done.merge("pauses", 1, Integer::sum);
                out.printf("held %s for %.1f s%n", victim.name(), millis / 1000.0);
            }
            if (Fleet.state(fleet.of(Fleet.AGGREGATOR).getFirst(), Ids.study(study))
                    .filter("done"::equals)
                    .isPresent()) {
                throw new IllegalStateException(
                        "The study was done before the time was up: take one that lasts longer.");
            }
        }
        return done;
    }

    /** Stops the workers and returns the content of the log. */
    private static List<LogRecord> settled(Fleet fleet, LogTail witness, List<String> topics) throws Exception {
        for (String worker : List.of(Fleet.TRAINER, Fleet.PROBE, Fleet.EVALUATOR)) {
            while (!fleet.of(worker).isEmpty()) {
                fleet.leave(worker);
            }
        }
        witness.awaitCaughtUp(LIMIT);
        List<LogRecord> log = new ArrayList<>();
        try (LogScan scan = fleet.endpoint().scan("history")) {
            topics.forEach(topic -> scan.read(topic, log::add));
        }
        return log;
    }

    /**
     * Returns the number of records that the aggregator reports as read, once it no longer grows.
     */
    private static long folded(Fleet fleet, StudySpec study, long wanted) throws Exception {
        long limit = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            long read = 0;
            String progress = Fleet.ask(
                            fleet.of(Fleet.AGGREGATOR).getFirst(), "/api/studies/" + Ids.study(study) + "/progress")
                    .orElse("{}");
            for (var topic : Json.mapper().readTree(progress).path("pipeline").path("events")) {
                read += topic.path("events").asLong();
            }
            if (read >= wanted || System.nanoTime() > limit) {
                return read;
            }
            Thread.sleep(200);
        }
    }

    /** Writes one event after another, never one twice, with several in flight. */
    private static final class Writing implements AutoCloseable {
        private final LogWriter writer;
        private final EventWriter events;
        private final History history;
        private final Thread thread;
        private final Semaphore underWay = new Semaphore(UNDER_WAY);
        private volatile boolean closing;

        Writing(Fleet fleet, History history) {
            this.writer = LogWriter.open(fleet.endpoint(), "numbered");
            this.events = new EventWriter(writer, "basin/bench");
            this.history = history;
            this.thread = Thread.ofPlatform().name("numbered").start(this::run);
        }

        private void run() {
            try {
                for (int step = 1; !closing; step++) {
                    underWay.acquire();
                    Event event = new Event.LossMeasured(
                            RUN,
                            step,
                            step,
                            false,
                            1,
                            new Measured(1, 0),
                            1,
                            1,
                            Optional.of(Measured.exact(0)),
                            1,
                            0.001);
                    history.isWriting(event);
                    CompletableFuture<LogPosition> written = events.write(event, Map.of(RecordHeaders.RUN, RUN));
                    var _ = written.whenComplete((position, failure) -> {
                        if (failure == null) {
                            history.isAcknowledged(event);
                        }
                        underWay.release();
                    });
                    Thread.sleep(WRITE_MILLIS);
                }
                // Waits until the last write is acknowledged or failed.
                underWay.acquire(UNDER_WAY);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            closing = true;
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            writer.close();
        }
    }
}
