package basin.aggregator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.view.Estimate;
import basin.aggregator.view.StudyView;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.EnumName;
import basin.study.SampleSize;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the page shows every number of the view, to the last digit. */
class PageTest extends Browsed {
    private static final String CELLS = """
        () => [...document.querySelectorAll('#correlations tbody tr')].flatMap((row) =>
          [...row.querySelectorAll('td')].map((cell) => ({comparison: row.dataset.row, level: row.dataset.level, ...cell.dataset})))
        """;
    private static final String POINTS = """
        (id) => [...document.querySelectorAll(`#${id} g.point`)].map(({dataset}) => ({run: dataset.run, x: dataset.x, y: dataset.y}))
        """;

    private static final List<String> STATISTICS = List.of("kendall", "spearman", "pearson");

    /** A selection on the page. */
    private record Choice(String points, String measure, String task, String protocol, String statistic) {
        String hash() {
            return "#points=" + points + "&measure=" + measure + "&task=" + task + "&protocol=" + protocol
                    + "&statistic=" + statistic;
        }

        /** Returns whether the table has the row as long as this is chosen. */
        boolean shows(StudyView view, StudyView.RowView row) {
            return row.task().equals(task)
                    && row.protocol().equals(protocol)
                    && (row.measure().equals(measure) || !view.measures().contains(row.measure()))
                    && (row.statistic().equals(statistic) || !STATISTICS.contains(row.statistic()));
        }
    }

    private record Plotted(String run, double x, double y) {}

    /**
     * Returns choices among last checkpoints: one statistic for each measure, task and protocol,
     * such that each statistic comes with each of them; in the profile {@code long} all.
     */
    private static List<Choice> choices(StudyView view) {
        List<Choice> choices = new ArrayList<>();
        for (int measure = 0; measure < view.measures().size(); measure++) {
            for (int task = 0; task < view.tasks().size(); task++) {
                for (int protocol = 0; protocol < view.protocols().size(); protocol++) {
                    for (int statistic = 0; statistic < STATISTICS.size(); statistic++) {
                        if (SampleSize.isWhole() || (measure + task + protocol + statistic) % STATISTICS.size() == 0) {
                            choices.add(new Choice(
                                    "last",
                                    view.measures().get(measure),
                                    view.tasks().get(task),
                                    view.protocols().get(protocol),
                                    STATISTICS.get(statistic)));
                        }
                    }
                }
            }
        }
        return choices;
    }

    private static void choose(Page page, Choice choice) {
        page.evaluate("hash => { location.hash = hash; }", choice.hash());
        awaitChoice(page, choice);
    }

    private static void awaitChoice(Page page, Choice choice) {
        page.waitForFunction(
                """
                ([points, measure, task, protocol, statistic]) => {
                  const {dataset} = document.getElementById('correlations');
                  return dataset.measure === measure && dataset.task === task && dataset.protocol === protocol
                    && dataset.statistic === statistic && dataset.points === points;
                }
                """, List.of(choice.points(), choice.measure(), choice.task(), choice.protocol(), choice.statistic()));
    }

    @Tag("sampled")
    @Test
    void everyNumberOfTheTableIsTheViews() {
        compareTable(PageViews.DONE);
    }

    @Tag("sampled")
    @Test
    void everyProvisionalNumberOfTheTableIsTheViews() {
        compareTable(PageViews.LATER);
    }

    @Test
    void whatTheRecordLacksIsSaidAboveAllNumbersAndWithoutAny() {
        String gone = "The record is not whole: 3 records are gone from the head of basin.study.";
        server.find(List.of(gone, "The record is at risk: <b>retention</b>."));
        Page empty = open("/", 1280, ColorScheme.LIGHT);
        empty.waitForFunction("() => document.querySelectorAll('#record-faults p').length === 2");
        assertThat(empty.locator("#record-faults p").allTextContents())
                .containsExactly(gone, "The record is at risk: <b>retention</b>.");
        Page page = open(PageViews.DONE);
        page.waitForFunction("() => document.querySelectorAll('#record-faults p').length === 2");
        assertThat(page.locator("#record-faults").boundingBox().y)
                .isLessThan(page.locator("#headline").boundingBox().y);
        server.find(List.of());
        page.waitForFunction("() => document.getElementById('record-faults').hidden");
    }

