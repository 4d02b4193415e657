package basin.aggregator.page;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.PageServer;
import basin.aggregator.view.StudyView;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A browser for all tests of a class, and a server for each test. A test fails if the browser's
 * console reports an error.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Browsed {
    static final int WIDE = 1280;
    static final int NARROW = 400;

    private Chromium chromium;
    PageServer server;

    @BeforeAll
    void startBrowser() {
        chromium = Chromium.start();
    }

    @AfterAll
    void closeBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void startServer() {
        server = PageServer.start();
    }

    @AfterEach
    void nothingWasComplainedOf() {
        server.close();
        assertThat(chromium.complaints()).isEmpty();
    }

    /** Opens a page in a fresh window, whatever the server shows. */
    Page open(String path, int width, ColorScheme scheme) {
        Page page = chromium.open(width, scheme);
        page.navigate(server.at(path));
        return page;
    }

    /** The page on a view, on a device with a touch screen. */
    Page openByTouch(StudyView view, int width) {
        server.show(view);
        Page page = chromium.open(width, ColorScheme.LIGHT, true);
        page.navigate(server.at("/#study=" + view.studyId()));
        awaitRevision(page, view);
        return page;
    }

    /** Unfolds everything on the page but the filters, which open above it. */
    static void unfold(Page page) {
        page.evaluate("() => document.querySelectorAll('details:not(.filter)').forEach((one) => { one.open = true; })");
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /**
     * The page on a view, once that is drawn; the address names the study, because the server may
     * know others.
     */
    Page open(StudyView view, String choices, int width, ColorScheme scheme) {
        server.show(view);
        Page page = open("/#study=" + view.studyId() + choices.replaceFirst("^#", "&"), width, scheme);
        awaitRevision(page, view);
        return page;
    }

    Page open(StudyView view) {
        return open(view, "", WIDE, ColorScheme.LIGHT);
    }

    static void awaitRevision(Page page, StudyView view) {
        page.waitForFunction(
                "digest => document.getElementById('correlations').dataset.digest === digest",
                view.revision().digest());
    }

    /** Returns the list of objects that a script finds in the document. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(Page page, String script) {
        return (List<Map<String, Object>>) page.evaluate(script);
    }

    static String text(Page page, String selector) {
        Locator found = page.locator(selector);
        return found.textContent();
    }
}
