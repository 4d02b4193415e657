package basin.service;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP routes common to all services. {@code /health/live} shows that the process answers,
 * {@code /health/ready} that all dependencies of the service are available. {@code /metrics}
 * returns metrics in Prometheus text format or, on request, in OpenMetrics format.
 */
final class ProcessRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessRoutes.class);
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private ProcessRoutes() {}

    /**
     * Adds the two health routes.
     *
     * @param service name of the service
     * @param checks readiness conditions, by name
     */
    static void addHealth(Router router, String service, Map<String, BooleanSupplier> checks) {
        router.get("/health/live").handler(context -> health(context, service, Map.of()));
        router.get("/health/ready").handler(context -> {
            Map<String, Object> now = new TreeMap<>();
            checks.forEach((name, holds) -> now.put(name, holds.getAsBoolean()));
            health(context, service, now);
        });
    }

    private static void health(RoutingContext context, String service, Map<String, Object> checks) {
        boolean up = !checks.containsValue(false);
        if (!up) {
            context.response().setStatusCode(UNAVAILABLE);
        }
        JsonObject body = new JsonObject()
                .put("service", service)
                .put("status", up ? "UP" : "DOWN")
                .put("checks", new JsonObject(checks));
        // A client that has disconnected is not a failure of the service.
        context.json(body).onFailure(gone -> LOG.debug("The answer could not be sent.", gone));
    }

    /**
     * Adds the metrics route.
     *
     * @param unchanged lock held while the metrics are read
     */
    static void addMetrics(Router router, PrometheusMeterRegistry metrics, Lock unchanged) {
        router.get("/metrics").handler(context -> {
            String accepted = context.request().headers().get(HttpHeaders.ACCEPT);
            String format = accepted != null && accepted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
            // A gauge may call blocking code, which must not run on the event loop.
            context.vertx()
                    .executeBlocking(() -> text(metrics, format, unchanged), false)
                    .compose(text -> context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, format)
                            .end(text))
                    .onFailure(failed -> {
                        // No response is possible if the client has disconnected.
                        if (!context.response().closed()) {
                            context.fail(failed);
                        }
                    });
        });
    }

    private static String text(PrometheusMeterRegistry metrics, String format, Lock unchanged) {
        unchanged.lock();
        try {
            return metrics.scrape(format);
        } finally {
            unchanged.unlock();
        }
    }
}
