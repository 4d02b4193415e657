package basin.aggregator;

import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.aggregator.page.PageRoutes;
import basin.aggregator.view.Generation;
import basin.aggregator.view.Progress;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.record.Event;
import basin.record.Revision;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The aggregator's routes on a free local port, with given views instead of a live fold. */
public final class PageServer implements AutoCloseable, StudyRoutes.ViewStore {
    /** Serves all servers of a process. */
    private static final Vertx VERTX = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));

    private static final HttpServerOptions OPTIONS = new HttpServerOptions().setCompressionSupported(true);

    private final StudyRoutes routes =
            new StudyRoutes(this, java.util.Optional.of(java.net.URI.create("http://127.0.0.1:3000")));
    private final Map<String, PublishedView> published = new ConcurrentSkipListMap<>();
    private final ProgressEstimate estimate = new ProgressEstimate();
    private volatile List<Generation> generations = List.of();
    private volatile List<String> faults = List.of();
    private volatile Progress.Pipeline pipeline = pipeline(0, 0);
    /** The routes of the newest server at the address. */
    private final AtomicReference<Router> newest;

    private HttpServer server;
    private final int port;

    private PageServer() {
        this.newest = new AtomicReference<>(router());
        this.server = listen(0);
        this.port = server.actualPort();
    }

    private PageServer(PageServer other) {
        this.newest = other.newest;
        this.server = other.server;
        this.port = other.port;
        newest.set(router());
    }

    /** Starts a server without studies. */
    public static PageServer start() {
        return new PageServer();
    }

    /**
     * Returns a server without studies at this one's address, in place of it. A browser that has
     * read the page there reads it again in less time.
     */
    public PageServer renewed() {
        return new PageServer(this);
    }

    /** Returns the view after these events, one of which submits the study. */
    public static StudyView view(List<? extends Event> events) {
        return Views.of(state(events));
    }

    /** Returns the state after these events, one of which submits the study. */
    public static StudyState state(List<? extends Event> events) {
        Fold fold = new Fold();
        events.forEach(fold::add);
        return fold.study(fold.studies().getFirst()).orElseThrow();
    }

    /**
     * Returns the progress of a working pipeline with the given numbers of conflicts and dead
     * letters.
     */
    public static Progress.Pipeline pipeline(long conflicts, long deadLetters) {
        return new Progress.Pipeline(
                List.of(new Progress.Topic("basin.checkpoint", 48), new Progress.Topic("basin.loss", 1234)),
                3,
                2,
                conflicts,
                0,
                deadLetters);
    }

    private Router router() {
        Router router = Router.router(VERTX);
        addTo(router);
        return router;
    }

    private HttpServer listen(int port) {
        try {
            return VERTX.createHttpServer(OPTIONS)
                    .requestHandler(
                            request -> Objects.requireNonNull(newest.get()).handle(request))
                    .listen(port, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception notStarted) {
            throw new IllegalStateException("The page's server did not start.", notStarted);
        }
    }

    /** Adds the aggregator's routes to another server's. */
    public void addTo(Router router) {
        routes.add(router);
        PageRoutes.add(router);
    }

    /** Publishes a view to the clients that watch its study. */
    public void show(StudyView view) {
        show(ViewRevision.whole(view, 0));
    }

    /** Publishes a view that still lacks some intervals. */
    public void show(Views.Draft draft, Revision intervals) {
        show(new ViewRevision(draft.view(), Optional.of(intervals), 0));
    }

    private void show(ViewRevision shown) {
        StudyView view = shown.view();
        PublishedView now = PublishedView.now(
                shown,
                Generation.asked(generations, view.studyId()),
                Optional.ofNullable(published.get(view.studyId())));
        published.put(view.studyId(), now);
        VERTX.runOnContext(nothing -> routes.announce(List.of(now)));
    }

    /** Publishes answers to other questions. */
    public void publish(List<Generation> now) {
        generations = List.copyOf(now);
        List.copyOf(published.values()).forEach(one -> show(one.shown()));
    }

    @Override
    public List<Generation> generations() {
        return generations;
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    /** Publishes what is wrong with the record. */
    public void find(List<String> now) {
        faults = List.copyOf(now);
    }

    /** Publishes the progress of the pipeline. */
    public void tell(Progress.Pipeline now) {
        pipeline = now;
        VERTX.runOnContext(nothing -> routes.announceProgress());
    }

    /** Closes all connections and stops listening. */
    public void hangUp() {
        try {
            server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception notClosed) {
            throw new IllegalStateException("The page's server did not close.", notClosed);
        }
    }

    /** Listens again, on the same port. */
    public void comeBack() {
        server = listen(port);
    }

    /** Returns the address of a path. */
    public String at(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public Collection<PublishedView> all() {
        return published.values();
    }

    @Override
    public Progress progress(PublishedView one) {
        return estimate.of(one, pipeline);
    }

    @Override
    public void close() {
        hangUp();
    }
}
