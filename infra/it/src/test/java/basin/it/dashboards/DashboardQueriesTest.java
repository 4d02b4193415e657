package basin.it.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.Generations;
import basin.aggregator.Replay;
import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.dashboards.Annotation;
import basin.dashboards.Boards;
import basin.dashboards.Dashboard;
import basin.dashboards.Need;
import basin.dashboards.Panel;
import basin.dashboards.Query;
import basin.it.StudyText;
import basin.study.EnumName;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.QuestionFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests every query of every dashboard on a Prometheus that scrapes a pipeline in which a study
 * ran.
 */
class DashboardQueriesTest {
    private static final StudySpec STUDY = study();
    private static final String ID = Ids.study(STUDY);
    private static final Path ALERTS = Path.of("../../dashboards/grafana/provisioning/alerting/rules.yaml");

    private static final String ELSEWHERE = "BASIN_TEST_PROMETHEUS";

    /** Data that this pipeline lacks: a GPU and a firing alert. */
    private static final Set<Need> MAY_BE_EMPTY = EnumSet.of(Need.GPU, Need.ALERT);

    /** Returns a study with a claim, several arms, and runs that fail because of their rate. */
    private static StudySpec study() {
        return StudyText.of(Path.of("../cli/src/test/resources/charted.yaml"))
                .withFewDraws()
                .with("epochs: 20", "epochs: 5")
                .with("^learningRates: .*", "learningRates: [0.01, 0.02, 1.0e+30]")
                .with(
                        "seed: 401}",
                        "seed: 401, claim: {task: root, protocol: probe, measure: hessian.trace, statistic: kendall,"
                                + " match: 0.9, within: size, expects: positive}}")
                .spec();
    }

