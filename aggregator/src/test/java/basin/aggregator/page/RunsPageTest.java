package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.PageServer;
import basin.aggregator.SyntheticStudy;
import basin.aggregator.view.StudyView;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.KeyboardModifier;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that runs are found, opened, hidden, selected and compared, by pointer and by keyboard. */
class RunsPageTest extends Browsed {
    private static final StudyView MANY = PageServer.view(SyntheticStudy.complete(SyntheticStudy.large(10), 1));
    private static final StudyView DONE = PageViews.DONE;

    private static String label(Page page, int place) {
        return page.locator("#run-rows .run-row[data-run] .label").nth(place).textContent();
    }

    private static Locator row(Page page, StudyView.Run run) {
        return page.locator("#run-rows .run-row[data-run='" + run.runId() + "']");
    }

    private static Locator point(Page page, StudyView.Run run) {
        return page.locator("#figure-flatness g.point[data-run='" + run.runId() + "']");
    }

    @Test
    void aRunIsOpenedWithAllThatIsKnownOfIt() {
        StudyView.Run run = DONE.runs().get(4);
        Page page = open(DONE, "#points=last", WIDE, ColorScheme.LIGHT);
        point(page, run).dispatchEvent("click");
        Locator panel = page.locator("#panel");
        assertThat(panel).isVisible();
        assertThat(page.locator("#panel-title")).hasText(run.label());
        assertThat(panel).containsText(run.runId());
        StudyView.Size size = DONE.sizes().stream()
                .filter(one -> one.name().equals(run.size()))
                .findFirst()
                .orElseThrow();
        assertThat(panel).containsText(size.name() + ", width " + size.width() + ", " + size.layers() + " layers");
        assertThat(panel).containsText("weight decay");
        assertThat(panel.locator("details.checkpoint"))
                .hasCount(run.checkpoints().size());
        panel.locator("details.checkpoint").last().locator("summary").click();
        StudyView.Checkpoint last = run.checkpoints().getLast();
        assertThat(panel.locator("details[open] tbody tr"))
                .hasCount(1 + last.flatness().size() + last.downstream().size());
        assertThat(panel.locator("details[open]")).containsText("paired, version 1, cpu, float32");
        assertThat(panel.locator("details[open]")).containsText("gradients of one example");
        assertThat(panel.locator("code").allTextContents())
                .containsExactly(
                        "infra/basin export " + run.runId() + " 3000 --out model-" + run.runId() + "-3000",
                        "infra/basin probe model-" + run.runId() + "-3000",
                        "infra/basin reproduce " + run.runId());
        assertThat(panel.locator("#panel-excess path.run")).hasCount(1);
        assertThat(page.url()).contains("run=" + run.runId());
        panel.locator("#panel-trace g.point").first().focus();
        assertThat(page.locator("#tip")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.locator("#tip")).isHidden();
        page.keyboard().press("Escape");
        assertThat(panel).isHidden();
        page.waitForFunction("() => !location.hash.includes('run=')");
    }

    @Test
    void aSizeIsHiddenFromFiguresAndListAndNotFromTheStatistics() {
        Page page = open(DONE, "#points=last", WIDE, ColorScheme.LIGHT);
        String caption = text(page, "#figure-flatness .finding");
        String table = text(page, "#correlations tbody");
        assertThat(page.locator("#figure-flatness g.point")).hasCount(12);
        page.locator("#sizes [data-hides='size:d24']").click();
        assertThat(page.locator("#figure-flatness g.point")).hasCount(9);
        assertThat(page.locator("#figure-loss g.point")).hasCount(9);
        assertThat(page.locator("#figure-excess path.run")).hasCount(9);
        assertThat(page.locator("#run-rows .run-row[data-run]")).hasCount(9);
        assertThat(page.locator("#run-count")).hasText("9 of 12 runs shown; statistics are of all runs");
        assertThat(page.locator("#sizes [data-hides='size:d24']")).hasAttribute("aria-pressed", "false");
        assertThat(text(page, "#figure-flatness .finding")).isEqualTo(caption);
        assertThat(text(page, "#correlations tbody")).isEqualTo(table);
        Page other = open(DONE, page.url().substring(page.url().indexOf('#')), WIDE, ColorScheme.LIGHT);
        assertThat(other.locator("#figure-flatness g.point")).hasCount(9);
        page.locator("#run-all").click();
        assertThat(page.locator("#figure-flatness g.point")).hasCount(12);
    }

