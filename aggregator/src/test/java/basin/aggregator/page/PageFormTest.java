package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.PageServer;
import basin.aggregator.present.Numbers;
import basin.aggregator.view.StudyView;
import basin.study.SampleSize;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the page is readable at any width, in both colour schemes and by keyboard, and that
 * its content can be exported.
 */
class PageFormTest extends Browsed {
    /**
     * WCAG 2.2, success criterion 1.4.3: a contrast of at least 4.5:1 between text and background.
     */
    private static final double MIN_CONTRAST = 4.5;

    private static final String CONTRASTS = """
        () => {
          const parse = (text) => text.match(/[\\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = (node) => {
            for (let at = node; at; at = at.parentElement) {
              const found = parse(getComputedStyle(at).backgroundColor);
              if (found.length === 3 || found[3] === 1) return found;
            }
            return [255, 255, 255];
          };
          const own = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
          return [...document.body.querySelectorAll('*')]
            .filter((node) => own(node) && node.checkVisibility() && !['SCRIPT', 'NOSCRIPT', 'OPTION'].includes(node.tagName))
            .map((node) => {
              const style = getComputedStyle(node);
              const [a, b] = [light(parse(node instanceof SVGElement ? style.fill : style.color)), light(ground(node))];
              return {text: node.textContent, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)};
            });
        }
        """;
    private static final String CUT = """
        () => [...document.querySelectorAll('.plot svg text')].filter((text) => text.checkVisibility() && text.textContent)
          .filter((text) => {
            const [own, box] = [text.getBoundingClientRect(), text.closest('.plot').getBoundingClientRect()];
            return own.left < box.left || own.right > box.right || own.bottom > box.bottom;
          }).map((text) => ({text: text.textContent}))
        """;
    private static final String TICKS_OVERLAP = """
        () => [...document.querySelectorAll('.plot .axis-x')].flatMap((axis) => {
          const boxes = [...axis.querySelectorAll('.tick text')].filter((tick) => tick.checkVisibility()).map((tick) => tick.getBoundingClientRect()).toSorted((a, b) => a.left - b.left);
          return boxes.slice(1).filter((box, place) => box.left < boxes[place].right + 2).map((box) => ({left: box.left}));
        })
        """;

    /** Always includes the view that shows most. */
    private static List<StudyView> states() {
        return SampleSize.isWhole()
                ? List.of(PageViews.NOTHING, PageViews.LATER, PageViews.DONE, PageViews.SPECTRA)
                : List.of(PageViews.NOTHING, PageViews.SPECTRA);
    }

    @Tag("sampled")
    @ParameterizedTest
    @ValueSource(ints = {NARROW, WIDE})
    void nothingIsWiderThanThePage(int width) {
        for (StudyView view : states()) {
            Page page = open(view, "#points=0.2&measure=adaptive.trace", width, ColorScheme.LIGHT);
            unfold(page);
            server.tell(PageServer.pipeline(1, 1));
            assertThat(page.locator("[data-fact=conflicts] dd")).hasText("1");
            for (String points : List.of("0.2", "all")) {
                choosePoints(page, points);
                assertThat(page.evaluate("() => document.documentElement.scrollWidth"))
                        .as(points)
                        .isEqualTo(width);
                assertThat(list(page, CUT)).as(points).isEmpty();
                assertThat(list(page, TICKS_OVERLAP)).as(points).isEmpty();
            }
            leave(page);
        }
    }

