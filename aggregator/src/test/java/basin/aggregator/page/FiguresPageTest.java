package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.present.Numbers;
import basin.aggregator.view.StudyView;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that figures are zoomed by drag, buttons and keys, that axes are linear or logarithmic,
 * that curves are read together, and that tips stand next to what they explain.
 */
class FiguresPageTest extends Browsed {
    private static final StudyView VIEW = PageViews.DONE;

    /** Points of a figure: key, values and place in pixels from the drawing's corner. */
    private static final String POINTS = """
        (id) => [...document.querySelectorAll(`#${id} g.point`)].map((point) => {
          const {e, f} = point.transform.baseVal.consolidate().matrix;
          return {key: point.dataset.run + point.getAttribute('aria-label'), x: Number(point.dataset.x), y: Number(point.dataset.y), left: e, top: f};
        })
        """;

    private record Point(String key, double x, double y, double left, double top) {}

    private static List<Point> points(Page page, String figure) {
        List<Point> points = new ArrayList<>();
        Object found = page.evaluate(POINTS, figure);
        for (Object one : (List<?>) found) {
            Map<?, ?> point = (Map<?, ?>) one;
            points.add(new Point(
                    String.valueOf(point.get("key")),
                    number(point, "x"),
                    number(point, "y"),
                    number(point, "left"),
                    number(point, "top")));
        }
        return points;
    }

    private static double number(Map<?, ?> point, String name) {
        return Double.parseDouble(String.valueOf(point.get(name)));
    }

    private static List<String> keys(List<Point> points) {
        return points.stream().map(Point::key).toList();
    }

    /**
     * The middle of the gap between neighbours, of at least 4 pixels, that is nearest to the
     * middle.
     */
    private static double gap(List<Double> places) {
        for (int half = places.size() / 2, away = 0; away < half; away++) {
            for (int at : new int[] {half - away, half + away}) {
                if (at > 0 && at < places.size() && places.get(at) - places.get(at - 1) >= 4) {
                    return (places.get(at) + places.get(at - 1)) / 2;
                }
            }
        }
        throw new AssertionError("There is no gap.");
    }

    private static void press(Page page, String figure, String what) {
        page.locator("#" + figure + " [data-does='" + what + "']").click();
    }

    @Test
    void aDragZoomsToWhatItFramesAndResetShowsAllAgain() {
        Page page = open(VIEW, "#points=all", WIDE, ColorScheme.LIGHT);
        List<Point> all = points(page, "figure-flatness");
        double middle = gap(all.stream().map(Point::left).sorted().toList());
        Locator drawing = page.locator("#figure-flatness .drawing");
        drawing.scrollIntoViewIfNeeded();
        var box = drawing.boundingBox();
        // The corners are free of points, on which a press does not begin a drag.
        page.mouse().move(box.x + middle, box.y + box.height - 48);
        page.mouse().down();
        page.mouse().move(box.x + box.width / 2 + 10, box.y + 100);
        page.mouse().move(box.x + box.width - 15, box.y + 31);
        page.mouse().up();
        List<String> framed =
                keys(all.stream().filter(point -> point.left() > middle).toList());
        assertThat(framed).hasSizeBetween(2, all.size() - 2);
        List<String> shown = keys(points(page, "figure-flatness"));
        assertThat(framed.stream().filter(key -> !shown.contains(key)).toList())
                .as("in the frame and not shown")
                .isEmpty();
        assertThat(shown.stream().filter(key -> !framed.contains(key)).toList())
                .as("shown and not in the frame")
                .isEmpty();
        assertThat(keys(points(page, "figure-loss"))).hasSize(all.size());
        assertThat(page.locator("#panel[open]")).hasCount(0);
        press(page, "figure-flatness", "reset");
        assertThat(points(page, "figure-flatness")).isEqualTo(all);
    }

