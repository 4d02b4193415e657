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
 * What every service answers about itself. {@code /health/live}: the process answers. {@code /health/ready}: everything that the service
 * waits for is there. {@code /metrics}: in Prometheus' text format or, on request, in that of OpenMetrics.
 */
final class ProcessRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessRoutes.class);
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private ProcessRoutes() {}

    /**
     * Adds the two routes about health.
     *
     * @param service its name
     * @param checks what must hold before the service is ready, by name
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
        // The client may have hung up by now, which is no failure of the service.
        context.json(body).onFailure(gone -> LOG.debug("The answer could not be sent.", gone));
    }

    /**
     * Adds the route of the metrics.
     *
     * @param unchanged is held while the metrics are read
     */
    static void addMetrics(Router router, PrometheusMeterRegistry metrics, Lock unchanged) {
        router.get("/metrics").handler(context -> {
            String accepted = context.request().headers().get(HttpHeaders.ACCEPT);
            String format = accepted != null && accepted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
            // A gauge may call code that blocks: not on the event loop.
            context.vertx()
                    .executeBlocking(() -> text(metrics, format, unchanged), false)
                    .compose(text -> context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, format)
                            .end(text))
                    .onFailure(failed -> {
                        // Where the client has hung up there is nobody to tell.
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
