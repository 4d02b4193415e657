package basin.service;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/** {@code /metrics}, in Prometheus' text format or, where it is asked for, in that of OpenMetrics. */
final class MetricsRoute {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private MetricsRoute() {}

    /**
     * Adds it.
     *
     * @param unchanged is held while the metrics are read
     */
    static void add(Router router, PrometheusMeterRegistry metrics, Lock unchanged) {
        router.get("/metrics").handler(context -> scrape(context, metrics, unchanged));
    }

    private static void scrape(RoutingContext context, PrometheusMeterRegistry metrics, Lock unchanged) {
        String accepted = Optional.ofNullable(context.request().getHeader(HttpHeaders.ACCEPT))
                .orElse("");
        String format = accepted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        // Gauges may ask anything of anybody: not on the event loop.
        context.vertx()
                .executeBlocking(() -> text(metrics, format, unchanged), false)
                .compose(text -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, format)
                        .end(text))
                .onFailure(failed -> {
                    // Where whoever asked has hung up there is nobody to tell.
                    if (!context.response().closed()) {
                        context.fail(failed);
                    }
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
