package basin.local.bench;

import basin.aggregator.view.StudyView;
import basin.events.Event;
import basin.events.EventCodec;
import basin.events.Ids;
import basin.events.Json;
import basin.events.MalformedEventException;
import basin.events.StudyFile;
import basin.events.Topic;
import basin.events.spec.StudySpec;
import basin.local.pipeline.LocalPipeline;
import basin.local.pipeline.Submission;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.LogTail;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Kills trainer, probe, evaluator, aggregator and broker, each a process of its own, again and again while a study runs, and compares what
 * is on record at the end with the record of the same study undisturbed: events lost, conflicts, dead letters, the table's bytes; and how
 * long it took until the killed one was back.
 */
public final class KillBench {
    private static final Pattern BROKER = Pattern.compile("127\\.0\\.0\\.1:[0-9]+");
    private static final Pattern SERVICE = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");
    private static final Duration LIMIT = Duration.ofMinutes(60);
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(3);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private KillBench() {}

    /**
     * Runs it.
     *
     * @param arguments the study file; how many kills; the seed of who is killed and when; pieces at work at once in each worker
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        int kills = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        String slots = arguments.length > 3 ? arguments[3] : "1";
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-kill-bench");
        out.println("Logs are in " + folder);
        OnRecord undisturbed = undisturbed(study, folder.resolve("undisturbed"), Integer.parseInt(slots) * 2);
        out.printf("undisturbed: %,d different events%n", undisturbed.events().size());
        OnRecord disturbed = disturbed(study, folder, kills, seed, slots, out);
        Set<String> lost = new HashSet<>(undisturbed.events().keySet());
        lost.removeAll(disturbed.events().keySet());
        long others = undisturbed.events().entrySet().stream()
                .filter(event -> disturbed.events().containsKey(event.getKey())
                        && !event.getValue().equals(disturbed.events().get(event.getKey())))
                .count();
        boolean same = undisturbed.view().equals(disturbed.view());
        out.printf(
                "events lost %d, conflicting %d, other than undisturbed %d, dead-lettered %d, table %s%n",
                lost.size(),
                disturbed.conflicts(),
                others,
                disturbed.deadLetters(),
                same ? "identical to the byte" : "DIFFERENT");
        if (!lost.isEmpty() || disturbed.conflicts() > 0 || others > 0 || disturbed.deadLetters() > 0 || !same) {
            System.exit(1);
        }
    }

    /** All that is on record: the canonical bytes of every event by its id, and the study's view. */
    private record OnRecord(Map<String, String> events, int conflicts, int deadLetters, String view) {}

