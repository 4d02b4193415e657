package basin.aggregator.page;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The page on a loopback port with one study, whose view a test sets. It speaks the aggregator's interface and can go away and
 * come back on the same port.
 */
final class PageServer implements AutoCloseable {
    private static final int LIMIT_SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final Set<HttpServerResponse> listeners = ConcurrentHashMap.newKeySet();
    private final int port;
    private HttpServer server;
    private volatile Optional<JsonObject> view = Optional.empty();

    PageServer() {
        server = listen(0);
        port = server.actualPort();
    }

    String address() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Shows this view from now on, to those who listen at once. */
    void show(JsonObject next) {
        view = Optional.of(next.copy());
        send("view", next);
    }

    /** Sends an event to those who listen. */
    void send(String event, JsonObject data) {
        listeners.forEach(listener -> listener.write(message(event, data)));
    }

    /** Ends all connections and listens no more. */
    void goAway() {
        listeners.clear();
        await(server.close());
    }

    /** Listens again where it did before. */
    void comeBack() {
        server = listen(port);
    }

    private HttpServer listen(int at) {
        Router router = Router.router(vertx);
        router.get("/api/studies").handler(this::studies);
        router.get("/api/studies/:id").handler(context -> context.json(view.orElseThrow()));
        router.get("/api/studies/:id/events").handler(this::events);
        PageRoutes.add(router);
        return await(vertx.createHttpServer().requestHandler(router).listen(at, "127.0.0.1"));
    }

    private void studies(RoutingContext context) {
        JsonArray known = new JsonArray();
        view.ifPresent(one -> known.add(ViewFields.summary(one)));
        context.json(known);
    }

    private void events(RoutingContext context) {
        HttpServerResponse response = context.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store");
        response.closeHandler(closed -> listeners.remove(response));
        response.write(message("view", view.orElseThrow()));
        listeners.add(response);
    }

    private static String message(String event, JsonObject data) {
        return "event: " + event + "\ndata: " + data.encode() + "\n\n";
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        await(server.close());
        await(vertx.close());
    }
}