    @Test
    void theKeyboardZoomsAboutThePointThatHasTheFocus() {
        Page page = open(VIEW, "#points=all", WIDE, ColorScheme.LIGHT);
        List<Point> all = points(page, "figure-loss");
        Locator first = page.locator("#figure-loss g.point").nth(all.size() / 2);
        first.focus();
        String label = first.getAttribute("aria-label");
        for (int i = 0; i < 3; i++) {
            page.keyboard().press("+");
        }
        List<Point> zoomed = points(page, "figure-loss");
        assertThat(zoomed).hasSizeBetween(1, all.size() - 1);
        assertThat(page.evaluate("() => document.activeElement.getAttribute('aria-label')"))
                .isEqualTo(label);
        page.keyboard().press("-");
        assertThat(points(page, "figure-loss").size()).isGreaterThanOrEqualTo(zoomed.size());
        page.keyboard().press("Shift+ArrowRight");
        page.keyboard().press("0");
        assertThat(points(page, "figure-loss")).isEqualTo(all);
        page.locator("#figure-loss [data-does=in]").focus();
        page.keyboard().press("Enter");
        assertThat(points(page, "figure-loss").size()).isLessThan(all.size());
        assertThat(page.locator("#figure-loss [data-does=in]")).isFocused();
    }

    /** Loss grows to the right, and the axis is what its button says. */
    @Test
    void anAxisIsLinearOrLogarithmic() {
        Page page = open(VIEW, "#points=all", WIDE, ColorScheme.LIGHT);
        Locator button = page.locator("#figure-loss [data-does='log-x']");
        for (boolean logarithmic : List.of(true, false, true)) {
            if (!button.getAttribute("aria-pressed").equals(String.valueOf(logarithmic))) {
                button.click();
            }
            assertThat(button).hasAttribute("aria-pressed", String.valueOf(logarithmic));
            List<Point> points = points(page, "figure-loss");
            Point least =
                    points.stream().min((a, b) -> Double.compare(a.x(), b.x())).orElseThrow();
            Point most =
                    points.stream().max((a, b) -> Double.compare(a.x(), b.x())).orElseThrow();
            assertThat(most.left()).isGreaterThan(least.left());
            for (Point point : points) {
                double share = logarithmic
                        ? Math.log(point.x() / least.x()) / Math.log(most.x() / least.x())
                        : (point.x() - least.x()) / (most.x() - least.x());
                assertThat(point.left())
                        .isCloseTo(
                                least.left() + share * (most.left() - least.left()),
                                org.assertj.core.api.Assertions.within(0.01));
            }
        }
    }

