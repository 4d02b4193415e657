package basin.it.bench;

import basin.aggregator.AggregatorService;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.Submission;
import basin.evaluator.EvaluatorService;
import basin.flatness.FlatnessProbeService;
import basin.language.study.Networks;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.blob.BlobLocation;
import basin.log.blob.ChunkedBlobs;
import basin.log.work.WorkSlots;
import basin.network.NetworkShape;
import basin.network.Weights;
import basin.record.Event;
import basin.record.Measured;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.work.WantedMeasurements;
import basin.record.work.WorkItem;
import basin.service.ServiceConfig;
import basin.service.WorkerContext;
import basin.service.WorkerService;
import basin.study.RunSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.Trigger;
import basin.study.file.StudyFile;
import basin.trainer.CheckpointPublisher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures the time from a checkpoint to the publication of its numbers. An embedded broker runs
 * with probe, evaluator and aggregator. This program takes the trainer's place: it publishes one
 * checkpoint at a time and waits until the workers are idle. The time runs from the acknowledgement
 * of the last chunk of the weights to the first answer of {@code /metrics} with the new values and
 * points, and to the first whose intervals are of that revision or a newer one. The time that probe
 * and evaluation take by their own timers is subtracted. Workers have one slot, so that these times
 * do not overlap.
 */
public final class LatencyBench {
    /** Warm-up checkpoints, which load the engine and are not counted. */
    private static final int FIRST = 20;

    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern REVISIONS =
            Pattern.compile("(?m)^basin_study_(intervals_)?revision_events\\{[^}]*} (\\S+)$");

    private final HttpClient http = HttpClient.newHttpClient();
    private final StudySpec study;
    private final AggregatorService aggregator;
    private final WorkerContext context;
    private final CheckpointPublisher publisher;
    private final List<Run> runs = new ArrayList<>();
    private final List<Double> points = new ArrayList<>();
    private final List<Double> intervals = new ArrayList<>();
    private final Deque<Awaited> awaited = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private final String studyId;
    private long events;

    /** A run of the study with its present weights. */
    @SuppressWarnings("ArrayRecordComponent") // Changed in place from checkpoint to checkpoint.
    private record Run(StudyPlan.PlannedRun planned, NetworkShape shape, float[] theta, List<Double> open) {}

    /** A checkpoint whose intervals are not published yet. */
    private record Awaited(long events, long ackedAt, double measuring) {}

    /** The revisions in one answer of {@code /metrics}. */
    private record Revisions(long values, long intervals, long at) {}