    @Test
    void grafanaIsOpenedOnTheSameStudyWithTheSameChoices() {
        StudyView view = PageViews.DONE;
        Page page = open(view);
        Choice choice = choices(view).getLast();
        choose(page, choice);
        page.waitForFunction(
                "statistic => document.getElementById('link-grafana').href.includes('var-statistic=' + statistic)",
                choice.statistic());
        assertThat(page.locator("#link-grafana").getAttribute("href"))
                .startsWith("http://127.0.0.1:3000/d/basin-study?var-study=" + view.studyId() + "&")
                .contains("var-quantity=" + choice.measure())
                .contains("var-task=" + choice.task())
                .contains("var-protocol=" + choice.protocol())
                .contains("var-level=" + choice.points());
    }

    private void compareTable(StudyView view) {
        Page page = open(view);
        List<Choice> choices = choices(view);
        Set<StudyView.RowView> seen = new HashSet<>();
        for (Choice choice : choices) {
            choose(page, choice);
            for (Map<String, Object> cell : list(page, CELLS)) {
                row(view, choice, cell).ifPresent(row -> {
                    compare(row.finding(), cell);
                    seen.add(row);
                });
            }
        }
        List<StudyView.RowView> awaited = view.rows().stream()
                .filter(row -> choices.stream().anyMatch(choice -> choice.shows(view, row)))
                .toList();
        assertThat(awaited)
                .hasSizeGreaterThan(
                        SampleSize.isWhole()
                                ? view.rows().size() - 1
                                : view.rows().size() / 4);
        assertThat(seen).containsAll(awaited);
        assertThat(page.locator("#correlations").getAttribute("data-revision"))
                .isEqualTo(String.valueOf(view.revision().events()));
    }

    /**
     * Returns the row that a cell must show: that of the selected statistic, or else of the only
     * statistic that the question has.
     */
    private static Optional<StudyView.RowView> row(StudyView view, Choice choice, Map<String, Object> cell) {
        String column = String.valueOf(cell.get("column"));
        String measure = column.equals("flatness") ? choice.measure() : column;
        Optional<Double> level = Optional.ofNullable(cell.get("level")).map(text -> Double.valueOf(text.toString()));
        List<StudyView.RowView> rows = view.rows().stream()
                .filter(row -> EnumName.of(row.comparison()).equals(cell.get("comparison")))
                .filter(row -> row.level().equals(level) && row.measure().equals(measure))
                .filter(row ->
                        row.task().equals(choice.task()) && row.protocol().equals(choice.protocol()))
                .toList();
        Optional<StudyView.RowView> requested = rows.stream()
                .filter(row -> row.statistic().equals(choice.statistic()))
                .findFirst();
        if (rows.isEmpty()) {
            assertThat(cell).containsEntry("status", "absent").doesNotContainKey("value");
            return Optional.empty();
        }
        assertThat(requested.isPresent() || rows.size() == 1).isTrue();
        StudyView.RowView row = requested.orElse(rows.getFirst());
        assertThat(cell).containsEntry("statistic", row.statistic());
        return Optional.of(row);
    }

    private static void compare(Finding finding, Map<String, Object> cell) {
        assertThat(cell)
                .containsEntry("status", EnumName.of(finding.status()))
                .containsEntry("runs", String.valueOf(finding.runs()))
                .containsEntry("declared", String.valueOf(finding.declared()))
                .containsEntry("provisional", String.valueOf(finding.provisional()));
        assertThat(number(cell, "value")).isEqualTo(finding.value());
        assertThat(number(cell, "low")).isEqualTo(finding.interval().map(Interval::low));
        assertThat(number(cell, "high")).isEqualTo(finding.interval().map(Interval::high));
        assertThat(number(cell, "p")).isEqualTo(finding.p());
    }

