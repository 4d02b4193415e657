package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.view.StudyView;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests that the page shows the view's differences between arms, to the last digit, at the selected
 * checkpoints.
 */
class ArmsPageTest extends Browsed {
    private static final StudyView VIEW = PageViews.DONE;

    private static List<Double> expected(ArmRow.At at, String measure) {
        return VIEW.arms().stream()
                .filter(row -> row.at() == at && row.measure().equals(measure))
                .filter(row -> row.level().map(level -> level == 0.2).orElse(true))
                .filter(row -> row.value().isPresent())
                .map(row -> row.value().orElseThrow())
                .toList();
    }

    private static List<Double> shown(Page page, String column) {
        Object found = page.evaluate("""
            column => [...document.querySelectorAll(`#arms-table td[data-column=${column}]`)].map(({dataset}) => dataset.value).filter(Boolean)
            """, column);
        return ((List<?>) found)
                .stream().map(value -> Double.valueOf(String.valueOf(value))).toList();
    }

    @Test
    void everyArmIsBesideTheReferenceAtTheChosenPoints() {
        String measure = VIEW.measures().getFirst();
        Page page = open(VIEW);
        assertThat(page.locator("#arms-title")).containsText("Arms compared with adamw · rate 0.003");
        page.locator("#control-points label", new Page.LocatorOptions().setHasText("last"))
                .click();
        assertThat(page.locator("#arms-table tbody tr").first()).hasAttribute("data-at", "last");
        assertThat(shown(page, "trace"))
                .isEqualTo(expected(ArmRow.At.LAST, measure))
                .isNotEmpty();
        page.locator("#control-points label", new Page.LocatorOptions().setHasText("0.20"))
                .click();
        assertThat(page.locator("#arms-table tbody tr").first()).hasAttribute("data-at", "matched");
        assertThat(shown(page, "trace")).isEqualTo(expected(ArmRow.At.MATCHED, measure));
        assertThat(shown(page, "gradients")).isEqualTo(expected(ArmRow.At.MATCHED, "gradients"));
    }
}