    private static OnRecord undisturbed(StudySpec study, Path folder, int slots) throws Exception {
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, slots)) {
            Submission.submit(pipeline.endpoint(), study);
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (true) {
                Optional<StudyView> view = pipeline.aggregator().view(Ids.study(study));
                if (view.filter(StudyView::ended).isPresent()) {
                    return read(pipeline.endpoint(), new String(Json.canonical(view.get()), StandardCharsets.UTF_8));
                }
                pause(limit, "the undisturbed study did not end");
            }
        }
    }

    private static OnRecord disturbed(StudySpec study, Path folder, int kills, long seed, String slots, PrintStream out)
            throws Exception {
        List<Child> children = new ArrayList<>();
        try {
            Child broker = Child.start(
                    "broker",
                    folder,
                    Map.of(),
                    "basin.local.Basin",
                    "broker",
                    "--data",
                    folder.resolve("broker").toString());
            children.add(broker);
            String bootstrap = await(broker, BROKER);
            Map<String, String> environment =
                    Map.of("BASIN_KAFKA_BOOTSTRAP", bootstrap, "BASIN_HTTP_PORT", "0", "BASIN_SLOTS", slots);
            for (String[] service : new String[][] {
                {"trainer", "basin.trainer.TrainerMain"},
                {"flatness-probe", "basin.flatness.FlatnessProbeMain"},
                {"evaluator", "basin.evaluator.EvaluatorMain"},
                {"aggregator", "basin.aggregator.AggregatorMain"}
            }) {
                children.add(Child.start(service[0], folder, environment, service[1]));
            }
            Child aggregator = children.getLast();
            for (Child child : children) {
                recovered(child, bootstrap, children);
            }
            KafkaEndpoint endpoint = KafkaEndpoint.of(bootstrap);
            Submission.submit(endpoint, study);
            List<Double> recoveries = kill(children, bootstrap, kills, new SplittableRandom(seed), study, out);
            String view = awaitEnd(aggregator, study);
            recoveries.sort(Comparator.naturalOrder());
            out.printf(
                    "%d kills, seed %d: recovery median %.1f s, 95th percentile %.1f s, longest %.1f s%n",
                    kills,
                    seed,
                    recoveries.get(recoveries.size() / 2),
                    recoveries.get((int) Math.ceil(0.95 * recoveries.size()) - 1),
                    recoveries.getLast());
            return read(endpoint, view);
        } finally {
            children.reversed().forEach(Child::close);
        }
    }

    private static List<Double> kill(
            List<Child> children,
            String bootstrap,
            int kills,
            SplittableRandom random,
            StudySpec study,
            PrintStream out)
            throws Exception {
        List<Double> recoveries = new ArrayList<>();
        Map<String, Integer> count = new TreeMap<>();
        long begun = System.nanoTime();
        for (int i = 1; i <= kills; i++) {
            Thread.sleep(random.nextLong(500, 3000));
            if (state(children.getLast(), study).filter("done"::equals).isPresent()) {
                throw new IllegalStateException(
                        "The study was done after " + (i - 1) + " kills: take one that lasts longer.");
            }
            // Round and round, so that each has its share, from a place that is drawn.
            Child victim = children.get((i + random.nextInt(2)) % children.size());
            long at = System.nanoTime();
            victim.killAndStart();
            recovered(victim, bootstrap, children);
            double seconds = (System.nanoTime() - at) / 1e9;
            recoveries.add(seconds);
            count.merge(victim.name(), 1, Integer::sum);
            out.printf(
                    "kill %d of %d: %s, back after %.1f s; about %.0f s left%n",
                    i, kills, victim.name(), seconds, (System.nanoTime() - begun) / 1e9 / i * (kills - i));
        }
        out.println("killed: " + count);
        return recoveries;
    }

    /** Waits until a killed one serves again, and where it is the broker until all that depend on it do. */
    private static void recovered(Child child, String bootstrap, List<Child> all) throws Exception {
        if (child.name().equals("broker")) {
            await(child, Pattern.compile(Pattern.quote(bootstrap)));
            for (Child other : all) {
                if (!other.name().equals("broker")) {
                    ready(other);
                }
            }
        } else {
            ready(child);
        }
    }

    private static void ready(Child service) throws Exception {
        String address = await(service, SERVICE);
        long limit = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        while (get(address + "/health/ready")
                .filter(answer -> answer.statusCode() == 200)
                .isEmpty()) {
            pause(limit, service.name() + " is not ready again");
        }
    }

    private static String await(Child child, Pattern pattern) throws Exception {
        long limit = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        Optional<String> said = child.said(pattern);
        while (said.isEmpty()) {
            pause(limit, child.name() + " does not say where it is");
            said = child.said(pattern);
        }
        return said.get();
    }

    private static String awaitEnd(Child aggregator, StudySpec study) throws Exception {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Optional<String> view = view(aggregator, study);
            Optional<String> state = state(aggregator, study);
            if (view.isPresent()
                    && state.filter(now -> now.matches("done|incomplete|failed"))
                            .isPresent()) {
                return view.get();
            }
            pause(limit, "the study did not end");
        }
    }

    private static Optional<String> state(Child aggregator, StudySpec study) throws Exception {
        Optional<String> view = view(aggregator, study);
        return view.isEmpty()
                ? Optional.empty()
                : Optional.of(Json.mapper().readTree(view.get()).path("state").asText());
    }

    private static Optional<String> view(Child aggregator, StudySpec study) throws Exception {
        return get(await(aggregator, SERVICE) + "/api/studies/" + Ids.study(study))
                .filter(answer -> answer.statusCode() == 200)
                .map(HttpResponse::body);
    }

    private static Optional<HttpResponse<String>> get(String address) throws InterruptedException {
        try {
            return Optional.of(HTTP.send(
                    HttpRequest.newBuilder(URI.create(address))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException away) {
            return Optional.empty();
        }
    }

    private static void pause(long limit, String otherwise) throws InterruptedException {
        if (System.nanoTime() > limit) {
            throw new IllegalStateException("Given up: " + otherwise + ".");
        }
        Thread.sleep(100);
    }

    private static OnRecord read(KafkaEndpoint endpoint, String view) throws Exception {
        Map<String, String> events = new HashMap<>();
        Set<String> conflicts = new HashSet<>();
        int[] deadLetters = {0};
        List<String> topics =
                new ArrayList<>(Topic.folded().stream().map(Topic::topicName).toList());
        topics.add(Topic.DEAD_LETTER.topicName());
        try (LogTail tail = LogTail.start(endpoint, "kill-bench", topics, record -> {
            if (record.topic().equals(Topic.DEAD_LETTER.topicName())) {
                deadLetters[0]++;
                return;
            }
            try {
                Event event = EventCodec.decode(record.value());
                String bytes = new String(EventCodec.encode(event), StandardCharsets.UTF_8);
                String before = events.putIfAbsent(event.id(), bytes);
                if (before != null && !before.equals(bytes)) {
                    conflicts.add(event.id());
                }
            } catch (MalformedEventException poison) {
                conflicts.add(record.position().toString());
            }
        })) {
            tail.awaitCaughtUp(LIMIT);
        }
        return new OnRecord(events, conflicts.size(), deadLetters[0], view);
    }
}