    private static Optional<Double> number(Map<String, Object> cell, String name) {
        return Optional.ofNullable(cell.get(name)).map(text -> Double.valueOf(text.toString()));
    }

    @Tag("sampled")
    @Test
    void thePointsOfBothFiguresAreTheMatchedCheckpoints() {
        List<String> levels = List.of("0.3", "0.2", "0.15", "last", "all");
        for (StudyView view : List.of(PageViews.LATER, PageViews.DONE)) {
            Page page = open(view);
            for (int measure = 0; measure < view.measures().size(); measure++) {
                for (int level = 0; level < levels.size(); level++) {
                    // Every measure and every level at least once in every build.
                    if (SampleSize.isWhole() || (measure + level) % levels.size() == 0) {
                        Choice choice = new Choice(
                                levels.get(level), view.measures().get(measure), "half", "probe-200-common", "kendall");
                        choose(page, choice);
                        comparePoints(plotted(page, "figure-flatness"), expected(view, choice, true));
                        comparePoints(plotted(page, "figure-loss"), expected(view, choice, false));
                    }
                }
            }
            leave(page);
        }
    }

    /** The report draws the same fields. */
    @Test
    void errorBarsAreTheViewsIntervals() {
        StudyView view = PageViews.DONE;
        Page page = open(view);
        choose(page, new Choice("last", "hessian.trace", "half", "probe-200-common", "kendall"));
        int compared = 0;
        for (StudyView.Run run : view.runs()) {
            StudyView.Checkpoint last = run.checkpoints().getLast();
            StudyView.Flatness flat = last.flatness().stream()
                    .filter(one -> one.quantity().equals("hessian.trace"))
                    .findFirst()
                    .orElseThrow();
            Estimate above = last.downstream().stream()
                    .filter(one -> one.task().equals("half") && one.protocol().equals("probe-200-common"))
                    .findFirst()
                    .orElseThrow()
                    .aboveUntrained();
            assertThat(above.high() - above.value()).isGreaterThan(1.96 * above.standardError());
            StudyView.Logarithm flatness = flat.flatness().orElseThrow();
            ends(
                    page,
                    "figure-flatness",
                    run,
                    "x",
                    flatness.low(),
                    flatness.high().orElseThrow());
            ends(page, "figure-flatness", run, "y", above.low(), above.high());
            ends(page, "figure-loss", run, "x", last.loss().low(), last.loss().high());
            ends(page, "figure-loss", run, "y", above.low(), above.high());
            assertThat(flatness.low()).isEqualTo(-StrictMath.log(flat.interval().high()));
            compared++;
        }
        assertThat(compared).isEqualTo(12);
    }

    private static void ends(Page page, String figure, StudyView.Run run, String axis, double low, double high) {
        var point = page.locator("#" + figure + " g.point[data-run='" + run.runId() + "']");
        assertThat(Double.parseDouble(point.getAttribute("data-" + axis + "-low")))
                .isEqualTo(low);
        assertThat(Double.parseDouble(point.getAttribute("data-" + axis + "-high")))
                .isEqualTo(high);
    }

    private static Map<String, Plotted> plotted(Page page, String figure) {
        Map<String, Plotted> points = new HashMap<>();
        Object found = page.evaluate(POINTS, figure);
        for (Object one : (List<?>) found) {
            Map<?, ?> point = (Map<?, ?>) one;
            Plotted plotted = new Plotted(
                    String.valueOf(point.get("run")),
                    Double.parseDouble(String.valueOf(point.get("x"))),
                    Double.parseDouble(String.valueOf(point.get("y"))));
            assertThat(points.put(plotted.run() + "@" + plotted.y(), plotted)).isNull();
        }
        return points;
    }

