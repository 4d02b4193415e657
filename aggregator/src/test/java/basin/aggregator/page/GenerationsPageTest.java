package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import basin.aggregator.view.Generation;
import basin.aggregator.view.StudyView;
import basin.record.Event;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Tests that answers to other questions are shown beside the live table. */
class GenerationsPageTest extends Browsed {
    private static final StudyView VIEW = PageViews.DONE;

    private static Generation named(String name, String statistic) {
        return new Generation(
                VIEW.studyId(),
                name,
                VIEW.revision(),
                Optional.empty(),
                VIEW.rows().stream()
                        .filter(row -> row.statistic().equals(statistic))
                        .toList());
    }

    @Test
    void answersInWordsStandBelowTheStudysOwn() {
        server.show(VIEW);
        Page page = open("/", 390, ColorScheme.DARK);
        assertThat(page.locator("#headline")).hasText(VIEW.headline());
        assertThat(page.locator("#asked")).isHidden();
        String question = "band: 0.05 # <b>" + "x".repeat(200) + "</b>\n";
        server.publish(List.of(Generation.of(List.of(new Event.QuestionAnswered(
                VIEW.studyId(),
                "narrow",
                VIEW.revision(),
                question,
                "Flatter models do <i>better</i>.",
                "",
                "Better.",
                Optional.empty())))));
        assertThat(page.locator("#asked")).isVisible();
        assertThat(page.locator("#asked-rows tbody tr")).hasCount(2);
        assertThat(page.locator("#asked-rows tr[data-question=live] .sentence")).hasText(VIEW.headline());
        assertThat(page.locator("#asked-rows tr[data-question=narrow] .sentence"))
                .hasText("Flatter models do <i>better</i>.");
        // On a narrow window the parts below the figures are folded at first.
        page.locator("#asked-title").click();
        page.locator("#asked-rows tr[data-question=narrow] summary").click();
        assertThat(page.locator("#asked-rows tr[data-question=narrow] pre")).hasText(question.strip());
        Assertions.assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        server.publish(List.of());
        assertThat(page.locator("#asked")).isHidden();
    }

    @Test
    void oneIsChosenAndStandsBesideTheLiveTable() {
        Page page = open(VIEW, "#statistic=kendall&points=last", 390, ColorScheme.LIGHT);
        assertThat(page.locator("#generations")).isHidden();
        server.publish(List.of(named("first", "kendall"), named("second", "spearman")));
        assertThat(page.locator("#generations")).isVisible();
        assertThat(page.locator("#generation-rows")).hasAttribute("data-generation", "first");
        Assertions.assertThat(page.locator("#generation-rows tbody tr").count()).isPositive();
        // Identical rows have identical texts.
        Assertions.assertThat(page.evaluate("""
            () => [...document.querySelectorAll('#generation-rows tbody tr')]
              .every((row) => row.cells[1].textContent === row.cells[2].textContent)
            """)).isEqualTo(true);
        page.locator("#generations summary").click();
        page.locator("#control-generation label").last().click();
        assertThat(page.locator("#generation-rows")).hasAttribute("data-generation", "second");
        Assertions.assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }
}
