package basin.service;

import basin.study.Refusal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's HTTP server and lifecycle. It serves {@code /health/live}, {@code /health/ready},
 * {@code /metrics} and the service's own routes, and shuts down in order. Event loops and readiness
 * checks must not run blocking code. Thread-safe.
 */
public final class ServiceShell implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceShell.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(9);
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final int EVENT_LOOPS = 2;
    private static final AtomicLong SHELLS = new AtomicLong();
    /**
     * Idle limit of connections, in seconds. Pages that watch a study receive a message every
     * second.
     */
    private static final int IDLE_SECONDS = 120;

    /** The longest first line of a request, its path included. */
    private static final int MAX_LINE_BYTES = 4_096;

    /** The headers of a request together. */
    private static final int MAX_HEADER_BYTES = 8_192;

    /** The most connections at a time. */
    static final int MAX_CONNECTIONS = 1_000;

    /** The most bytes of a body that are read and discarded before its refusal. */
    private static final int MAX_DISCARDED_BYTES = 65_536;

    private static final String ONLY_GET = "Only GET is understood here, without a body.";
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final AtomicInteger connections = new AtomicInteger();
    private final ServiceConfig config;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ReadWriteLock metricsLock = new ReentrantReadWriteLock(true);
    private final Map<String, BooleanSupplier> readiness = new ConcurrentHashMap<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Vertx vertx;
    private final HttpServer server;

    private ServiceShell(ServiceConfig config, Consumer<Router> routes) {
        this.config = config;
        parts.push(metrics::close);
        observeProcess();
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(EVENT_LOOPS)
                        .setUseDaemonThread(true)
                        .setMetricsOptions(new MicrometerMetricsOptions()
                                .setEnabled(true)
                                // Vert.x shares a registry among all that name it alike.
                                .setRegistryName(config.name() + "-" + SHELLS.incrementAndGet())))
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .build();
        try {
            Router router = Router.router(vertx);
            router.route().handler(ServiceShell::refuseBodies);
            ProcessRoutes.addHealth(router, config.name(), readiness);
            ProcessRoutes.addMetrics(router, metrics, metricsLock.readLock());
            routes.accept(router);
            this.server = await(
                    vertx.createHttpServer(new HttpServerOptions()
                                    .setCompressionSupported(true)
                                    .setHttp2ClearTextEnabled(false)
                                    .setMaxInitialLineLength(MAX_LINE_BYTES)
                                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                                    .setIdleTimeout(IDLE_SECONDS))
                            .connectionHandler(this::limitConnections)
                            .requestHandler(request -> refuseUnreadable(request, router))
                            .listen(config.port(), config.host()),
                    START_LIMIT);
            ServiceMetrics.publishBuild(metrics, config.name());
        } catch (ExecutionException | TimeoutException | InterruptedException | RuntimeException failed) {
            parts.forEach(ServiceShell::closeQuietly);
            Future<Void> _ = vertx.close();
            if (failed instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            if (failed.getCause() instanceof BindException) {
                throw new Refusal(
                        "port " + config.port() + " on " + config.host() + " is occupied; give another.", failed);
            }
            throw new IllegalStateException("The service " + config.name() + " did not start.", failed);
        }
    }

    /**
     * Starts a shell and listens.
     *
     * @param routes adds the service's own routes
     * @throws Refusal if the port is occupied; the message is one sentence
     */
    public static ServiceShell start(ServiceConfig config, Consumer<Router> routes) {
        return new ServiceShell(config, routes);
    }

    /**
     * Refuses methods other than GET and HEAD, and requests with a body, because no route accepts
     * either. Discards a body up to {@link #MAX_DISCARDED_BYTES} before the answer: a connection
     * that is closed while bytes of it are unread is reset, and the client may lose the answer.
     */
    private static void refuseBodies(RoutingContext context) {
        HttpServerRequest request = context.request();
        boolean asks =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean empty =
                !request.headers().contains(HttpHeaders.TRANSFER_ENCODING) && (length == null || length.equals("0"));
        if (asks && empty) {
            context.next();
            return;
        }
        HttpServerResponse response = context.response().setStatusCode(asks ? 413 : 405);
        AtomicLong discarded = new AtomicLong();
        request.handler(part -> {
            if (discarded.addAndGet(part.length()) > MAX_DISCARDED_BYTES && !response.ended()) {
                var _ = response.putHeader(HttpHeaders.CONNECTION, "close")
                        .end(ONLY_GET)
                        .onComplete(sent -> {
                            var _ = request.connection().close();
                        });
            }
        });
        request.endHandler(ended -> {
            if (!response.ended()) {
                var _ = response.end(ONLY_GET);
            }
        });
    }

    /** Refuses requests that the router would take for faults of its own. */
    private static void refuseUnreadable(HttpServerRequest request, Router router) {
        String path = request.path();
        if (request.authority() != null
                && path != null
                && !BROKEN_ESCAPE.matcher(path).find()) {
            router.handle(request);
        } else {
            request.response()
                    .setStatusCode(400)
                    .end("The request names no host, or its path has a percent sign without two digits.");
        }
    }

    /** Closes a connection that is one too many. */
    private void limitConnections(HttpConnection connection) {
        if (connections.incrementAndGet() > MAX_CONNECTIONS) {
            var _ = connection.close();
        }
        connection.closeHandler(closed -> connections.decrementAndGet());
        // Clients may go at any time. Without a handler the server logs each with a stack trace.
        connection.exceptionHandler(gone -> LOG.debug("A connection ended: {}", gone.getMessage()));
    }

    private void observeProcess() {
        ServiceMetrics.keepConventions(metrics);
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        new UptimeMetrics().bindTo(metrics);
        ProcessMemory.observe(metrics);
        JvmGcMetrics garbage = new JvmGcMetrics();
        garbage.bindTo(metrics);
        parts.push(garbage);
    }

    private static <T> T await(Future<T> future, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns the Vert.x instance, for timers and event loops of the service's own routes. */
    public Vertx vertx() {
        return vertx;
    }

    /** Returns the registry that {@code /metrics} publishes. */
    public MeterRegistry metrics() {
        return metrics;
    }

    /**
     * Applies a group of changes atomically: a reader of {@code /metrics} sees all of them or none.
     */
    public void changeMetrics(Runnable change) {
        metricsLock.writeLock().lock();
        try {
            change.run();
        } finally {
            metricsLock.writeLock().unlock();
        }
    }

    /**
     * Adds a condition of {@code /health/ready}, or replaces an earlier one of that name.
     *
     * @param name name of the condition, one word
     * @param holds called for every request; must neither block nor throw
     */
    public void require(String name, BooleanSupplier holds) {
        readiness.put(name, holds);
    }

    /** Returns the service's address, such as {@code http://127.0.0.1:8080}. */
    public URI address() {
        return URI.create("http://" + config.host() + ":" + server.actualPort());
    }

    /**
     * Hands over a part of the service. The shell closes its parts when it closes, in reverse
     * order.
     *
     * @return the part
     */
    public synchronized <T extends AutoCloseable> T owns(T part) {
        parts.push(part);
        return part;
    }

    /** Stops listening and closes the parts. Returns within 10 s even if a part has not ended. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread closing =
                Thread.ofPlatform().name(config.name() + "-close").daemon().start(this::closeAll);
        try {
            if (!closing.join(CLOSE_LIMIT)) {
                LOG.warn("The service {} did not end within {} s.", config.name(), CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        try {
            await(server.close(), CLOSE_LIMIT);
            synchronized (this) {
                parts.forEach(ServiceShell::closeQuietly);
            }
            await(vertx.close(), CLOSE_LIMIT);
        } catch (ExecutionException failed) {
            LOG.warn("The service {} did not end in good order.", config.name(), failed);
        } catch (TimeoutException slow) {
            LOG.warn("The HTTP server of {} did not close within {} s.", config.name(), CLOSE_LIMIT.toSeconds());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failed) {
            LOG.warn("A part of the service did not close.", failed);
        }
    }
}