    @Tag("sampled")
    @ParameterizedTest
    @ValueSource(ints = {NARROW, WIDE})
    void allTextStandsOffItsGround(int width) {
        for (StudyView view : states()) {
            Page page = open(view, "#points=0.2", width, ColorScheme.LIGHT);
            unfold(page);
            page.locator("#correlations [data-chosen=yes] .cell").first().focus();
            assertThat(page.locator("#tip")).isVisible();
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                List<Map<String, Object>> contrasts = list(page, CONTRASTS);
                assertThat(contrasts).hasSizeGreaterThan(100);
                assertThat(contrasts)
                        .as(scheme.toString())
                        .filteredOn(one -> Double.parseDouble(String.valueOf(one.get("ratio"))) < MIN_CONTRAST)
                        .isEmpty();
            }
            leave(page);
        }
    }

    @Test
    void theKeyboardReachesAllThatStandsBehindANumber() {
        Page page = open(PageViews.SPECTRA, "#points=0.2", WIDE, ColorScheme.LIGHT);
        for (String number : List.of(
                "#figure-spectrum g.point.bin",
                "#figure-spectrum g.point.eigenvalue",
                "#correlations tr[data-row=matched] td[data-column=flatness] .cell",
                "#figure-flatness g.point",
                "#figure-loss g.point",
                "#figure-trace g.point",
                "#figure-accuracy g.point",
                "#run-rows [data-kind=excess] .last",
                "#run-rows [data-kind=trace] .last",
                "#run-rows [data-kind=accuracy] .last")) {
            page.locator(number).first().focus();
            assertThat(page.locator("#tip")).isVisible();
            assertThat(page.locator("#tip dt").allTextContents()).as(number).contains("n", "unit", "seed", "estimator");
            assertThat(text(page, "#tip")).as(number).matches("(?s).*\\[.+, .+].*");
            page.keyboard().press("Escape");
            assertThat(page.locator("#tip")).isHidden();
        }
    }

    /** The page formats numbers like all other outputs. */
    @Test
    void numbersHaveTheOneFormat() {
        List<Double> values = new ArrayList<>();
        for (double size : new double[] {1, 1.005, 2.5, 4.4495, 9.995}) {
            for (int power = -7; power < 8; power++) {
                values.addAll(List.of(size * Math.pow(10, power), -size * Math.pow(10, power)));
            }
        }
        values.add(0.0);
        Page page = open(PageViews.NOTHING);
        Object shown = page.evaluate("""
            async (values) => {
              const {plain, rounded, correlation, estimate, difference, count} = await import('/js/format.js');
              return values.map((value) => [plain(value), correlation(value), rounded(value, 0.0123), rounded(value, 250), difference(value, 0.05),
                estimate({value, stderr: 0.3, low: value - 0.6, high: value + 0.6}), count(Math.round(value))].join(' | '));
            }
            """, values);
        assertThat(shown)
                .isEqualTo(values.stream()
                        .map(value -> String.join(
                                " | ",
                                Numbers.plain(value),
                                Numbers.correlation(value),
                                Numbers.rounded(value, 0.0123),
                                Numbers.rounded(value, 250),
                                Numbers.difference(value, 0.05),
                                Numbers.estimate(value, 0.3, value - 0.6, value + 0.6),
                                Numbers.count(Math.round(value))))
                        .toList());
        List<Double> shares = List.of(1e-4, 0.00123, 0.0096, 0.03, 0.0996, 0.5, 0.95, 0.996, 1.0);
        assertThat(page.evaluate("""
            async (shares) => {
              const {named, percent} = await import('/js/format.js');
              return shares.map((share) => `${named('p', share)} ${percent(share)}`);
            }
            """, shares))
                .isEqualTo(shares.stream()
                        .map(share -> Numbers.named("p", share) + " " + Numbers.percent(share))
                        .toList());
    }

    @Test
    void arrowsGoFromNumberToNumber() {
        Page page = open(PageViews.DONE);
        page.locator("#correlations .cell").first().focus();
        String first = text(page, "#tip");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#correlations .cell").nth(1)).isFocused();
        assertThat(text(page, "#tip")).isNotEqualTo(first);
        page.keyboard().press("End");
        assertThat(page.locator("#correlations .cell").last()).isFocused();
    }

    private static byte[] saved(Page page, String figure, String kind) {
        page.locator("#" + figure + " .saves").evaluate("saves => { saves.open = true; }");
        Download download = page.waitForDownload(() ->
                page.locator("#" + figure + " .actions button").getByText(kind).click());
        try {
            assertThat(download.suggestedFilename()).endsWith("." + kind.toLowerCase(java.util.Locale.ROOT));
            return Files.readAllBytes(download.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Tag("sampled")
    @Test
    void figuresAreSavedAsPictureAndAsNumbers() throws Exception {
        Page page = open(PageViews.SPECTRA, "#points=all", WIDE, ColorScheme.DARK);
        // One of each kind.
        List<String> figures = SampleSize.isWhole()
                ? List.of(
                        "figure-flatness",
                        "figure-loss",
                        "figure-excess",
                        "figure-trace",
                        "figure-accuracy",
                        "figure-spectrum")
                : List.of("figure-flatness", "figure-excess", "figure-spectrum");
        for (String figure : figures) {
            byte[] svg = saved(page, figure, "SVG");
            DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
            parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var root = parsers.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(svg))
                    .getDocumentElement();
            assertThat(root.getTagName()).isEqualTo("svg");
            assertThat(new String(svg, StandardCharsets.UTF_8))
                    .doesNotContain("var(")
                    .doesNotContain("class=");
            var image = ImageIO.read(new ByteArrayInputStream(saved(page, figure, "PNG")));
            assertThat(image.getWidth()).isEqualTo(2 * Integer.parseInt(root.getAttribute("width")));
            assertThat(image.getHeight()).isEqualTo(2 * Integer.parseInt(root.getAttribute("height")));
            String csv = new String(saved(page, figure, "CSV"), StandardCharsets.UTF_8);
            assertThat(csv.lines().count())
                    .as(figure)
                    .isEqualTo(1 + page.locator("#" + figure + " g.point").count());
        }
    }

    @Test
    void theWholeTableIsSaved() throws Exception {
        Page page = open(PageViews.DONE);
        Download download =
                page.waitForDownload(() -> page.locator("#table-csv").click());
        assertThat(download.suggestedFilename()).isEqualTo("correlations.csv");
        assertThat(Files.readString(download.path()).lines().count())
                .isEqualTo(1 + PageViews.DONE.rows().size());
    }

    @Test
    void everyAnswerIsUnderTheOnePolicy() {
        Page page = open(PageViews.DONE);
        String study = "/api/studies/" + PageViews.DONE.studyId();
        for (String path : List.of(
                "/",
                "/js/main.js",
                "/vendor/d3/7.9.0/dist/d3.min.js",
                "/api/studies",
                study,
                study + "/correlations.csv")) {
            APIResponse answer = page.request().get(server.at(path));
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.headers())
                    .as(path)
                    .containsEntry("content-security-policy", PageRoutes.POLICY)
                    .containsEntry("x-content-type-options", "nosniff")
                    .containsEntry("referrer-policy", "no-referrer");
        }
        assertThat(page.request()
                        .get(server.at("/vendor/d3/7.9.0/dist/d3.min.js"))
                        .headers()
                        .get("cache-control"))
                .contains("max-age=31536000");
        assertThat(page.request().get(server.at("/js/main.js")).headers()).containsEntry("cache-control", "no-cache");
        assertThat(page.request().get(server.at("/api/studies")).headers()).containsEntry("cache-control", "no-store");
        assertThat(page.request().get(server.at("/../AggregatorService.class")).status())
                .isEqualTo(404);
    }
}
