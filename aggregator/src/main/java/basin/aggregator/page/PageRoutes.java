package basin.aggregator.page;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.time.Duration;

/**
 * Routes of the page at {@code /}, with its scripts and styles, and of the plotting library under
 * {@code /vendor}. All files come from the class path, and the browser is forbidden to load
 * anything from other servers.
 */
public final class PageRoutes {
    /** Allows this server alone, and no inline script or style. Images of figures are data URLs. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String LIBRARIES = "META-INF/resources/webjars";
    private static final Duration LIBRARY_AGE = Duration.ofDays(365);

    private PageRoutes() {}

    /**
     * Adds the routes. Call this after the API's routes are added, because the page takes every
     * remaining path.
     */
    public static void add(Router router) {
        router.get("/vendor/*")
                .handler(PageRoutes::protect)
                .handler(StaticHandler.create(LIBRARIES)
                        .setIncludeHidden(false)
                        // The version is part of the path.
                        .setMaxAgeSeconds(LIBRARY_AGE.toSeconds()));
        router.get("/*")
                .handler(PageRoutes::protect)
                .handler(PageRoutes::askAgain)
                .handler(StaticHandler.create("page").setCachingEnabled(false));
    }

    /**
     * Adds the security headers: content security policy, no MIME sniffing, no referrer. Used for
     * data too.
     */
    public static void protect(RoutingContext context) {
        context.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        context.next();
    }

    /**
     * Makes the browser revalidate, because a cached page of another release might not understand
     * this one's data.
     */
    private static void askAgain(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        context.next();
    }
}
