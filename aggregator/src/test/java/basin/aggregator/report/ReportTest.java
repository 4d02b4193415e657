package basin.aggregator.report;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.analysis.ModelSelection;
import basin.aggregator.analysis.Reanalysis;
import basin.aggregator.fold.Fold;
import basin.aggregator.page.Chromium;
import basin.aggregator.view.DataTables;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.record.Event;
import basin.record.Finding;
import basin.study.Ids;
import basin.study.Quantity;
import basin.study.QuestionSpec;
import basin.study.StudySpec;
import basin.study.file.QuestionFile;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests another question to the events of a complete study, and the files of its answer. */
class ReportTest {
    private static final StudySpec SPEC = SyntheticStudy.quick();
    private static final String ID = Ids.study(SPEC);
    private static final List<Event> EVENTS = SyntheticStudy.complete(SPEC, 1);
    private static final Fold FOLD = fold(EVENTS);

    private static Fold fold(List<Event> events) {
        Fold fold = new Fold();
        events.forEach(event -> {
            var _ = fold.add(event);
        });
        return fold;
    }

    private static Answer answer(String yaml) {
        QuestionSpec question = QuestionFile.parse(yaml, "question.yaml");
        Reanalysis requested = Reanalysis.of(FOLD, ID, question, Set.of()).orElseThrow();
        Map<String, Long> times = new HashMap<>();
        long time = 1_767_225_600_000L;
        for (Event event : EVENTS) {
            times.put(event.id(), time += 1250);
        }
        return new Answer(Views.of(requested, question), requested, times);
    }

    private static Asked requested(String yaml) {
        return new Asked(yaml, "wider", "", "infra/basin replay --data DIR", List.of("A remark with <markup> & more."));
    }

    @Test
    void theStudysOwnQuestionGivesTheLiveTable() {
        StudyView live = Views.of(FOLD.study(ID).orElseThrow());
        assertThat(answer("").view()).isEqualTo(live);
        assertThat(answer("{band: " + SPEC.analysis().band() + "}").view()).isEqualTo(live);
    }

    @Test
    void runsAndRowsAreChosenAndTheRestIsWhole() {
        StudyView view = answer("""
            runs: {learningRates: [0.006, 0.012]}
            measures: [loss, adaptive.trace]
            statistics: [spearman]
            """).view();
        assertThat(view.state()).isEqualTo("done");
        assertThat(view.runs())
                .hasSize(8)
                .allSatisfy(run -> assertThat(run.learningRate()).isIn(0.006, 0.012));
        assertThat(view.rows()).allSatisfy(row -> {
            assertThat(row.measure()).isIn("loss", "adaptive.trace");
            assertThat(row.statistic()).isEqualTo("spearman");
            assertThat(row.finding().declared()).isEqualTo(8);
            assertThat(row.finding().provisional()).isFalse();
        });
        assertThat(view.rows()).filteredOn(StudyView.RowView::primary).hasSize(1);
        assertThat(view.headline()).contains("ρ = ").contains("8 runs");
    }

    @Test
    void aChoiceOfAllRunsByTheirIdsIsTheStudy() {
        Set<String> ids = new HashSet<>();
        FOLD.study(ID)
                .orElseThrow()
                .runs()
                .forEach(run -> ids.add(run.declared().runId()));
        StudyView live = Views.of(FOLD.study(ID).orElseThrow());
        assertThat(answer("runs: {ids: " + ids + "}").view()).isEqualTo(live);
        StudyView fewer = answer("runs: {ids: " + ids.stream().sorted().limit(7).toList() + "}")
                .view();
        assertThat(fewer.runs()).hasSize(7);
        assertThat(fewer.state()).isEqualTo("done");
        assertThat(fewer.rows()).anyMatch(row -> row.finding().p().isPresent());
    }