    @Test
    void everyQuerySucceedsAndReturnsData(@TempDir Path folder, @TempDir Path scraped) throws Exception {
        Path program = Prometheus.program();
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2);
                Prometheus prometheus =
                        Prometheus.start(program, scraped, pipeline.aggregator().address())) {
            Submission.submit(pipeline.endpoint(), STUDY);
            StudyView view = awaitEnd(pipeline, prometheus);
            assertThat(view.runs()).extracting(StudyView.Run::state).contains("done", "failed");
            assertThat(view.claim().orElseThrow().verdict()).isNotEqualTo("not judged yet");
            ask(pipeline, "few");
            // Rates need two scrapes within their window, which a busy machine may delay.
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(wrongAt(prometheus)).isEmpty());
            Dashboard study = Boards.all().stream()
                    .filter(board -> board.name().equals("study"))
                    .findFirst()
                    .orElseThrow();
            opensWithTheHeadline(view, new Choices(prometheus, study));
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> saysWhatThePageSays(view, prometheus));
        }
    }

    /**
     * The same for a separate stack in which a study has ended; the test of the compose files gives
     * its address.
     */
    @Test
    @EnabledIfEnvironmentVariable(named = ELSEWHERE, matches = "http://127\\.0\\.0\\.1:.+")
    void everyQuerySucceedsAndReturnsDataInTheStack() throws Exception {
        try (Prometheus prometheus = Prometheus.at(URI.create(System.getenv(ELSEWHERE)))) {
            assertThat(wrongAt(prometheus)).isEmpty();
        }
    }

    /** Returns the queries that fail, or that return nothing though they should. */
    private static List<String> wrongAt(Prometheus prometheus) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Dashboard board : Boards.all()) {
            Choices choices = new Choices(prometheus, board);
            choices.without().forEach(variable -> wrong.add(board.name() + " has no choice of " + variable));
            ask(prometheus, board, choices, wrong);
        }
        alerts(prometheus, wrong);
        return wrong;
    }

    /** Waits for the end of the study and one more scrape. */
    private static StudyView awaitEnd(LocalPipeline pipeline, Prometheus prometheus) {
        StudyView end = Awaitility.await()
                .atMost(Duration.ofMinutes(4))
                .until(
                        () -> pipeline.aggregator()
                                .view(ID)
                                .filter(view -> !view.state().matches("nothing|running")),
                        Optional::isPresent)
                .orElseThrow();
        assertThat(end.state()).isEqualTo("done");
        String ended = "basin_study_revision_events{study=\"" + ID + "\"} == "
                + end.revision().events();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !prometheus
                        .instant("count_over_time((" + ended + ")[10s:1s]) >= 3")
                        .isEmpty());
        return end;
    }

    private static void ask(Prometheus prometheus, Dashboard board, Choices choices, List<String> wrong) {
        for (Panel panel : board.panels()) {
            for (Query query : panel.queries()) {
                String expression = choices.in(query.expression());
                try {
                    JsonNode result = query.form() == Query.Form.RANGE
                            ? prometheus.range(expression)
                            : prometheus.instant(expression);
                    if (tellsNothing(result) && !MAY_BE_EMPTY.contains(query.need())) {
                        wrong.add(board.name() + ", " + panel.title() + ": no data: " + expression);
                    }
                } catch (IllegalArgumentException refused) {
                    wrong.add(board.name() + ", " + panel.title() + ": " + expression + ": " + refused.getMessage());
                }
            }
        }
        for (Annotation annotation : board.annotations()) {
            try {
                prometheus.range(choices.in(annotation.expression()));
            } catch (IllegalArgumentException refused) {
                wrong.add(board.name() + ", mark " + annotation.name() + ": " + refused.getMessage());
            }
        }
    }

    /**
     * Returns whether there is no series, or none with a number; panels that say "not yet" query
     * for NaN in this case.
     */
    private static boolean tellsNothing(JsonNode result) {
        return result.findValues("value").stream()
                        .allMatch(sample -> sample.path(1).asText().equals("NaN"))
                && result.findValues("values").isEmpty();
    }

    /** Publishes the answer to another question. */
    private static void ask(LocalPipeline pipeline, String name) throws Exception {
        String question = "minRuns: 4\nstatistics: [spearman]\n";
        StudyView answer = Replay.read(pipeline.endpoint(), Optional.empty(), (read, all) -> {})
                .answer(ID, QuestionFile.parse(question, name))
                .view();
        Generations.publish(pipeline.endpoint(), answer, name, question);
    }

    /** Checks that the sentences are those of the page, and that each answer has its numbers. */
    private static void saysWhatThePageSays(StudyView view, Prometheus prometheus) {
        JsonNode own = prometheus.instant("basin_answer_info{study=\"" + ID + "\",question=\"live\"}");
        assertThat(own).hasSize(1);
        assertThat(own.at("/0/metric/sentence").asText()).isEqualTo(view.headline());
        JsonNode numbers = prometheus.instant("max by (question) (basin_correlation_ratio * on (row) group_left"
                + " (question) max by (row, question) (basin_headline_info{study=\"" + ID + "\"}))");
        assertThat(numbers.findValuesAsText("question")).containsExactlyInAnyOrder("live", "few");
        JsonNode failed = prometheus.instant("basin_run_failed_info{study=\"" + ID + "\"}");
        assertThat(failed.findValuesAsText("reason"))
                .isNotEmpty()
                .allMatch(reason -> reason.startsWith("The loss was no longer a number after step "));
    }

    /** Checks that the board's first number is the page's first number. */
    private static void opensWithTheHeadline(StudyView view, Choices choices) {
        StudyView.RowView primary = view.rows().stream()
                .filter(StudyView.RowView::primary)
                .findFirst()
                .orElseThrow();
        assertThat(choices.of("level")).isEqualTo(String.valueOf(primary.level().orElseThrow()));
        assertThat(choices.of("comparison")).isEqualTo(EnumName.of(primary.comparison()));
        assertThat(choices.of("quantity")).isEqualTo(primary.measure());
        assertThat(choices.of("task")).isEqualTo(primary.task());
        assertThat(choices.of("protocol")).isEqualTo(primary.protocol());
        assertThat(choices.of("statistic")).isEqualTo(primary.statistic());
    }

    private static void alerts(Prometheus prometheus, List<String> wrong) throws Exception {
        JsonNode rules = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(ALERTS));
        for (JsonNode expression : rules.findValues("expr")) {
            try {
                if (prometheus.instant(expression.asText()).isEmpty()
                        && !MAY_BE_EMPTY.contains(Query.need(expression.asText()))) {
                    wrong.add("alert without data: " + expression.asText());
                }
            } catch (IllegalArgumentException refused) {
                wrong.add("alert " + expression.asText() + ": " + refused.getMessage());
            }
        }
    }
}