    @Test
    void anAxisThatCrossesZeroCannotBeLogarithmic() {
        Page page = open(VIEW, "#points=all", WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#figure-flatness [data-does='log-x']")).isHidden();
        assertThat(page.locator("#figure-excess [data-does='log-y']")).isVisible();
    }

    @Test
    void curvesAreReadTogetherAtOneStep() {
        Page page = open(VIEW, "#task=half&protocol=probe-200-common&measure=hessian.trace", WIDE, ColorScheme.LIGHT);
        StudyView.Run run = VIEW.runs().getLast();
        StudyView.Checkpoint checkpoint =
                run.checkpoints().get(run.checkpoints().size() / 2);
        Locator point = page.locator("#figure-trace g.point[data-run='" + run.runId() + "'][aria-label*='step "
                + Numbers.count(checkpoint.step()) + ":']");
        point.focus();
        String step = "step " + Numbers.count(checkpoint.step());
        reads(page, "figure-trace", run.label() + ": " + Numbers.plain(trace(checkpoint)), step);
        reads(page, "figure-accuracy", run.label() + ": " + Numbers.plain(accuracy(checkpoint)), step);
        StudyView.Loss loss = run.losses().stream()
                .filter(one -> one.step() <= checkpoint.step())
                .reduce((earlier, later) -> later)
                .orElseThrow();
        reads(
                page,
                "figure-excess",
                run.label() + ": " + Numbers.plain(loss.loss().value()),
                "step " + Numbers.count(loss.step()));
        page.keyboard().press("Tab");
        page.locator("#headline").hover();
        assertThat(page.locator(".triple .cross line")).hasCount(0);
        // The same by the pointer.
        page.locator("#figure-excess .drawing").scrollIntoViewIfNeeded();
        var box = page.locator("#figure-excess .drawing").boundingBox();
        page.mouse().move(box.x + box.width / 2, box.y + box.height / 2);
        assertThat(page.locator(".triple .cross line")).hasCount(3);
    }

    private static void reads(Page page, String figure, String value, String step) {
        assertThat(page.locator("#" + figure + " .reading")).containsText(value + " ");
        assertThat(page.locator("#" + figure + " .reading")).containsText(", " + step);
        assertThat(page.locator("#" + figure + " .cross line")).hasCount(1);
    }

    private static double trace(StudyView.Checkpoint checkpoint) {
        return checkpoint.flatness().stream()
                .filter(one -> one.quantity().equals("hessian.trace"))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static double accuracy(StudyView.Checkpoint checkpoint) {
        return checkpoint.downstream().stream()
                .filter(one -> one.task().equals("half") && one.protocol().equals("probe-200-common"))
                .findFirst()
                .orElseThrow()
                .aboveUntrained()
                .value();
    }

    @Test
    void theCurvesZoomAlongOneAxis() {
        Page page = open(VIEW);
        Object before = page.evaluate(TICKS, "figure-accuracy");
        press(page, "figure-excess", "in");
        assertThat(page.evaluate(TICKS, "figure-accuracy")).isNotEqualTo(before);
        assertThat(page.evaluate(TICKS, "figure-accuracy")).isEqualTo(page.evaluate(TICKS, "figure-excess"));
        press(page, "figure-accuracy", "reset");
        assertThat(page.evaluate(TICKS, "figure-accuracy")).isEqualTo(before);
    }

    @Test
    void theAddressKeepsPartsAndScalesOfAxes() {
        Page page = open(VIEW, "#points=all", WIDE, ColorScheme.LIGHT);
        Object whole = page.evaluate(TICKS, "figure-loss");
        press(page, "figure-loss", "log-x");
        press(page, "figure-loss", "in");
        press(page, "figure-excess", "in");
        String address = page.url();
        Page other = page.context().newPage();
        other.navigate(address);
        other.waitForFunction("() => document.querySelectorAll('#figure-loss g.point').length > 0");
        assertThat(other.locator("#figure-loss [data-does=reset]")).isEnabled();
        for (String figure : List.of("figure-loss", "figure-flatness", "figure-excess", "figure-accuracy")) {
            assertThat(other.evaluate(TICKS, figure)).as(figure).isEqualTo(page.evaluate(TICKS, figure));
        }
        assertThat(other.url()).isEqualTo(address);
        press(other, "figure-loss", "reset");
        press(other, "figure-loss", "log-x");
        press(other, "figure-excess", "reset");
        assertThat(other.evaluate(TICKS, "figure-loss")).isEqualTo(whole);
        assertThat(other.url()).contains("zoom=figure-loss%3Ax%3Alog");
        other.navigate(address.replaceAll("&zoom=[^&]*", "&zoom=figure-loss:x:2:1,nobody:x:1:2,figure-loss:z:1:2"));
        assertThat(other.locator("#figure-loss [data-does=reset]")).isDisabled();
        page.context().close();
    }

    private static final String TICKS =
            "(id) => [...document.querySelectorAll(`#${id} .axis-x .tick text`)].map((tick) => tick.textContent)";

    @Test
    void aSizeIsHiddenByItsButtonAndTheAddressKeepsIt() {
        Page page = open(VIEW, "#points=last", WIDE, ColorScheme.LIGHT);
        String size = VIEW.sizes().getFirst().name();
        long others =
                VIEW.runs().stream().filter(run -> !run.size().equals(size)).count();
        Locator button = page.locator("#sizes-list button", new Page.LocatorOptions().setHasText(size))
                .first();
        button.focus();
        page.keyboard().press("Enter");
        assertThat(button).hasAttribute("aria-pressed", "false");
        for (String figure : List.of("figure-flatness", "figure-loss")) {
            assertThat(page.locator("#" + figure + " g.point")).hasCount((int) others);
        }
        page.waitForURL(url -> url.contains("hide=size"));
        Page other = open(VIEW, page.url().substring(page.url().indexOf('#')), NARROW, ColorScheme.LIGHT);
        assertThat(other.locator("#figure-flatness g.point")).hasCount((int) others);
        button.click();
        assertThat(page.locator("#figure-flatness g.point"))
                .hasCount(VIEW.runs().size());
    }

    /** A tip covers neither what it explains nor much else. */
    @ParameterizedTest
    @ValueSource(ints = {390, 800, 1280})
    void aTipStandsNextToItsNumber(int width) {
        Page page = open(PageViews.SPECTRA, "#points=last", width, ColorScheme.LIGHT);
        unfold(page);
        for (String selector : List.of(
                "#figure-flatness g.point",
                "#figure-loss g.point",
                "#figure-trace g.point",
                "#figure-spectrum g.point",
                "#correlations [data-chosen=yes] .cell",
                "#run-rows .last")) {
            Locator all = page.locator(selector);
            // Of the list of runs only the rows in view are in the document.
            int[] places =
                    selector.startsWith("#run") ? new int[] {0} : new int[] {0, all.count() / 2, all.count() - 1};
            for (int place : places) {
                Locator target = all.nth(place);
                target.scrollIntoViewIfNeeded();
                target.focus();
                assertThat(page.locator("#tip")).isVisible();
                var tip = page.locator("#tip").boundingBox();
                var about = target.boundingBox();
                assertThat(tip.x >= about.x + about.width
                                || tip.x + tip.width <= about.x
                                || tip.y >= about.y + about.height
                                || tip.y + tip.height <= about.y)
                        .as("%s %s at %s", selector, place, width)
                        .isTrue();
                assertThat(tip.height).as(selector).isLessThan(215);
                assertThat(tip.width).isLessThanOrEqualTo(341);
                assertThat(text(page, "#tip")).doesNotContain("opened this page");
            }
        }
    }

    @Test
    void everythingIsDownloadedAsOneFile() throws IOException {
        Page page = open(VIEW);
        Download download =
                page.waitForDownload(() -> page.locator("#download-all").click());
        assertThat(download.suggestedFilename()).isEqualTo(VIEW.studyId() + ".zip");
        List<String> names = new ArrayList<>();
        try (InputStream in = Files.newInputStream(download.path());
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
                byte[] content = zip.readAllBytes();
                if (entry.getName().endsWith(".svg")) {
                    assertThat(new String(content, java.nio.charset.StandardCharsets.UTF_8))
                            .startsWith("<svg xmlns=");
                }
            }
        }
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("report.html", "view.json", "metadata.json", "runs.csv", "runs.arrow", "correlations.csv")
                .filteredOn(name -> name.startsWith("figures/"))
                .hasSizeGreaterThan(VIEW.runs().size());
    }

    @Test
    void theContentsListWhatIsThereAndLeadThere() {
        Page page = open(VIEW, "#points=last", NARROW, ColorScheme.LIGHT);
        List<String> listed = page.locator("#contents-list a").allTextContents();
        assertThat(listed).contains("Figures", "Correlations", "Runs").doesNotContain("Spectrum", "Labels");
        String address = page.url();
        assertThat(page.locator("#run-rows")).isHidden();
        page.locator("#contents-list a", new Page.LocatorOptions().setHasText("Runs"))
                .click();
        assertThat(page.locator("#run-rows")).isVisible();
        assertThat(page.locator("#runs")).isFocused();
        assertThat(page.url()).isEqualTo(address);
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.locator("#copy-link").click();
        assertThat(page.locator("#copied")).hasText("Copied.");
        assertThat(page.evaluate("() => navigator.clipboard.readText()")).isEqualTo(address);
    }

    @Test
    void thePipelineIsFoldedAwayAndSaysWhatIsAmiss() {
        Page page = open(PageViews.RUNNING);
        assertThat(page.locator("#pipeline-facts")).isHidden();
        server.tell(basin.aggregator.PageServer.pipeline(1, 0));
        assertThat(page.locator("#pipeline-summary")).hasText("conflicts: 1");
        page.locator("#pipeline summary").click();
        assertThat(page.locator("[data-fact=conflicts] dd")).isVisible();
    }

    /** Where the curves of a figure end along their axis, at most. */
    private static final String LAST =
            "(id) => d3.max(document.getElementById(id).drawn.runs, (run) => run.line.at(-1).x)";

    @Test
    void curvesAreDrawnOverWhatIsRecorded() {
        Page page = open(VIEW);
        for (String axis : List.of("tokens", "share", "step")) {
            page.locator("#control-axis input[value=" + axis + "]").check(new Locator.CheckOptions().setForce(true));
            assertThat(page.locator("#figure-excess .axis-x text.label"))
                    .containsText(axis.equals("share") ? "share of the planned steps" : axis);
            assertThat(page.url().contains("axis=" + axis)).isEqualTo(!axis.equals("step"));
            // What has ended has made its planned steps.
            if (axis.equals("share")) {
                assertThat(page.evaluate(LAST, "figure-excess")).isEqualTo(1);
            }
        }
    }
}