    @Test
    void theRowsOfALevelDoNotDependOnWhichOthersAreAsked() {
        double level = SPEC.analysis().match().getLast();
        List<StudyView.RowView> alone = answer("match: [" + level + "]").view().rows();
        List<StudyView.RowView> all = answer("").view().rows();
        assertThat(alone)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(all)
                        .filteredOn(other -> other.comparison() == row.comparison()
                                && other.level().equals(row.level())
                                && other.measure().equals(row.measure())
                                && other.task().equals(row.task())
                                && other.protocol().equals(row.protocol())
                                && other.statistic().equals(row.statistic()))
                        .singleElement()
                        .extracting(StudyView.RowView::finding)
                        .isEqualTo(row.finding()));
    }

    @Test
    void anEstimatorThatNobodyUsedMeasuresNothing() {
        StudyView view = answer("flatness: [{estimator: paired, pairs: 999, batch: 24, seed: 1}]")
                .view();
        assertThat(view.state()).isNotEqualTo("done");
        assertThat(view.rows())
                .filteredOn(row -> row.measure().equals("hessian.trace"))
                .allSatisfy(row -> assertThat(row.finding().status()).isNotEqualTo(Finding.Status.ESTIMATE));
    }

    @Test
    void aSectionOfAPageTellsEveryRowAndDrawsThePoints() {
        Answer answer = answer("");
        ResultsSection.Made made = ResultsSection.of(
                answer, ResultsSection.Part.ALL, "pictures", "infra/basin results --data DIR", List.of());
        assertThat(made)
                .isEqualTo(ResultsSection.of(
                        answer(""), ResultsSection.Part.ALL, "pictures", "infra/basin results --data DIR", List.of()));
        assertThat(made.markdown())
                .contains(answer.view().headline())
                .contains(answer.view().revision().digest())
                .contains("#### Ways of training")
                .contains("#### Training on")
                .contains("#### Sizes, less d16");
        ResultsSection.Made summary = ResultsSection.of(
                answer, ResultsSection.Part.SUMMARY, "pictures", "again", List.of("Records are gone."));
        assertThat(summary.markdown()).contains("\n**Records are gone.**\n");
        assertThat(summary.markdown().length()).isLessThan(made.markdown().length());
        assertThat(summary.pictures()).isEqualTo(made.pictures());
        assertThat(ResultsSection.of(answer, ResultsSection.Part.ARMS, "pictures", "again", List.of())
                        .pictures())
                .containsOnlyKeys("quick-arms-trace.svg", "quick-arms-accuracy.svg");
        for (StudyView.RowView row : answer.view().rows()) {
            row.finding()
                    .value()
                    .ifPresent(value -> assertThat(made.markdown())
                            .contains(decimals(value)
                                    + row.finding()
                                            .interval()
                                            .map(one -> " [" + decimals(one.low()) + ", " + decimals(one.high()) + "]")
                                            .orElse("")
                                    + " n " + row.finding().runs()));
        }
        for (StudyView.Run run : answer.view().runs()) {
            assertThat(made.markdown()).contains("| " + run.label() + " | ");
        }
        assertThat(made.pictures())
                .containsKeys("quick-equal-flatness.svg", "quick-equal-loss.svg", "quick-last-flatness.svg")
                .allSatisfy((name, picture) -> {
                    assertThat(made.markdown()).contains("pictures/" + name);
                    assertThat(picture).startsWith("<svg xmlns=").contains("<style>");
                });
        for (String line : made.markdown().lines().toList()) {
            assertThat(line.startsWith("|") ? line.endsWith("|") : true)
                    .as(line)
                    .isTrue();
        }
    }

    private static String decimals(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.equals("-0.00") ? "0.00" : text.replace('-', '−');
    }

    @Test
    void filesAreTheSameBytesAndSayWhatTheViewSays(@TempDir Path one, @TempDir Path other) throws IOException {
        Answer answer = answer("band: 0.05");
        AnswerFiles.write(answer, requested("band: 0.05"), one);
        AnswerFiles.write(answer("band: 0.05"), requested("band: 0.05"), other);
        for (String file : List.of(
                "report.html", "losses.arrow", "history.om", "question.json", "correlations.csv", "metadata.json")) {
            assertThat(one.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
        }
        assertThat(Files.readString(one.resolve("correlations.csv")))
                .isEqualTo(DataTables.of("correlations").csv(answer.view()));
        assertThat(Files.readString(one.resolve("metadata.json"))).contains("\"question\":\"band: 0.05\"");
    }

    @Test
    void theReportNeedsNothingBesideItself(@TempDir Path folder) throws Exception {
        Answer answer = answer("band: 0.05");
        Path file = folder.resolve("report.html");
        Files.writeString(file, HtmlReport.of(answer.view(), requested("band: 0.05")));
        String html = Files.readString(file);
        assertThat(html)
                .contains("default-src 'none'")
                .doesNotContain("<script")
                .doesNotContain("http://")
                .doesNotContain("https://")
                .doesNotContain("<markup>");
        try (Chromium chromium = Chromium.start()) {
            Page page = chromium.open(1280, ColorScheme.LIGHT);
            page.navigate(file.toUri().toString());
            assertThat(page.locator("h1").innerText()).isEqualTo(answer.view().headline());
            assertThat(page.locator("table").first().locator("tbody tr").count())
                    .isEqualTo(answer.view().rows().size());
            assertThat(page.locator("h2:has-text('Arms compared with') ~ div.scroll table")
                            .first()
                            .locator("tbody tr")
                            .count())
                    .isEqualTo(answer.view().arms().size());
            // The style sheet is applied although everything else is forbidden.
            assertThat(page.evaluate("() => getComputedStyle(document.querySelector('.pair')).display"))
                    .isEqualTo("grid");
            assertThat(page.locator("svg.figure").first().locator(".mark").count())
                    .isGreaterThan(5);
            assertThat(page.locator("svg.curve").count()).isEqualTo(12);
            assertThat(page.locator("pre").first().innerText()).isEqualTo("band: 0.05");
            assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void theHistoryIsWhatPrometheusReads(@TempDir Path folder) throws Exception {
        Path promtool = Path.of("/usr/bin/promtool");
        Assumptions.assumeTrue(
                Files.isExecutable(promtool) || "true".equals(System.getenv("CI")),
                "promtool is not installed: apt-get install prometheus");
        Path file = folder.resolve("history.om");
        Files.writeString(file, OpenMetricsHistory.of(answer(""), "wider"));
        assertThat(Files.readString(file))
                .endsWith("# EOF\n")
                .contains("question=\"wider\"")
                .containsPattern("basin_loss_nats\\{loss_kind=\"excess\",.*} \\S+ 17672\\d{5}\\.\\d{3}\n");
        Process process = new ProcessBuilder(
                        promtool.toString(),
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        file.toString(),
                        folder.resolve("blocks").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        // promtool expects this folder, which a database of blocks alone does not have.
        Files.createDirectories(folder.resolve("blocks").resolve("wal"));
        Process dump = new ProcessBuilder(
                        promtool.toString(),
                        "tsdb",
                        "dump",
                        folder.resolve("blocks").toString())
                .redirectErrorStream(true)
                .start();
        String dumped = new String(dump.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(dump.waitFor()).as(dumped).isZero();
        assertThat(dumped).contains("basin_flatness_trace_nats").contains("basin_correlation_ratio");
    }

    @Test
    void pickingTellsWhatItChoseAmong() {
        var study = FOLD.study(ID).orElseThrow();
        ModelSelection picked = ModelSelection.of(
                study,
                SPEC.tasks().getFirst().name(),
                SPEC.protocols().getFirst().name(),
                Optional.empty(),
                Quantity.HESSIAN_TRACE);
        assertThat(picked.candidates())
                .hasSizeGreaterThan(5)
                .isSortedAccordingTo((a, b) -> Double.compare(a.trace(), b.trace()));
        assertThat(picked.candidates())
                .allSatisfy(one -> assertThat(one.excess()).isBetween(picked.level() - picked.band(), picked.level()));
        assertThat(picked.rules()).hasSize(3).allSatisfy(rule -> {
            assertThat(rule.value()).isNotNegative();
            assertThat(rule.interval()).isPresent();
        });
        assertThat(picked.sentence()).contains(picked.candidates().size() + " runs");
        ModelSelection none = ModelSelection.of(
                study,
                SPEC.tasks().getFirst().name(),
                SPEC.protocols().getFirst().name(),
                Optional.of(1e-6),
                Quantity.HESSIAN_TRACE);
        assertThat(none.candidates()).isEmpty();
        assertThat(none.sentence()).contains("Too few runs to decide");
    }
}
