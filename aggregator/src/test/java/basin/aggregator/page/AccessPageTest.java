package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.PageServer;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewJson;
import basin.study.SampleSize;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the page can be used by everyone: without overlapping text, by the rules of WCAG 2.2
 * AA, by keyboard and by touch; and that names stay text under a strict content policy.
 */
class AccessPageTest extends Browsed {
    private static final String AXE = axe();

    /** The rules of WCAG 2.2 at levels A and AA, as {@code runOnly} of axe. */
    private static final Map<String, Object> ALL_RULES =
            Map.of("type", "tag", "values", List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"));

    /** The only one of them that depends on the colour scheme. */
    private static final Map<String, Object> CONTRAST = Map.of("type", "rule", "values", List.of("color-contrast"));

    private static final String VIOLATIONS = """
        async (runOnly) => (await axe.run(document, {resultTypes: ['violations'], runOnly}))
          .violations.flatMap(({id, nodes}) => nodes.map(({html, failureSummary}) => ({rule: id, html, summary: failureSummary})))
        """;

    /**
     * Pairs of texts or controls that share an area, unless one is within the other. Parts that are
     * clipped away do not count.
     */
    private static final String OVERLAPS = """
        () => {
          const EDGE = 1.5;
          const clipped = (node, box) => {
            let {left, top, right, bottom} = box;
            for (let at = node; at && at !== document.body; at = at.parentElement) {
              const style = getComputedStyle(at);
              if (style.clipPath !== 'none') return null;
              if (at instanceof SVGElement && at.tagName !== 'svg') continue;
              if (style.overflow === 'visible' || at === node) continue;
              const limit = at.getBoundingClientRect();
              [left, top] = [Math.max(left, limit.left), Math.max(top, limit.top)];
              [right, bottom] = [Math.min(right, limit.right), Math.min(bottom, limit.bottom)];
            }
            return right - left > EDGE && bottom - top > EDGE ? {left, top, right, bottom} : null;
          };
          const seen = (node) => node.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !node.closest('#tip, .skip, .empty');
          const items = [];
          const add = (node, box, text) => {
            const rest = clipped(node, box);
            if (rest) items.push({node, text, ...rest});
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            const node = text.parentElement;
            if (!text.textContent.trim() || ['SCRIPT', 'NOSCRIPT', 'OPTION', 'STYLE'].includes(node.tagName) || !seen(node)) continue;
            if (node instanceof SVGElement) {
              add(node, node.getBoundingClientRect(), text.textContent);
            } else {
              const range = document.createRange();
              range.selectNodeContents(text);
              for (const box of range.getClientRects()) add(node, box, text.textContent);
            }
          }
          document.querySelectorAll('button, select, summary, a, input, progress').forEach((node) => {
            if (seen(node)) for (const box of node.getClientRects()) add(node, box, node.tagName);
          });
          items.sort((a, b) => a.left - b.left);
          const found = [];
          items.forEach((one, place) => {
            for (let next = place + 1; next < items.length && items[next].left < one.right - EDGE; next++) {
              const other = items[next];
              if (one.top < other.bottom - EDGE && other.top < one.bottom - EDGE && !one.node.contains(other.node) && !other.node.contains(one.node)) {
                found.push({one: one.text, other: other.text});
              }
            }
          });
          return found;
        }
        """;

    /** Controls that are smaller than a finger needs. */
    private static final String SMALL = """
        (least) => [...document.querySelectorAll('button, select, summary, .choices label, a.save, #contents-list a')]
          .filter((node) => node.checkVisibility())
          .map((node) => ({text: node.textContent.slice(0, 40), width: node.getBoundingClientRect().width, height: node.getBoundingClientRect().height}))
          .filter(({width, height}) => width < least - 0.5 || height < least - 0.5)
        """;

    private static String axe() {
        try (InputStream in = AccessPageTest.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Views that together show all parts of the page; the first two do. */
    private static List<StudyView> views() {
        return SampleSize.isWhole()
                ? List.of(PageViews.SPECTRA, RankingPageTest.VIEW, PageViews.LATER, PageViews.NOTHING)
                : List.of(PageViews.SPECTRA, RankingPageTest.VIEW);
    }

    @Tag("sampled")
    @ParameterizedTest
    @ValueSource(ints = {390, 800, 1280})
    void noTextOrControlOverlapsAnother(int width) {
        for (StudyView view : views()) {
            for (String points : SampleSize.isWhole() ? List.of("0.2", "last", "all") : List.of("0.2")) {
                Page page = open(view, "#points=" + points, width, ColorScheme.LIGHT);
                assertThat(list(page, OVERLAPS)).as("folded, " + points).isEmpty();
                unfold(page);
                assertThat(list(page, OVERLAPS)).as("unfolded, " + points).isEmpty();
                leave(page);
            }
        }
    }

    @Tag("sampled")
    @ParameterizedTest
    @ValueSource(ints = {390, 800, 1280})
    void axeFindsNoViolation(int width) {
        Page page =
                open(width == 800 ? RankingPageTest.VIEW : PageViews.SPECTRA, "#points=0.2", width, ColorScheme.LIGHT);
        page.evaluate(AXE);
        if (width == 390 || SampleSize.isWhole()) {
            assertThat(violations(page, ALL_RULES)).as("folded").isEmpty();
        }
        unfold(page);
        page.locator("#correlations [data-chosen=yes] .cell").first().focus();
        assertThat(page.locator("#tip")).isVisible();
        assertThat(violations(page, ALL_RULES)).as("unfolded, with a tip").isEmpty();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(violations(page, SampleSize.isWhole() ? ALL_RULES : CONTRAST))
                .as("dark")
                .isEmpty();
    }

    private static List<?> violations(Page page, Map<String, Object> rules) {
        return (List<?>) page.evaluate(VIOLATIONS, rules);
    }

    /** The rules do run: a page without a language, and with a pale headline, breaks two. */
    @Test
    void axeFindsAViolationThatIsThere() {
        Page page = open(PageViews.NOTHING);
        page.evaluate(AXE);
        page.evaluate("""
            () => {
              document.documentElement.removeAttribute('lang');
              document.getElementById('headline').style.color = '#ccc';
            }
            """);
        assertThat(violations(page, ALL_RULES).toString()).contains("html-has-lang", "color-contrast");
        assertThat(violations(page, CONTRAST).toString())
                .contains("color-contrast")
                .doesNotContain("html-has-lang");
    }

    @Test
    void controlsHaveRoomForFingers() {
        Page byMouse = open(PageViews.SPECTRA, "", WIDE, ColorScheme.LIGHT);
        unfold(byMouse);
        assertThat(small(byMouse, 24)).isEmpty();
        leave(byMouse);
        Page byTouch = openByTouch(PageViews.SPECTRA, 390);
        unfold(byTouch);
        assertThat(small(byTouch, 44)).isEmpty();
        assertThat(byTouch.evaluate("() => document.documentElement.scrollWidth"))
                .isEqualTo(390);
        assertThat(list(byTouch, OVERLAPS)).isEmpty();
    }

    private static List<?> small(Page page, int least) {
        return (List<?>) page.evaluate(SMALL, least);
    }

    /** Twelve runs, three sizes, two tasks. */
    @Test
    void aPhoneShowsTheAnswerInFewScreens() {
        Page page = open(PageViews.SPECTRA, "", 390, ColorScheme.LIGHT);
        assertThat((int) page.evaluate("() => document.documentElement.scrollHeight"))
                .isLessThan(3000);
    }

    /**
     * Tab comes past every control and every figure's one stop, and each shows that it has the
     * focus.
     */
    @Test
    void theKeyboardReachesEveryControl() {
        Page page = open(PageViews.SPECTRA, "#points=last", WIDE, ColorScheme.LIGHT);
        unfold(page);
        page.evaluate("""
            () => {
              // One of a group of radio buttons has the tab stop.
              const stop = (node) => node.checkVisibility() && !node.disabled && node.tabIndex >= 0
                && (node.type !== 'radio' || node.checked);
              [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex]')].filter(stop)
                .forEach((node) => { node.dataset.awaited = 'yes'; });
              document.activeElement.blur();
            }
            """);
        int awaited = page.locator("[data-awaited]").count();
        assertThat(awaited).isGreaterThan(60);
        List<Object> plain = new ArrayList<>();
        for (int i = 0; i < awaited + 5; i++) {
            page.keyboard().press("Tab");
            Object unseen = page.evaluate("""
                () => {
                  const node = document.activeElement;
                  delete node.dataset.awaited;
                  const shows = (one) => { const {outlineStyle, strokeWidth, stroke} = getComputedStyle(one);
                    return outlineStyle !== 'none' || (one.matches('.reach') && stroke !== 'none' && strokeWidth !== '0px'); };
                  const told = node === document.body || shows(node) || [...node.querySelectorAll('.reach')].some(shows)
                    || (node.nextElementSibling && shows(node.nextElementSibling)) || node.matches('.bin');
                  return told ? null : node.outerHTML.slice(0, 120);
                }
                """);
            if (unseen != null) {
                plain.add(unseen);
            }
        }
        assertThat(page.locator("[data-awaited]").evaluateAll("all => all.map((one) => one.outerHTML.slice(0, 120))"))
                .isEqualTo(List.of());
        assertThat(plain).as("without a visible focus").isEmpty();
    }

    /** What the server sends stays text, whatever it is. */
    @Test
    void namesWithMarkupStayText() {
        String evil = "<img src=x onerror=document.title='run'>";
        StudyView view = PageViews.DONE;
        server.show(view);
        Page page = open("/", WIDE, ColorScheme.LIGHT);
        String studies = page.request().get(server.at("/api/studies")).text();
        page.route(
                "**/api/studies/*/events",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody("event: view\ndata: " + marked(ViewJson.text(view), view, evil) + "\n\n")));
        page.route(
                "**/api/studies",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(marked(studies, view, evil))));
        page.reload();
        page.waitForFunction("evil => document.getElementById('control-task').textContent.includes(evil)", evil);
        assertThat(page.locator("#study")).containsText(evil);
        unfold(page);
        page.locator("#figure-flatness g.point").first().focus();
        assertThat(page.locator("#tip")).containsText(evil);
        page.keyboard().press("Escape");
        assertThat(page.locator("#run-rows .label").first()).containsText(evil);
        assertThat(page.locator("#sizes-list")).containsText(evil);
        assertThat(page.locator("main img, dialog img, #tip img")).hasCount(0);
        assertThat(page.title()).contains(evil).doesNotStartWith("run");
    }

    /** The names of study, task, size and runs with markup added. */
    private static String marked(String json, StudyView view, String evil) {
        String marked = json;
        for (String name : Stream.concat(
                        Stream.of(view.name(), view.tasks().getFirst()),
                        Stream.concat(
                                view.sizes().stream().map(StudyView.Size::name),
                                view.runs().stream().map(StudyView.Run::label)))
                .toList()) {
            marked = marked.replace("\"" + name + "\"", "\"" + name + evil + "\"");
        }
        return marked;
    }

    /** Everything is used once; the browser reports no violation of the policy. */
    @Test
    void nothingOffendsTheContentPolicy() {
        assertThat(PageRoutes.POLICY)
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
                .doesNotContain("unsafe");
        server.show(PageViews.SPECTRA);
        Page page = chromium.take(WIDE, ColorScheme.LIGHT);
        page.addInitScript("window.offences = []; addEventListener('securitypolicyviolation', (event) =>"
                + " offences.push(event.violatedDirective));");
        page.navigate(server.at("/#study=" + PageViews.SPECTRA.studyId()));
        awaitRevision(page, PageViews.SPECTRA);
        unfold(page);
        server.tell(PageServer.pipeline(1, 1));
        for (String figure : List.of("figure-flatness", "figure-excess", "figure-spectrum")) {
            Locator drawing = page.locator("#" + figure + " .drawing");
            drawing.scrollIntoViewIfNeeded();
            var box = drawing.boundingBox();
            page.mouse().move(box.x + 60, box.y + 40);
            page.mouse().down();
            page.mouse().move(box.x + 160, box.y + 140);
            page.mouse().up();
            page.locator("#" + figure + " [data-does=reset]").click();
            page.locator("#" + figure + " g.point").first().focus();
        }
        for (String kind : List.of("SVG", "PNG", "CSV")) {
            page.waitForDownload(() -> page.locator("#figure-spectrum .actions button")
                    .getByText(kind)
                    .click());
        }
        page.locator("#sizes-list button").first().click();
        page.locator("#copy-link").click();
        assertThat(page.evaluate("() => window.offences")).isEqualTo(List.of());
        page.context().close();
    }
}
