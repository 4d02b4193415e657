package basin.aggregator;

import basin.aggregator.page.PageRoutes;
import basin.aggregator.view.Generation;
import basin.aggregator.view.Progress;
import basin.aggregator.view.StudyView;
import basin.log.KafkaEndpoint;
import basin.log.LogWriter;
import basin.log.deadletter.DeadLetterWriter;
import basin.record.Topic;
import basin.service.EventWriter;
import basin.service.ServiceConfig;
import basin.service.ServiceMetrics;
import basin.service.ServiceShell;
import basin.study.Refusal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The aggregator. It folds the record, analyses each study whenever its events change, and serves
 * the result on its page, as JSON, at {@code /metrics} and as server-sent events. All its state
 * comes from the log, so a restart reproduces it.
 */
public final class AggregatorService implements AutoCloseable, StudyRoutes.ViewStore {
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(10);
    private static final long PROGRESS_MILLIS = 1000;

    private final ServiceShell shell;
    private final StudyRoutes routes;
    private final LiveFold fold;
    private final RecordWatch record;
    private final Generations generations;
    private final ViewPublisher showing;
    private final Analyst analyst;
    private final Map<String, ProgressEstimate> estimates = new HashMap<>();

    private AggregatorService(
            ServiceConfig config,
            KafkaEndpoint endpoint,
            Optional<URI> grafana,
            int snapshotEvents,
            Consumer<ServiceShell> beforeReading) {
        this.routes = new StudyRoutes(this, grafana);
        this.shell = ServiceShell.start(config, router -> {
            routes.add(router);
            PageRoutes.add(router);
        });
        try {
            shell.require("log", () -> false);
            // Before the wait for topics, because one of them may be lost.
            this.record = shell.owns(RecordWatch.start(endpoint, shell.metrics()));
            beforeReading.accept(shell);
            LogWriter writer = shell.owns(LogWriter.open(endpoint, "aggregator"));
            Snapshots snapshots = new Snapshots(endpoint, writer, snapshotEvents);
            this.fold = shell.owns(new LiveFold(
                    endpoint,
                    new ServiceMetrics(shell.metrics()),
                    snapshots.newest(),
                    Optional.of(new DeadLetterWriter(writer, Topic.DEAD_LETTER.topicName(), shell.metrics()))));
            this.generations = shell.owns(Generations.follow(endpoint));
            shell.require("log", fold::isReading);
            fold.bindTo(shell.metrics());
            this.showing = new ViewPublisher(shell, generations::all, routes::announce);
            this.analyst =
                    new Analyst(fold, generations, showing, new EventWriter(writer, "basin/aggregator"), snapshots);
        } catch (RuntimeException notStarted) {
            shell.close();
            throw notStarted;
        }
    }

    /**
     * Starts the service.
     *
     * @throws Refusal if the port is in use
     */
    public static AggregatorService start(ServiceConfig config, KafkaEndpoint endpoint) {
        return start(config, endpoint, Optional.empty(), Snapshots.MIN_MORE, shell -> {});
    }

    /**
     * Starts the service like {@link #start(ServiceConfig, KafkaEndpoint)}, with more settings.
     *
     * @param grafana address of Grafana, for the page's link
     * @param snapshotEvents smallest number of new events that justifies another snapshot
     * @param beforeReading called after the service has started to listen, when it is not ready
     *     yet, and before it reads from Kafka
     */
    public static AggregatorService start(
            ServiceConfig config,
            KafkaEndpoint endpoint,
            Optional<URI> grafana,
            int snapshotEvents,
            Consumer<ServiceShell> beforeReading) {
        AggregatorService service = new AggregatorService(config, endpoint, grafana, snapshotEvents, beforeReading);
        Gauge.builder("basin.conflicts.known", () -> service.fold.counts().conflicts())
                .description("Ids that came with more than one content")
                .baseUnit("events")
                .register(service.shell.metrics());
        service.analyst.start();
        service.shell.vertx().setPeriodic(PROGRESS_MILLIS, id -> service.routes.announceProgress());
        return service;
    }

    /** Returns the address of page, API and metrics. */
    public URI address() {
        return shell.address();
    }

    /**
     * Returns the registry behind {@code /metrics}; other services in the same process add theirs.
     */
    public MeterRegistry metrics() {
        return shell.metrics();
    }

    /**
     * Returns a study's newest view. Intervals may be missing unless the study is done, incomplete
     * or failed.
     */
    public Optional<StudyView> view(String studyId) {
        return find(studyId).map(PublishedView::view);
    }

    /** Returns a study's newest view if none of its intervals and p-values is missing. */
    public Optional<StudyView> wholeView(String studyId) {
        return find(studyId)
                .map(PublishedView::shown)
                .filter(ViewRevision::isWhole)
                .map(ViewRevision::view);
    }

    /** Returns the progress of a study. */
    public Optional<Progress> progress(String studyId) {
        return find(studyId).map(this::progress);
    }

    /**
     * Waits until everything that was on record at the time of the call is folded; views follow
     * within seconds.
     */
    public void awaitCaughtUp() throws InterruptedException, TimeoutException {
        fold.awaitCaughtUp(CATCH_UP_LIMIT);
    }

    @Override
    public Collection<PublishedView> all() {
        return showing.published();
    }

    @Override
    public List<String> faults() {
        return record.faults();
    }

    @Override
    public List<Generation> generations() {
        return generations.all();
    }

    @Override
    public Progress progress(PublishedView one) {
        LiveFold.Counts counts = fold.counts();
        List<Progress.Topic> topics = counts.byTopic().entrySet().stream()
                .map(entry -> new Progress.Topic(entry.getKey(), entry.getValue()))
                .toList();
        double inFlight = shell.metrics().find("basin.work.in.flight").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
        Progress.Pipeline pipeline = new Progress.Pipeline(
                topics,
                Math.round(inFlight),
                counts.duplicates(),
                counts.conflicts(),
                counts.malformed(),
                counts.deadLetters());
        ProgressEstimate estimate;
        synchronized (estimates) {
            estimate = estimates.computeIfAbsent(one.view().studyId(), study -> new ProgressEstimate());
        }
        return estimate.of(one, pipeline);
    }

    /** Stops within 10 s. */
    @Override
    public void close() {
        analyst.close();
        shell.close();
    }
}