    @Test
    void twoRunsAreComparedAndTheAddressHoldsThem() {
        StudyView.Run one = DONE.runs().get(1);
        StudyView.Run two = DONE.runs().get(7);
        Page page = open(DONE);
        row(page, one).click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.CONTROL)));
        row(page, two).click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
        assertThat(page.locator("#run-count")).containsText("2 selected");
        assertThat(page.locator("#figure-excess path.run.selected")).hasCount(2);
        assertThat(page.locator("#figure-excess path.run.unselected")).hasCount(10);
        page.locator("#run-compare").click();
        compared(page, one, two);
        Page other = open(DONE, page.url().substring(page.url().indexOf('#')), NARROW, ColorScheme.DARK);
        compared(other, one, two);
        assertThat(other.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }

    private static void compared(Page page, StudyView.Run one, StudyView.Run two) {
        assertThat(page.locator("#panel-title")).hasText("2 runs side by side");
        assertThat(page.locator("#panel table").first().locator("thead th").allTextContents())
                .containsExactly("", one.label(), two.label());
        assertThat(page.locator("#panel tr.differs th").allTextContents()).contains("size");
        assertThat(page.locator("#panel-accuracy path.run")).hasCount(2);
    }

    @Test
    void oneIsFoundAmongTwoHundred() {
        Page page = open(MANY);
        assertThat(page.locator("#run-rows")).hasAttribute("aria-rowcount", "201");
        assertThat(page.locator("#run-rows .run-row[data-run]").count()).isLessThan(40);
        assertThat(page.locator("#run-count")).hasText("200 runs");
        StudyView.Run wanted = MANY.runs().get(137);
        page.locator("#run-find").fill(wanted.runId().substring(0, 8));
        assertThat(page.locator("#run-rows .run-row[data-run]")).hasCount(1);
        assertThat(row(page, wanted)).isVisible();
        page.locator("#run-find").fill("d24 0.004");
        assertThat(page.locator("#run-count")).hasText("10 of 200 runs shown; statistics are of all runs");
        page.locator("#run-find").fill("");
        page.locator(".filter[data-facet=seed] summary").click();
        page.locator(".filter[data-facet=seed] button").last().click();
        assertThat(page.locator("#run-count")).containsText("0 of 200 runs shown");
        page.locator(".filter[data-facet=seed] input[value='3']").check();
        assertThat(page.locator("#run-count")).containsText("20 of 200 runs shown");
        page.keyboard().press("Escape");
        page.locator("#run-all").click();
        page.locator("#run-sort").selectOption("trace");
        page.locator("#run-turn").click();
        StudyView.Run flattest = MANY.runs().stream()
                .max(Comparator.comparingDouble(run -> run.checkpoints().getLast().flatness().stream()
                        .filter(flat -> flat.quantity().equals("hessian.trace"))
                        .findFirst()
                        .orElseThrow()
                        .value()))
                .orElseThrow();
        assertThat(page.locator("#run-rows .run-row[data-run]").first()).hasAttribute("data-run", flattest.runId());
        page.locator("#run-group").selectOption("rate");
        assertThat(page.locator("#run-rows .run-head").first()).containsText(": 40 runs");
        assertThat(page.url()).contains("sort=-trace", "group=rate");
    }

    @Test
    void theKeyboardAloneGoesThroughTwoHundredRuns() {
        Page page = open(MANY);
        page.locator("#run-rows .run-row[data-run]").first().focus();
        page.keyboard().press("End");
        StudyView.Run last = MANY.runs().getLast();
        assertThat(row(page, last)).isFocused();
        page.keyboard().press("ArrowUp");
        StudyView.Run before = MANY.runs().get(198);
        assertThat(row(page, before)).isFocused();
        page.keyboard().press("Space");
        assertThat(row(page, before)).hasAttribute("aria-selected", "true");
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Space");
        assertThat(page.locator("#run-count")).containsText("2 selected");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#tip")).isVisible();
        page.keyboard().press("ArrowLeft");
        page.keyboard().press("h");
        assertThat(page.locator("#run-count")).containsText("199 of 200 runs shown");
        page.keyboard().press("Enter");
        assertThat(page.locator("#panel")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.locator("#panel")).isHidden();
        assertThat(page.locator("#run-rows .run-row:focus")).hasCount(1);
        assertThat(label(page, 0)).isNotEmpty();
    }

    @Test
    void twoStudiesStandSideBySide() {
        server.show(MANY);
        Page page = open(DONE);
        assertThat(page.locator("#beside")).isVisible();
        page.locator("#control-beside").selectOption(MANY.studyId());
        Locator rows = page.locator("#beside-rows");
        assertThat(rows).containsText(MANY.headline());
        assertThat(rows).containsText(DONE.headline());
        assertThat(page.locator("#beside-rows tr td[data-value]").count()).isGreaterThan(20);
        assertThat(page.url()).contains("beside=" + MANY.studyId());
    }
}
