package basin.aggregator;

import basin.aggregator.fold.StudyState;
import basin.aggregator.page.PageRoutes;
import basin.aggregator.view.Generation;
import basin.aggregator.view.Progress;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.events.CorrelationRow;
import basin.events.Event;
import basin.events.Finding;
import basin.events.Topic;
import basin.service.kafka.DeadLetters;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.LogWriter;
import basin.service.record.EventWriter;
import basin.service.shell.ServiceConfig;
import basin.service.shell.ServiceMetrics;
import basin.service.shell.ServiceShell;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aggregator: folds the record, analyses each study whenever it has changed, and shows the result on its page, as JSON, at
 * {@code /metrics} and as events. It owns nothing: started anew it reads the log and shows the same.
 */
public final class AggregatorService implements AutoCloseable, StudyRoutes.Board {
    private static final Logger LOG = LoggerFactory.getLogger(AggregatorService.class);
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(2);
    private static final long PROGRESS_MILLIS = 1000;
    private static final long LEAST_PAUSE_MILLIS = 300;
    /** Of the time, at most a fifth goes into analyses while events come in. */
    private static final long PAUSE_FACTOR = 4;

    private final ServiceShell shell;
    private final StudyRoutes routes;
    private final LogWriter writer;
    private final EventWriter events;
    private final Snapshots snapshots;
    private final LiveFold fold;
    private final Generations generations;
    private final StudyMetrics metrics;
    private final HeadlineMetric headlines;
    private final Map<String, Published> published = new ConcurrentSkipListMap<>();
    private final Map<String, ProgressEstimate> estimates = new HashMap<>();
    private final Map<String, Map<CorrelationRow, Finding>> written = new HashMap<>();
    private final Thread analyst;
    private volatile boolean closing;

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
            AtomicReference<LiveFold> reading = new AtomicReference<>();
            shell.readiness()
                    .require(
                            "log",
                            () -> Optional.ofNullable(reading.get())
                                    .filter(LiveFold::isReading)
                                    .isPresent());
            beforeReading.accept(shell);
            this.writer = shell.owns(LogWriter.open(endpoint, "aggregator"));
            this.events = new EventWriter(writer, "basin/aggregator");
            this.snapshots = new Snapshots(endpoint, writer, snapshotEvents);
            this.fold = shell.owns(new LiveFold(
                    endpoint,
                    new ServiceMetrics(shell.metrics()),
                    snapshots.newest(),
                    Optional.of(new DeadLetters(writer, Topic.DEAD_LETTER.topicName(), shell.metrics()))));
            this.generations = shell.owns(Generations.follow(endpoint));
            reading.set(fold);
            fold.bindTo(shell.metrics());
        } catch (RuntimeException notStarted) {
            shell.close();
            throw notStarted;
        }
        this.metrics = new StudyMetrics(shell.metrics());
        this.headlines = new HeadlineMetric(shell.metrics());
        this.analyst = Thread.ofPlatform().name("aggregator-analysis").daemon().unstarted(this::analyse);
    }

    /**
     * Starts folding and listening.
     *
     * @throws IllegalArgumentException in one sentence, where the port is occupied
     */
    public static AggregatorService start(ServiceConfig config, KafkaEndpoint endpoint) {
        return start(config, endpoint, Optional.empty(), Snapshots.LEAST_MORE, shell -> {});
    }

    /**
     * As {@link #start(ServiceConfig, KafkaEndpoint)}, with more to say.
     *
     * @param grafana where Grafana is, for the page's link
     * @param snapshotEvents so many more events are worth another snapshot, at least
     * @param beforeReading called when the service listens, not ready yet, and before it reads from Kafka
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

    /** Where page, API and metrics are. */
    public URI address() {
        return shell.address();
    }

    /** The metrics that are shown; services of the same process add theirs. */
    public MeterRegistry metrics() {
        return shell.metrics();
    }

    /** A study's newest view. */
    @Override
    public Optional<StudyView> view(String studyId) {
        return Optional.ofNullable(published.get(studyId)).map(Published::view);
    }

    /** How far a study is. */
    public Optional<Progress> progress(String studyId) {
        return Optional.ofNullable(published.get(studyId)).map(this::progress);
    }

    /** Waits until all that was on record when this was called is in the fold; views follow within seconds. */
    public void awaitCaughtUp() throws InterruptedException, TimeoutException {
        fold.awaitCaughtUp(CATCH_UP_LIMIT);
    }

    @Override
    public Collection<Published> all() {
        return published.values();
    }

    @Override
    public List<Generation> generations(String studyId) {
        return generations.all().stream()
                .filter(one -> one.studyId().equals(studyId))
                .toList();
    }

    @Override
    public Progress progress(Published one) {
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

    private void analyse() {
        while (!closing) {
            try {
                fold.awaitNews(PROGRESS_MILLIS);
                snapshots.keep(fold);
                long start = System.nanoTime();
                List<Published> changed = new ArrayList<>();
                List<StudyState> states = fold.changes();
                // Asked after the states: what is parked in between is news, and comes round again.
                Set<String> parked = fold.parked();
                for (StudyState study : states) {
                    changed.add(Published.now(Views.of(study, parked)));
                }
                if (!changed.isEmpty() || generations.takeChanged()) {
                    changed.forEach(one -> published.put(one.view().studyId(), one));
                    List<StudyView> views =
                            published.values().stream().map(Published::view).toList();
                    metrics.show(views, generations.all());
                    headlines.show(views);
                    shell.vertx().runOnContext(nothing -> routes.announce(changed));
                    changed.forEach(one -> write(one.view()));
                    long spent = (System.nanoTime() - start) / 1_000_000;
                    // Paces the analyses; the log goes on being read meanwhile, and closing interrupts.
                    Thread.sleep(Math.max(LEAST_PAUSE_MILLIS, PAUSE_FACTOR * spent));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("The analysis failed and is tried again with the next event.", e);
            }
        }
    }

    /** Writes the rows that have changed. */
    private void write(StudyView view) {
        Map<CorrelationRow, Finding> before = written.computeIfAbsent(view.studyId(), study -> new HashMap<>());
        for (StudyView.RowView row : view.rows()) {
            CorrelationRow asked = new CorrelationRow(
                    row.comparison(), row.level(), row.measure(), row.task(), row.protocol(), row.statistic());
            if (!row.finding().equals(before.put(asked, row.finding()))) {
                var _ = events.write(
                        new Event.CorrelationComputed(view.studyId(), "live", view.revision(), asked, row.finding()),
                        Map.of("basin_study", view.studyId()));
            }
        }
    }

    /** Stops within 10 s. */
    @Override
    public void close() {
        closing = true;
        analyst.interrupt();
        shell.close();
    }
}
