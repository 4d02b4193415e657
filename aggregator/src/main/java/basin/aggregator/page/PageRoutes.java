package basin.aggregator.page;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.time.Duration;

/**
 * The page at {@code /} and what it loads: its own scripts and styles, and under {@code /vendor} the plotting library. All of it
 * comes from the class path, and the browser is told to load nothing from elsewhere.
 */
public final class PageRoutes {
    /** Everything from this server alone; no script or style inside the markup. Pictures of figures are made as data. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String LIBRARIES = "META-INF/resources/webjars";
    private static final Duration LIBRARY_AGE = Duration.ofDays(365);

    private PageRoutes() {}

    /** Adds the routes; to be called after those of the interface, for the page takes every path that is left. */
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

    /** Puts into an answer what keeps a browser from loading, guessing or telling more than it should; data carry it too. */
    public static void protect(RoutingContext context) {
        context.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        context.next();
    }

    /** A page from another release would not understand this one's data. */
    private static void askAgain(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        context.next();
    }
}