    private LatencyBench(StudySpec study, KafkaEndpoint endpoint, AggregatorService aggregator, WorkerContext context)
            throws Exception {
        this.study = study;
        this.aggregator = aggregator;
        this.context = context;
        this.publisher = new CheckpointPublisher(context);
        this.studyId = Submission.submit(endpoint, study);
        events = 1;
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            NetworkShape shape = Networks.shape(run.spec());
            context.events()
                    .writeAcked(
                            new Event.RunDeclared(
                                    studyId, run.runId(), run.index(), run.label(), run.spec(), shape.parameterCount()),
                            Map.of(RecordHeaders.STUDY, studyId));
            events++;
            runs.add(new Run(
                    run,
                    shape,
                    Networks.initial(run.spec()),
                    new ArrayList<>(study.checkpoints().excess())));
        }
        context.view().refresh();
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file; number of checkpoints
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        int checkpoints = Integer.parseInt(arguments[1]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-latency-bench");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            try (AggregatorService aggregator =
                            AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                    WorkSlots slots = WorkSlots.of(1);
                    WorkerService _ = EvaluatorService.start(endpoint, slots, aggregator.metrics());
                    WorkerService _ = FlatnessProbeService.start(endpoint, slots, aggregator.metrics());
                    WorkerContext context = WorkerContext.open(endpoint, "bench")) {
                new LatencyBench(study, endpoint, aggregator, context).run(checkpoints, out);
            }
        } finally {
            ReplayBench.delete(folder);
        }
        System.exit(0);
    }

    private void run(int checkpoints, PrintStream out) throws Exception {
        int each = Math.ceilDiv(checkpoints + FIRST, runs.size());
        int steps = study.training().steps();
        for (int made = 0; made < checkpoints + FIRST; made++) {
            int ordinal = made / runs.size();
            publish(runs.get(made % runs.size()), ordinal, (ordinal + 1) * steps / each);
            if (made + 1 == FIRST) {
                points.clear();
            } else if ((made + 1 - FIRST) % 100 == 0) {
                out.printf("%,d checkpoints: %s%n", made + 1 - FIRST, reported(points));
            }
        }
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!awaited.isEmpty()) {
            scrape();
            pause(limit);
        }
        out.printf(
                "%,d checkpoints of %d runs, from the last chunk's acknowledgement, less the timers of probe and"
                        + " evaluation:%n",
                checkpoints, runs.size());
        out.printf("values and points  %s%n", reported(points));
        out.printf("intervals          %s%n", reported(intervals.subList(FIRST, intervals.size())));
    }

    private void publish(Run run, int ordinal, int step) throws Exception {
        String runId = run.planned().runId();
        Map<String, String> headers = Map.of(RecordHeaders.STUDY, studyId, RecordHeaders.RUN, runId);
        double excess = 0.05
                + 1.2 / (1 + step * Math.sqrt(run.planned().spec().learningRate()) / 12)
                + random.nextDouble() / 99;
        List<Trigger> triggers = triggers(run, step, excess);
        for (int i = 0; i < run.theta().length; i++) {
            run.theta()[i] += (float) (0.01 * random.nextGaussian());
        }
        byte[] weights = Weights.encode(run.shape(), run.theta());
        Event.LossMeasured loss = loss(runId, step, excess);
        context.events().writeAcked(loss, headers);
        awaitIdle();
        double before = measuring();
        BlobLocation place = publisher.write(runId, step, weights, headers);
        long ackedAt = System.nanoTime();
        // The state for the next segment, of the trainer's size: weights and the optimiser's two
        // moments.
        ChunkedBlobs.write(
                context.writer(),
                Topic.RESUME.topicName(),
                runId + "/" + ordinal % 2,
                new byte[12 * run.theta().length],
                ChunkedBlobs.Keys.BY_CHUNK,
                Map.of());
        Event.CheckpointPublished checkpoint = new Event.CheckpointPublished(
                runId,
                step,
                ordinal,
                triggers,
                loss.excess(),
                loss.lossNats(),
                loss.weightNorm(),
                CheckpointPublisher.named(place));
        publisher.publish(checkpoint, place, headers);
        publisher.ask(checkpoint);
        events += 2 + results(checkpoint);
        long limit = ackedAt + LIMIT.toNanos();
        Revisions shown = scrape();
        while (shown.values() < events) {
            pause(limit);
            shown = scrape();
        }
        double measuring = measuring() - before;
        points.add((shown.at() - ackedAt) / 1e9 - measuring);
        awaited.add(new Awaited(events, ackedAt, measuring));
        settle(shown);
    }

    private List<Trigger> triggers(Run run, int step, double excess) {
        List<Trigger> triggers = new ArrayList<>(List.of(new Trigger(Trigger.Kind.SCHEDULED, step)));
        run.open().stream()
                .filter(level -> excess <= level)
                .forEach(level -> triggers.add(new Trigger(Trigger.Kind.EXCESS, level)));
        run.open().removeIf(level -> excess <= level);
        if (step == study.training().steps()) {
            triggers.add(new Trigger(Trigger.Kind.LAST, step));
        }
        return triggers;
    }

    private Event.LossMeasured loss(String runId, int step, double excess) {
        return new Event.LossMeasured(
                runId,
                step,
                100L * step,
                true,
                1.3 + excess,
                new Measured(excess, 0.001),
                study.validation().sentences(),
                study.validation().seed(),
                Optional.of(Measured.exact(1.3)),
                10,
                0.003);
    }

    /** Returns the number of events that result from the checkpoint's work items. */
    private int results(Event.CheckpointPublished checkpoint) {
        Set<String> ids = new HashSet<>();
        WantedMeasurements.of(
                        studyId, study, checkpoint.runId(), RunSpec.ADAMW, checkpoint.step(), checkpoint.triggers())
                .stream()
                .map(WorkItem::resultIds)
                .forEach(ids::addAll);
        return ids.size();
    }

    private void awaitIdle() throws InterruptedException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (aggregator.metrics().find("basin.work.in.flight").gauges().stream()
                .mapToDouble(Gauge::value)
                .anyMatch(held -> held > 0)) {
            pause(limit);
        }
    }

    /** Returns the seconds that probe and evaluation have taken so far, by their timers. */
    private double measuring() {
        MeterRegistry metrics = aggregator.metrics();
        return Stream.of("basin.probe", "basin.evaluation")
                .flatMap(name -> metrics.find(name).timers().stream())
                .mapToDouble(timer -> timer.totalTime(TimeUnit.NANOSECONDS) / 1e9)
                .sum();
    }

    private Revisions scrape() throws IOException, InterruptedException {
        URI metrics = aggregator.address().resolve("/metrics");
        String text = http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        long at = System.nanoTime();
        long values = 0;
        long ofIntervals = 0;
        Matcher found = REVISIONS.matcher(text);
        while (found.find()) {
            long revision = (long) Double.parseDouble(found.group(2));
            if (found.group(1) == null) {
                values = revision;
            } else {
                ofIntervals = revision;
            }
        }
        Revisions shown = new Revisions(values, ofIntervals, at);
        settle(shown);
        return shown;
    }

    private void settle(Revisions shown) {
        while (!awaited.isEmpty() && awaited.peek().events() <= shown.intervals()) {
            Awaited one = awaited.remove();
            intervals.add((shown.at() - one.ackedAt()) / 1e9 - one.measuring());
        }
    }

    private static void pause(long limit) throws InterruptedException {
        if (System.nanoTime() > limit) {
            throw new IllegalStateException("Nothing new was shown for " + LIMIT.toSeconds() + " s.");
        }
        Thread.sleep(POLL);
    }

    private static String reported(List<Double> seconds) {
        List<Double> sorted = seconds.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return "none";
        }
        return String.format(
                "median %.0f ms, 95th percentile %.0f ms, 99th %.0f ms, longest %.0f ms",
                1000 * at(sorted, 0.5), 1000 * at(sorted, 0.95), 1000 * at(sorted, 0.99), 1000 * sorted.getLast());
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
}
