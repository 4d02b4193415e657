package basin.aggregator.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Assumptions;

/**
 * The machine's Chromium. Without one the tests that need it are skipped with a message, except in
 * CI.
 */
public final class Chromium implements AutoCloseable {
    private static final List<String> PLACES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium");

    private static final int HEIGHT = 900;

    /** As long as Playwright waits for everything else. */
    private static final double PATIENCE_MILLIS = 30_000;

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new ArrayList<>();
    private final List<Page> taken = new ArrayList<>();
    private final Queue<Page> left = new ArrayDeque<>();

    private Chromium(Path program) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run")));
    }

    public static Chromium start() {
        Optional<Path> program =
                PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
        if (program.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new IllegalStateException("No Chromium is installed where the page must be tested.");
        }
        Assumptions.assumeTrue(program.isPresent(), "No Chromium is installed, so the page is not tested.");
        return new Chromium(program.orElseThrow());
    }

    /** Opens a fresh window without history and collects the errors of its console. */
    public Page open(int width, ColorScheme scheme) {
        return open(width, scheme, false);
    }

    /**
     * Opens a window like {@link #open(int, ColorScheme)}, of a device with a touch screen or not.
     */
    Page open(int width, ColorScheme scheme, boolean touch) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, HEIGHT)
                .setColorScheme(scheme)
                .setHasTouch(touch)
                .setIsMobile(touch)
                .setAcceptDownloads(true));
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            boolean expected = message.text().contains("ERR_CONNECTION_REFUSED")
                    || message.text().contains("ERR_INCOMPLETE_CHUNKED_ENCODING");
            if (message.type().equals("error") && !expected) {
                complaints.add(message.text());
            }
        });
        return page;
    }

    /**
     * Returns the script errors and content policy violations, except those caused by a server that
     * a test stopped.
     */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /**
     * Opens a window like {@link #open(int, ColorScheme)}, or takes one that a test has left, which
     * costs half as much. A test that gives its window an initial script closes it.
     */
    Page take(int width, ColorScheme scheme) {
        Page page = left.poll();
        if (page == null) {
            page = open(width, scheme);
        } else {
            page.setViewportSize(width, HEIGHT);
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        }
        taken.add(page);
        return page;
    }

    /** Takes a window back, as empty as a new one. */
    void leave(Page page) {
        taken.remove(page);
        if (!page.isClosed()) {
            page.context().clearPermissions();
            page.unrouteAll();
            page.mouse().move(-1, -1);
            page.navigate("about:blank");
            left.add(page);
        }
    }

    /**
     * Takes all windows back, closes those that were not taken, and returns what {@link
     * #complaints()} holds of them.
     */
    List<String> leaveAll() {
        List.copyOf(taken).forEach(this::leave);
        browser.contexts().stream()
                .filter(context -> context.pages().stream().noneMatch(left::contains))
                .forEach(BrowserContext::close);
        List<String> all = complaints();
        complaints.clear();
        return all;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