    private static Map<String, Plotted> expected(StudyView view, Choice choice, boolean flatness) {
        Map<String, Plotted> points = new HashMap<>();
        for (StudyView.Run run : view.runs()) {
            for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                boolean chosen = switch (choice.points()) {
                    case "all" -> true;
                    case "last" -> checkpoint.last();
                    default -> checkpoint.matched().contains(Double.valueOf(choice.points()));
                };
                Optional<StudyView.Downstream> accuracy = checkpoint.downstream().stream()
                        .filter(one -> one.task().equals(choice.task())
                                && one.protocol().equals(choice.protocol()))
                        .findFirst();
                Optional<Double> x = flatness
                        ? checkpoint.flatness().stream()
                                .filter(one -> one.quantity().equals(choice.measure()) && one.value() > 0)
                                .findFirst()
                                .map(one -> -Math.log(one.value()))
                        : Optional.of(checkpoint.loss().value());
                if (chosen && accuracy.isPresent() && x.isPresent()) {
                    double y = accuracy.get().aboveUntrained().value();
                    points.put(run.runId() + "@" + y, new Plotted(run.runId(), x.get(), y));
                }
            }
        }
        return points;
    }

    private static void comparePoints(Map<String, Plotted> shown, Map<String, Plotted> expected) {
        assertThat(shown.keySet()).isEqualTo(expected.keySet());
        // Two computations of one logarithm may differ in the last bit.
        expected.forEach((key, point) ->
                assertThat(shown.get(key)).satisfies(one -> assertThat(one.x()).isCloseTo(point.x(), within(1e-12))));
    }

    @Test
    void theHeadlineIsTheViewsAndTheFiguresAnswerItsQuestion() {
        Page page = open(PageViews.DONE);
        assertThat(text(page, "#headline")).isEqualTo(PageViews.DONE.headline());
        assertThat(text(page, "#more")).isEqualTo(PageViews.DONE.more());
        StudyView.RowView primary = PageViews.DONE.rows().stream()
                .filter(StudyView.RowView::primary)
                .findFirst()
                .orElseThrow();
        assertThat(page.url())
                .contains("points=" + primary.level().orElseThrow(), "measure=" + primary.measure())
                .contains("task=" + primary.task(), "protocol=" + primary.protocol())
                .contains("statistic=" + primary.statistic());
    }

    /**
     * A frame that is drawn after the address changes, but before the browser reports it, writes
     * its own choices to the address.
     */
    @Test
    void aLinkFollowedWhileAFrameWaitsIsNotLost() {
        StudyView view = PageViews.DONE;
        Page page = open(view);
        List<Choice> choices = choices(view);
        choose(page, choices.getFirst());
        page.evaluate("""
            hash => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
              requestAnimationFrame(() => { location.hash = hash; done(); });
              dispatchEvent(new Event('resize'));
            })))
            """, choices.getLast().hash());
        awaitChoice(page, choices.getLast());
    }

    @Test
    void choicesAreHeldInTheAddressAndALinkShowsTheSame() {
        Page page = open(PageViews.DONE);
        page.locator("#control-points label", new Page.LocatorOptions().setHasText("0.15"))
                .click();
        page.locator("#control-measure label", new Page.LocatorOptions().setHasText("adaptive"))
                .click();
        page.locator("#control-statistic label", new Page.LocatorOptions().setHasText("Pearson"))
                .click();
        page.locator("#control-task").selectOption("half");
        page.locator("#control-protocol").selectOption("fine-tune-200");
        Choice chosen = new Choice("0.15", "adaptive.trace", "half", "fine-tune-200", "pearson");
        page.waitForURL(url -> url.contains(chosen.hash().substring(1)));
        Page other = open(PageViews.DONE, page.url().substring(page.url().indexOf('#')), NARROW, ColorScheme.DARK);
        assertThat(list(other, CELLS)).isEqualTo(list(page, CELLS));
        assertThat(plotted(other, "figure-flatness")).isEqualTo(plotted(page, "figure-flatness"));
        assertThat(other.locator("#control-protocol").inputValue()).isEqualTo("fine-tune-200");
        assertThat(other.locator("#control-points input:checked").inputValue()).isEqualTo("0.15");
    }
}
