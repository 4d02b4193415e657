package basin.aggregator;

import basin.aggregator.page.PageRoutes;
import basin.aggregator.present.Words;
import basin.aggregator.report.ResultArchive;
import basin.aggregator.view.DataTable;
import basin.aggregator.view.DataTables;
import basin.aggregator.view.Generation;
import basin.aggregator.view.Progress;
import basin.aggregator.view.ViewJson;
import basin.study.Program;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * HTTP routes about studies, as JSON, CSV and server-sent events. All content is made elsewhere, so
 * that no handler blocks.
 */
final class StudyRoutes {
    private static final String WORDS = ViewJson.text(Words.ALL);

    private final ViewStore board;
    private final Optional<URI> grafana;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    /**
     * A client that watches a study, and the time at which the view that it has was made; 0 before
     * it has one.
     */
    private record Listener(String studyId, HttpServerResponse response, AtomicLong sentMadeAtNanos) {
        boolean keepsUp() {
            return !response.ended() && !response.writeQueueFull();
        }
    }

    StudyRoutes(ViewStore board, Optional<URI> grafana) {
        this.board = board;
        this.grafana = grafana;
    }

    void add(Router router) {
        String links = ViewJson.text(new Links(grafana.map(URI::toString), Program.NAME));
        router.route("/api/*").handler(PageRoutes::protect);
        router.get("/api/studies").handler(context -> json(context, studies()));
        router.get("/api/record").handler(context -> json(context, ViewJson.text(new Condition(board.faults()))));
        router.get("/api/words").handler(context -> json(context, WORDS));
        router.get("/api/links").handler(context -> json(context, links));
        add(router, "", (context, published) -> json(context, published.json()));
        add(router, "/progress", (context, published) -> json(context, progress(published)));
        add(router, "/generations", (context, published) -> json(context, generations(published)));
        add(router, "/events", this::listen);
        add(router, "/all.zip", StudyRoutes::archive);
        for (DataTable<?> table : DataTables.ALL) {
            add(
                    router,
                    "/" + table.name() + ".csv",
                    (context, published) -> csv(context, table.name(), table.csv(published.view())));
        }
    }

    /** Adds a route about a study; it answers 404 if the path's id is unknown. */
    private void add(Router router, String path, BiConsumer<RoutingContext, PublishedView> answer) {
        router.get("/api/studies/:study" + path)
                .handler(context -> published(context).ifPresent(published -> answer.accept(context, published)));
    }

    /** The faults of the record, a sentence each. */
    private record Condition(List<String> faults) {}

    /** Addresses of other pages about the studies. */
    private record Links(Optional<String> grafana, String program) {}

    private record Listed(String studyId, String name, String state) {}

    private String studies() {
        return ViewJson.text(board.all().stream()
                .map(PublishedView::view)
                .map(view -> new Listed(view.studyId(), view.name(), view.state()))
                .toList());
    }

    private String generations(PublishedView published) {
        return ViewJson.text(board.generations().stream()
                .filter(one -> one.studyId().equals(published.view().studyId()))
                .toList());
    }

    private Optional<PublishedView> published(RoutingContext context) {
        Optional<PublishedView> published = board.find(context.pathParam("study"));
        if (published.isEmpty()) {
            context.response().setStatusCode(404);
            json(context, "{\"error\":\"There is no study of that id; /api/studies lists those that there are.\"}");
        }
        return published;
    }

    private String progress(PublishedView published) {
        return ViewJson.text(board.progress(published));
    }

    private static void json(RoutingContext context, String body) {
        context.response()
                .putHeader("content-type", "application/json; charset=utf-8")
                .putHeader("cache-control", "no-store")
                .end(body);
    }

    private static void csv(RoutingContext context, String name, String body) {
        context.response()
                .putHeader("content-type", "text/csv; charset=utf-8")
                .putHeader("content-disposition", "attachment; filename=\"" + name + ".csv\"")
                .end(body);
    }

    /** Sends all results as one file, which takes too long to make for the event loop. */
    private static void archive(RoutingContext context, PublishedView published) {
        context.vertx()
                .executeBlocking(() -> ResultArchive.of(published.view()), false)
                .compose(bytes -> context.response()
                        .putHeader("content-type", "application/zip")
                        .putHeader("cache-control", "no-store")
                        .putHeader(
                                "content-disposition",
                                "attachment; filename=\""
                                        + published.view().studyId().replaceAll("[^\\w.-]", "_") + ".zip\"")
                        .end(Buffer.buffer(bytes)))
                .onFailure(failed -> {
                    // No response is possible if the client has disconnected.
                    if (!context.response().closed()) {
                        context.fail(failed);
                    }
                });
    }

    private void listen(RoutingContext context, PublishedView published) {
        HttpServerResponse response = context.response()
                .setChunked(true)
                .putHeader("content-type", "text/event-stream")
                .putHeader("cache-control", "no-store")
                .putHeader("content-encoding", "identity");
        Listener listener = new Listener(published.view().studyId(), response, new AtomicLong());
        listeners.add(listener);
        response.closeHandler(closed -> listeners.remove(listener));
        response.exceptionHandler(failed -> listeners.remove(listener));
        sendView(listener, published);
        sendProgress(listener, published);
    }

    /** Sends each changed study's newest view to the clients that watch it. */
    void announce(Collection<PublishedView> changed) {
        for (PublishedView published : changed) {
            for (Listener listener : listeners) {
                if (listener.studyId().equals(published.view().studyId())) {
                    sendView(listener, published);
                }
            }
        }
    }

    /**
     * Sends every client the progress of its study, and the newest view if the client missed it.
     */
    void announceProgress() {
        for (Listener listener : listeners) {
            board.find(listener.studyId()).ifPresent(published -> {
                if (published.madeAtNanos() != listener.sentMadeAtNanos().get()) {
                    sendView(listener, published);
                }
                sendProgress(listener, published);
            });
        }
    }

    /**
     * Sends what changed since the view that the client has, or the whole view if the client has
     * none or has missed one.
     */
    private static void sendView(Listener listener, PublishedView published) {
        if (!listener.keepsUp()) {
            return;
        }
        long has = listener.sentMadeAtNanos().getAndSet(published.madeAtNanos());
        String id = "id: " + published.madeAtNanos() + "\n";
        published
                .changes()
                .filter(changes -> changes.since() == has)
                .ifPresentOrElse(
                        changes -> send(listener, id + "event: changes", changes.json()),
                        () -> send(listener, id + "event: view", published.json()));
    }

    private void sendProgress(Listener listener, PublishedView published) {
        send(
                listener,
                "event: progress",
                ViewJson.text(board.progress(published).ofRunning()));
    }

    /**
     * Writes an event unless the client reads too slowly. A client that misses a view gets a later
     * one, which is complete.
     */
    private static void send(Listener listener, String fields, String data) {
        if (listener.keepsUp()) {
            var _ = listener.response().write(fields + "\ndata: " + data + "\n\n");
        }
    }

    /** Source of the published views. */
    interface ViewStore {
        /** Returns every study's newest view. */
        Collection<PublishedView> all();

        /** Returns a study's newest view. */
        default Optional<PublishedView> find(String studyId) {
            return all().stream()
                    .filter(published -> published.view().studyId().equals(studyId))
                    .findFirst();
        }

        /** Returns why the record is not whole, or may lose records; a sentence each. */
        List<String> faults();

        /** Returns the tables of other questions, by study and name. */
        List<Generation> generations();

        /** Returns the progress of a study. */
        Progress progress(PublishedView published);
    }
}
