package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.PageServer;
import basin.aggregator.SyntheticStudy;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.view.StudyView;
import basin.study.file.StudyFile;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests that the page draws a registered claim, the ranking of measures and numbers of labels. */
class RankingPageTest extends Browsed {
    /** With a claim and several numbers of labels. */
    static final StudyView VIEW = view();

    private static StudyView view() {
        try {
            String text = Files.readString(Path.of("src/test/resources/basin/aggregator/quick.yaml"));
            return PageServer.view(SyntheticStudy.complete(
                    StudyFile.parse(
                            text.replaceFirst("labels: 200", "labels: [25, 200, 400]")
                                    .replace(
                                            "seed: 401}",
                                            "seed: 401, claim: {task: half, protocol: probe-200-25, measure:"
                                                    + " fisher.trace, statistic: spearman, match: 0.2, given: [rate,"
                                                    + " norm], expects: positive}}"),
                            "claiming"),
                    1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Double> dots(Page page, String selector, String key) {
        Map<String, Double> dots = new TreeMap<>();
        Object found = page.evaluate(
                "([selector, key]) => [...document.querySelectorAll(selector)].map(({dataset}) => [dataset[key],"
                        + " dataset.value])",
                List.of(selector, key));
        for (Object one : (List<?>) found) {
            List<?> pair = (List<?>) one;
            dots.put(String.valueOf(pair.getFirst()), Double.valueOf(String.valueOf(pair.getLast())));
        }
        return dots;
    }

    @Test
    void theClaimStandsFirstAndAllElseIsExploratory() {
        Page page = open(VIEW);
        StudyView.Claim claim = VIEW.claim().orElseThrow();
        assertThat(text(page, "#headline")).isEqualTo(claim.sentence());
        assertThat(page.locator("#claim")).containsText(claim.sha256());
        assertThat(page.locator("#claim")).hasAttribute("data-verdict", claim.verdict());
        assertThat(page.locator("#correlations tbody tr").first()).hasAttribute("data-row", "partial-given");
        assertThat(page.locator("#correlations tbody tr").first()).hasAttribute("data-held", "rate norm");
        assertThat(page.locator("#correlations td[data-registration=registered]"))
                .hasCount(1);
        assertThat(page.locator("#correlations tbody tr th span").last()).containsText("exploratory");
    }

    @Test
    void withoutAClaimAllIsExploratory() {
        Page plain = open(PageViews.DONE);
        assertThat(plain.locator("#claim")).hasText("No claim was registered: everything here is exploratory.");
        assertThat(plain.locator("#budgets")).isHidden();
    }

    @Test
    void theLeagueIsTheViews() {
        Page page = open(VIEW, "#task=root&protocol=probe-200-200&points=0.3", NARROW, ColorScheme.DARK);
        MeasureRanking ranking = VIEW.rankings().stream()
                .filter(one -> one.task().equals("root") && one.protocol().equals("probe-200-200") && one.level() == .3)
                .findFirst()
                .orElseThrow();
        assertThat(page.locator("#ranking-sentence")).hasText(ranking.sentence());
        Map<String, Double> expected = new TreeMap<>();
        ranking.ranked()
                .forEach(
                        one -> expected.put(one.measure(), one.finding().value().orElseThrow()));
        assertThat(dots(page, "#figure-ranking g.point", "measure")).isEqualTo(expected);
        assertThat(page.locator("#ranking-differences tbody tr"))
                .hasCount(ranking.differences().size());
        assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }

    @Test
    void accuracyIsDrawnAgainstLabels() {
        Page page = open(VIEW, "#task=root&protocol=probe-200-400&points=last", WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#figure-budget-accuracy g.point")).hasCount(12 * 3);
        StudyView.Run run = VIEW.runs().getFirst();
        Map<String, Double> expected = new TreeMap<>();
        run.checkpoints().getLast().downstream().stream()
                .filter(down -> down.task().equals("root") && down.protocol().matches("probe-200-\\d+"))
                .forEach(down -> expected.put(
                        String.valueOf(down.labels()), down.accuracy().value()));
        assertThat(dots(page, "#figure-budget-accuracy g.point[data-run='" + run.runId() + "']", "labels"))
                .isEqualTo(expected)
                .hasSize(3);
        assertThat(page.locator("#figure-budget-correlation g.point")).hasCount(2 * 3);
    }
}
