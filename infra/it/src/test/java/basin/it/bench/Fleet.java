package basin.it.bench;

import basin.log.KafkaEndpoint;
import basin.study.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A broker, trainers, probes, evaluators and aggregators in separate processes, which can be
 * killed, suspended, added and removed. Confined to one thread.
 */
final class Fleet implements AutoCloseable {
    static final String BROKER = "broker";
    static final String TRAINER = "trainer";
    static final String PROBE = "flatness-probe";
    static final String EVALUATOR = "evaluator";
    static final String AGGREGATOR = "aggregator";
    /** All kinds except the broker. */
    static final List<String> SERVICES = List.of(TRAINER, PROBE, EVALUATOR, AGGREGATOR);

    private static final Map<String, String> MAINS = Map.of(
            TRAINER, "basin.trainer.TrainerService",
            PROBE, "basin.flatness.FlatnessProbeService",
            EVALUATOR, "basin.evaluator.EvaluatorService",
            AGGREGATOR, "basin.aggregator.AggregatorMain");
    private static final Pattern BROKER_ADDRESS = Pattern.compile("127\\.0\\.0\\.1:[0-9]+");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");
    private static final Duration LIMIT = Duration.ofMinutes(60);
    private static final Duration SERVING_LIMIT = Duration.ofMinutes(3);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Path folder;
    private final Map<String, String> environment;
    private final List<Child> children = new ArrayList<>();
    private final String bootstrap;
    private int started;

    private Fleet(Path folder, Child broker, String bootstrap, int slots) {
        this.folder = folder;
        this.bootstrap = bootstrap;
        this.environment = Map.of(
                "BASIN_KAFKA_BOOTSTRAP", bootstrap, "BASIN_HTTP_PORT", "0", "BASIN_SLOTS", String.valueOf(slots));
        children.add(broker);
    }

    /**
     * Starts a broker and one of each service, and waits until all serve.
     *
     * @param folder for logs and the broker's data
     * @param slots number of concurrent work items in each worker
     */
    static Fleet start(Path folder, int slots) throws Exception {
        return start(folder, slots, List.of(), folder.resolve(BROKER));
    }

    /**
     * Starts a fleet like {@link #start(Path, int)}, with a command that starts the broker's and
     * another folder for its data.
     */
    static Fleet start(Path folder, int slots, List<String> brokerPrefix, Path data) throws Exception {
        Child broker = Child.start(
                BROKER, folder, Map.of(), brokerPrefix, "basin.cli.Basin", "broker", "--data", data.toString());
        try {
            return joined(new Fleet(folder, broker, await(broker, BROKER_ADDRESS), slots));
        } catch (Exception notStarted) {
            broker.close();
            throw notStarted;
        }
    }

    private static Fleet joined(Fleet fleet) throws Exception {
        try {
            for (String service : SERVICES) {
                fleet.join(service);
            }
            fleet.awaitAll();
            return fleet;
        } catch (Exception notStarted) {
            fleet.close();
            throw notStarted;
        }
    }

    KafkaEndpoint endpoint() {
        return KafkaEndpoint.of(bootstrap);
    }

    /** Returns all processes, the broker first. */
    List<Child> all() {
        return List.copyOf(children);
    }

    /** Returns the processes of one kind, in the order of their start. */
    List<Child> of(String kind) {
        return children.stream().filter(child -> child.kind().equals(kind)).toList();
    }

    /** Starts another process of a service; it may not serve yet. */
    Child join(String service) throws IOException {
        Child child = Child.start(
                service + (of(service).isEmpty() ? "" : "-" + ++started),
                folder,
                environment,
                List.of(),
                Objects.requireNonNull(MAINS.get(service)));
        children.add(child);
        return child;
    }

    /** Terminates the newest process of a service, and waits until it has ended. */
    void leave(String service) {
        Child last = of(service).getLast();
        children.remove(last);
        last.close();
    }

    /** Waits until all processes serve. */
    void awaitAll() throws InterruptedException {
        for (Child child : children) {
            awaitServing(child);
        }
    }

    /**
     * Waits until a restarted process serves. If it is the broker, also waits until all that depend
     * on it serve.
     */
    void awaitServing(Child child) throws InterruptedException {
        if (child.kind().equals(BROKER)) {
            await(child, Pattern.compile(Pattern.quote(bootstrap)));
            for (Child other : children) {
                if (!other.kind().equals(BROKER)) {
                    awaitReady(other);
                }
            }
        } else {
            awaitReady(child);
        }
    }

    private static void awaitReady(Child service) throws InterruptedException {
        String address = await(service, SERVICE_ADDRESS);
        long limit = System.nanoTime() + SERVING_LIMIT.toNanos();
        while (get(address + "/health/ready")
                .filter(answer -> answer.statusCode() == 200)
                .isEmpty()) {
            pause(limit, service.name() + " is not ready");
        }
    }

    private static String await(Child child, Pattern pattern) throws InterruptedException {
        long limit = System.nanoTime() + SERVING_LIMIT.toNanos();
        Optional<String> said = child.said(pattern);
        while (said.isEmpty()) {
            pause(limit, child.name() + " does not say where it is");
            said = child.said(pattern);
        }
        return said.get();
    }

    /** Waits until a study has ended, and returns its view from the given aggregator. */
    static String awaitEnd(Child aggregator, String study) throws InterruptedException, IOException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Optional<String> view = view(aggregator, study);
            if (view.isPresent() && state(view.get()).matches("done|incomplete|failed")) {
                return view.get();
            }
            pause(limit, "the study did not end");
        }
    }

    /** Waits until the given share of the steps of all runs of a study is done. */
    void awaitTaken(String study, double share) throws InterruptedException, IOException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (taken(study) < share) {
            pause(limit, "the study does not come forward");
        }
    }

    private double taken(String study) throws InterruptedException, IOException {
        double taken = 0;
        double all = 0;
        String view = view(of(AGGREGATOR).getFirst(), study).orElse("{}");
        for (JsonNode run : Json.mapper().readTree(view).path("runs")) {
            taken += run.path("step").asDouble();
            all += run.path("steps").asDouble();
        }
        return all == 0 ? 0 : taken / all;
    }

    /** Returns a study's state; empty if the aggregator does not answer. */
    static Optional<String> state(Child aggregator, String study) throws InterruptedException, IOException {
        Optional<String> view = view(aggregator, study);
        return view.isEmpty() ? Optional.empty() : Optional.of(state(view.get()));
    }

    private static String state(String view) throws IOException {
        return Json.mapper().readTree(view).path("state").asText();
    }

    /** Returns a study's view; empty if the aggregator does not answer. */
    static Optional<String> view(Child aggregator, String study) throws InterruptedException {
        return get(await(aggregator, SERVICE_ADDRESS) + "/api/studies/" + study)
                .filter(answer -> answer.statusCode() == 200)
                .map(HttpResponse::body);
    }

    /** Returns a service's answer at a path; empty if it does not answer. */
    static Optional<String> ask(Child service, String path) throws InterruptedException {
        return get(await(service, SERVICE_ADDRESS) + path)
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

    /**
     * Waits 100 ms.
     *
     * @throws IllegalStateException if the limit has passed
     */
    static void pause(long limit, String otherwise) throws InterruptedException {
        if (System.nanoTime() > limit) {
            throw new IllegalStateException("Given up: " + otherwise + ".");
        }
        Thread.sleep(100);
    }

    @Override
    public void close() {
        children.reversed().forEach(Child::close);
    }
}
