package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.PageServer;
import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the page follows its study from nothing to done, through lost connections, without
 * being reloaded or shifting its layout.
 */
class PageLiveTest extends Browsed {
    /**
     * Places of the sections after the answer in the window, whatever was scrolled to keep them.
     */
    private static final String TOPS = """
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
          done([...document.querySelectorAll('main > section')].slice(1).map((one) => Math.round(one.getBoundingClientRect().top))))))
        """;

    private static List<Integer> integers(Object found) {
        return ((List<?>) found).stream().map(one -> ((Number) one).intValue()).toList();
    }

    @Test
    void aPageWithoutAStudyWaitsForOne() {
        Page page = open("/", WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#state")).hasText("nothing yet");
        assertThat(page.locator("#headline")).hasText("Nothing has been measured yet.");
        assertThat(page.locator("#connection")).hasText("live");
        assertThat(page.locator("#figure-flatness .empty")).isVisible();
        server.show(PageViews.NOTHING);
        awaitRevision(page, PageViews.NOTHING);
        assertThat(page.locator("#headline")).hasText(PageViews.NOTHING.headline());
        assertThat(page.locator("#study")).hasValue(PageViews.NOTHING.studyId());
    }

    @Test
    void everyStateSaysWhatItIs() {
        Page page = open(PageViews.NOTHING);
        assertThat(page.locator("#state")).hasText("nothing yet");
        assertThat(page.locator("#runs-caption")).containsText("0 of 12 runs ended");
        assertThat(page.locator("#trouble")).isHidden();
        shown(page, PageViews.RUNNING, "running");
        assertThat(page.locator("#trouble")).isHidden();
        assertThat(page.locator("#progress-text")).containsText("4 of 12 runs ended");
        shown(page, PageViews.LATER, "running");
        assertThat(page.locator("#trouble"))
                .hasText(Pattern.compile("A run failed, .+ at step 1,500: Its loss is no longer a number\\."));
        assertThat(page.locator(".run-name .state[data-state=failed]")).hasCount(1);
        page.locator(".run-name .state[data-state=failed]").focus();
        assertThat(page.locator("#tip")).containsText("Its loss is no longer a number.");
        shown(page, PageViews.INCOMPLETE, "incomplete");
        assertThat(page.locator("#trouble")).containsText("the study does not continue by itself");
        shown(page, PageViews.FAILED, "failed");
        assertThat(page.locator("#trouble")).containsText("Every run failed.");
        assertThat(page.locator(".run-name .state[data-state=failed]")).hasCount(12);
        shown(page, PageViews.DONE, "done");
        assertThat(page.locator("#trouble")).isHidden();
        assertThat(page.locator("#progress-text")).containsText("12 of 12 runs ended");
        assertThat(page.locator("#progress")).hasAttribute("value", "1");
    }

    private void shown(Page page, StudyView view, String chip) {
        server.show(view);
        assertThat(page.locator("#state")).hasText(chip);
        assertThat(page.locator("#headline")).hasText(view.headline());
        assertThat(page.locator("#headline"))
                .hasAttribute("data-revision", String.valueOf(view.revision().events()));
    }

    @ParameterizedTest
    @ValueSource(ints = {NARROW, WIDE})
    void newNumbersReplaceTheOldInPlace(int width) {
        Page page = open(PageViews.RUNNING, "#points=0.2&statistic=kendall", width, ColorScheme.LIGHT);
        page.evaluate("() => { window.kept = true; document.getElementById('table').scrollIntoView(); }");
        List<Integer> tops = integers(page.evaluate(TOPS));
        String before = text(page, "#correlations tbody");
        server.tell(PageServer.pipeline(0, 0));
        assertThat(page.locator("[data-fact='basin.loss'] dd")).hasText("1,234");
        server.show(PageViews.DONE);
        awaitRevision(page, PageViews.DONE);
        assertThat(page.evaluate("() => window.kept")).isEqualTo(true);
        assertThat(text(page, "#correlations tbody")).isNotEqualTo(before);
        List<Integer> moved = integers(page.evaluate(TOPS));
        assertThat(moved).hasSameSizeAs(tops);
        for (int i = 0; i < moved.size(); i++) {
            // The browser keeps a place while it scrolls to a fraction of a pixel.
            assertThat(moved.get(i)).isCloseTo(tops.get(i), within(1));
        }
    }

    @Test
    void anIntervalThatIsOlderThanItsPointSaysSo() {
        InferenceCache cache = new InferenceCache();
        StudyView before = Views.of(PageViews.BEFORE, Set.of(), cache);
        Page page = open(before, "#points=all&statistic=spearman", WIDE, ColorScheme.LIGHT);
        Locator cell = page.locator("#correlations tr[data-row=all-checkpoints] td[data-column=loss]");
        assertThat(cell).not().hasAttribute("data-follows", "yes");
        assertThat(cell.locator(".interval")).not().containsText("earlier");

        server.show(Views.points(PageViews.AFTER, Set.of(), cache), before.revision());
        awaitRevision(page, Views.of(PageViews.AFTER));
        assertThat(cell).hasAttribute("data-follows", "yes");
        assertThat(cell.locator(".interval")).containsText("earlier: ");
        assertThat(page.locator("#revision")).containsText("Intervals: not older than");
        cell.locator(".cell").focus();
        assertThat(page.locator("#tip"))
                .containsText(
                        "The interval is that of revision " + before.revision().events());

        server.show(Views.of(PageViews.AFTER));
        assertThat(cell).not().hasAttribute("data-follows", "yes");
        assertThat(cell.locator(".interval")).not().containsText("earlier");
        assertThat(page.locator("#revision")).not().containsText("Intervals:");
    }

    @Test
    void anOpenTipFollowsItsNumber() {
        Page page = open(PageViews.RUNNING, "#points=0.2&statistic=kendall", WIDE, ColorScheme.LIGHT);
        page.locator("#correlations tr[data-row=raw] td[data-column=loss] .cell")
                .focus();
        assertThat(page.locator("#tip")).containsText("4 of 12 runs");
        server.show(PageViews.DONE);
        assertThat(page.locator("#tip")).containsText("12 of 12 runs");
        assertThat(page.locator("#correlations tr[data-row=raw] td[data-column=loss] .cell"))
                .isFocused();
    }

    @Test
    void aLostConnectionIsToldAndComesBackByItself() {
        Page page = open(PageViews.RUNNING);
        assertThat(page.locator("#connection")).hasText("live");
        page.evaluate("() => { window.kept = true; }");
        server.hangUp();
        assertThat(page.locator("#connection")).hasText("no connection");
        assertThat(page.locator("#lost")).containsText("The connection to Basin is lost. The page shows the state at");
        assertThat(page.locator("#headline")).hasText(PageViews.RUNNING.headline());
        server.show(PageViews.DONE);
        server.comeBack();
        awaitRevision(page, PageViews.DONE);
        assertThat(page.locator("#connection")).hasText("live");
        assertThat(page.locator("#lost")).isHidden();
        assertThat(page.evaluate("() => window.kept")).isEqualTo(true);
    }

    @Test
    void troubleInThePipelineIsFlagged() {
        Page page = open(PageViews.RUNNING);
        server.tell(PageServer.pipeline(1, 0));
        assertThat(page.locator("[data-fact=conflicts]")).hasAttribute("data-trouble", "yes");
        assertThat(page.locator("[data-fact=conflicts] dd")).hasText("1");
        for (String fact : List.of("duplicates", "malformed", "dead-letters", "in-flight")) {
            assertThat(page.locator("[data-fact=" + fact + "]")).hasAttribute("data-trouble", "no");
        }
        assertThat(page.locator("[data-fact=duplicates] dd")).hasText("2");
    }
}
