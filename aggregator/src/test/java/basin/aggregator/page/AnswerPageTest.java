package basin.aggregator.page;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.StudyView;
import basin.record.Finding;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that headline, first figure and table show one row of the view, whatever is chosen. */
class AnswerPageTest extends Browsed {
    /** What the page shows of the chosen comparison. */
    private static final String SHOWN = """
        () => ({
          headline: document.getElementById('headline').textContent,
          row: document.getElementById('headline').dataset.row ?? '',
          caption: document.querySelector('#figure-flatness .finding').textContent,
          marked: [...document.querySelectorAll('#correlations td[data-answer=yes]')].map((cell) => cell.dataset.key).join(),
          chosen: [...document.querySelectorAll('#correlations tr[data-chosen=yes]')].length,
        })
        """;

    private static StudyView.RowView row(StudyView view, String key) {
        return view.rows().stream()
                .filter(row -> String.join(
                                "|",
                                basin.study.EnumName.of(row.comparison()),
                                row.level().map(AnswerPageTest::number).orElse(""),
                                row.measure(),
                                row.task(),
                                row.protocol(),
                                row.statistic(),
                                String.join("+", row.conditionedOn()))
                        .equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The page marks no row of the view: " + key));
    }

    private static String number(double level) {
        return level == Math.rint(level) ? String.valueOf((long) level) : String.valueOf(level);
    }

    private static int compare(Page page, StudyView view) {
        Map<?, ?> shown = (Map<?, ?>) page.evaluate(SHOWN);
        StudyView.RowView row = row(view, String.valueOf(shown.get("row")));
        assertThat(shown.get("headline")).isEqualTo(row.answer());
        assertThat(String.valueOf(shown.get("caption"))).endsWith(": " + row.numbers());
        assertThat(shown.get("marked")).isEqualTo(shown.get("row"));
        assertThat(shown.get("chosen")).isEqualTo(1);
        if (row.finding().status() == Finding.Status.ESTIMATE) {
            assertThat(row.answer()).contains("(" + row.numbers() + ")");
        }
        return 1;
    }

    @Test
    void headlineCaptionAndTableShowOneRowAtEverySwitch() {
        for (StudyView view : List.of(PageViews.LATER, PageViews.DONE)) {
            Page page = open(view, "", WIDE, ColorScheme.LIGHT);
            assertThat(text(page, "#headline")).isEqualTo(view.headline());
            int compared = compare(page, view);
            for (String control : List.of("points", "comparison", "measure", "statistic")) {
                int choices = page.locator("#control-" + control + " input").count();
                for (int i = 0; i < choices; i++) {
                    var input = page.locator("#control-" + control + " input").nth(i);
                    String value = input.inputValue();
                    input.check(new com.microsoft.playwright.Locator.CheckOptions().setForce(true));
                    page.waitForFunction(
                            "([name, value]) => new URLSearchParams(location.hash.slice(1)).get(name) === value",
                            List.of(control, value));
                    compared += compare(page, view);
                }
            }
            for (String protocol : view.protocols()) {
                page.locator("#control-protocol").selectOption(protocol);
                page.waitForFunction(
                        "value => new URLSearchParams(location.hash.slice(1)).get('protocol') === value", protocol);
                compared += compare(page, view);
            }
            assertThat(compared).isGreaterThan(15);
            page.locator("#own").click();
            page.waitForFunction("text => document.getElementById('headline').textContent === text", view.headline());
            leave(page);
        }
    }

    @Test
    void aRowOfTheTableIsPutIntoTheHeadline() {
        StudyView view = PageViews.DONE;
        Page page = open(view);
        page.locator("#correlations tr[data-row=matched-within-rate][data-level='0.3'] th")
                .click();
        page.waitForFunction("() => location.hash.includes('comparison=matched-within-rate')");
        assertThat(text(page, "#headline")).contains("of the same learning rate with matched loss (0.28–0.30 nats");
        compare(page, view);
        page.locator("#correlations tr[data-row=raw] td[data-column=loss] .cell")
                .press("Enter");
        page.waitForFunction("() => location.hash.includes('points=last')");
        assertThat(text(page, "#headline")).contains("Among last checkpoints, flatness");
        compare(page, view);
    }

    /** A study that has ended promises nothing more. */
    @Test
    void notYetIsSaidOnlyWhileItCanStillCome() {
        Page running = open(PageViews.NOTHING);
        assertThat(text(running, "#correlations tbody")).contains("Not yet");
        leave(running);
        for (StudyView view : List.of(PageViews.FAILED, PageViews.DONE)) {
            Page ended = open(view);
            assertThat(ended.locator("body").innerText()).doesNotContainIgnoringCase("yet");
            leave(ended);
        }
        assertThat(PageViews.FAILED.rows())
                .noneMatch(row -> row.finding().status() == Finding.Status.NOT_YET)
                .isNotEmpty();
    }
}
