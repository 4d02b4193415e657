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
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A browser and a server's address for all tests of a class, and windows and a server without
 * studies for each test. A test fails if the
 * browser's console reports an error.
 */
@ExtendWith(Browsers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Browsed {
    static final int WIDE = 1280;
    static final int NARROW = 400;

    @SuppressWarnings("NullAway.Init") // Set by Browsers.
    Chromium chromium;

    PageServer server;

    @BeforeAll
    void startServer() {
        server = PageServer.start();
    }

    @AfterAll
    void closeServer() {
        server.close();
    }

    @BeforeEach
    void forgetStudies() {
        server = server.renewed();
    }

    @AfterEach
    void nothingWasComplainedOf() {
        assertThat(chromium.leaveAll()).isEmpty();
    }

    /** Gives up a window before the test's end. */
    void leave(Page page) {
        chromium.leave(page);
    }

    /** Opens a page in an empty window, whatever the server shows. */
    Page open(String path, int width, ColorScheme scheme) {
        Page page = chromium.take(width, scheme);
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
        awaitFrames(page);
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

    /** Chooses the checkpoints that are compared, as a followed link does, once they are drawn. */
    static void choosePoints(Page page, String points) {
        page.evaluate("""
            points => {
              const choices = new URLSearchParams(location.hash.slice(1));
              choices.set('points', points);
              location.hash = choices;
            }
            """, points);
        page.waitForFunction("points => document.getElementById('correlations').dataset.points === points", points);
        awaitFrames(page);
    }

    private static void awaitFrames(Page page) {
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
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
