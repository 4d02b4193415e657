package basin.service;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /health/live}: the process answers. {@code /health/ready}: all that the service waits for is there. */
final class HealthRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);
    private static final int UNAVAILABLE = 503;

    private HealthRoutes() {}

    static void add(Router router, ServiceConfig config, Readiness readiness) {
        router.get("/health/live").handler(context -> answer(context, config, true, Map.of()));
        router.get("/health/ready").handler(context -> {
            Map<String, Boolean> checks = readiness.now();
            answer(context, config, !checks.containsValue(false), checks);
        });
    }

    private static void answer(RoutingContext context, ServiceConfig config, boolean up, Map<String, Boolean> checks) {
        JsonObject body = new JsonObject()
                .put("service", config.name())
                .put("status", up ? "UP" : "DOWN")
                .put("checks", new JsonObject(Map.copyOf(checks)));
        if (!up) {
            context.response().setStatusCode(UNAVAILABLE);
        }
        // Whoever asked may have hung up by now, which is no failure of ours.
        context.json(body).onFailure(gone -> LOG.debug("The answer could not be sent.", gone));
    }
}
