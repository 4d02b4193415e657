package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.page.Chromium;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.it.StudyText;
import basin.record.Event.StudyControlled.Action;
import basin.study.Ids;
import basin.study.StudySpec;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Tests that page, JSON and metrics show the same numbers at the same revision while a study runs.
 */
class LivePageTest {
    private static final StudySpec STUDY = StudyText.brief().spec();
    private static final String ID = Ids.study(STUDY);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern SAMPLE = Pattern.compile("(basin_[a-z0-9_]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
    private static final Pattern UNITS = Pattern.compile(
            ".*_(ratio|nats|runs|events|items|measurements|steps|records|renewals|arrays|pairs|difference|seconds|info|faults)(_total|_count|_sum|_max)?");
    private static final String TABLE = """
        () => ({
          digest: document.getElementById('correlations').dataset.digest,
          chosen: {...document.getElementById('correlations').dataset},
          cells: [...document.querySelectorAll('#correlations tbody tr')].flatMap((row) => [...row.querySelectorAll('td')]
            .map((cell) => ({comparison: row.dataset.row, level: row.dataset.level, ...cell.dataset}))),
        })
        """;

    /** A sample, with labels sorted by name. */
    private record Sample(String name, Map<String, String> labels) {}

    private final Map<String, Integer> compared = new HashMap<>();

    @Test
    void pageJsonAndMetricsAgreeWhileAStudyRuns(@TempDir Path folder) throws Exception {
        ListAppender<ILoggingEvent> vertx = new ListAppender<>();
        vertx.start();
        ((Logger) LoggerFactory.getLogger("io.vertx")).addAppender(vertx);
        try (Chromium chromium = Chromium.start();
                LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2)) {
            URI address = pipeline.aggregator().address();
            Page page = chromium.open(1280, ColorScheme.LIGHT);
            page.navigate(address + "/#statistic=kendall&points=last");
            Submission.submit(pipeline.endpoint(), STUDY);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> !compare(page, address).equals("done")
                            && JSON.readTree(get(address, "/api/studies/" + ID))
                                            .at("/done/ended")
                                            .asInt()
                                    >= 1);
            // A pause in the middle, so that even on a slow machine all three show the same moment.
            Submission.control(pipeline.endpoint(), ID, Action.PAUSE);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> compare(page, address).equals("paused"));
            Submission.control(pipeline.endpoint(), ID, Action.RESUME);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> compare(page, address).equals("done"));
            assertThat(compared.get("paused")).as("numbers compared on the way").isGreaterThan(20);
            assertThat(compared.get("done")).as("numbers compared at the end").isGreaterThan(20);
            String metrics = get(address, "/metrics");
            everyMetricHasAUnitAndHelp(metrics);
            everyMetricIsInTheReference(metrics);
            promtoolFindsNoFault(metrics, folder);
            assertThat(chromium.complaints()).isEmpty();
        }
        assertThat(vertx.list)
                .as("event loops that were held up")
                .noneMatch(event -> event.getFormattedMessage().contains("has been blocked"));
    }

    /**
     * Compares the three if they are at the same revision; returns the state compared, or "none" if
     * the revisions differ.
     */
    private String compare(Page page, URI address) throws Exception {
        if (JSON.readTree(get(address, "/api/studies")).isEmpty()) {
            return "none";
        }
        String before = get(address, "/api/studies/" + ID);
        JsonNode view = JSON.readTree(before);
        JsonNode table = JSON.valueToTree(page.evaluate(TABLE));
        Map<Sample, Double> samples = samples(get(address, "/metrics"));
        boolean same = get(address, "/api/studies/" + ID).equals(before)
                && table.path("digest")
                        .asText()
                        .equals(view.at("/revision/digest").asText())
                && table.path("chosen").path("intervals").asLong() == intervals(view)
                && isOfStudy(
                        samples,
                        "basin_study_revision_events",
                        view.at("/revision/events").asLong())
                && isOfStudy(samples, "basin_study_intervals_revision_events", intervals(view));
        if (!same) {
            return "none";
        }
        int numbers = 0;
        for (JsonNode row : view.path("rows")) {
            numbers += compareWithMetrics(row, samples);
            numbers += compareWithPage(row, table);
        }
        String state = view.path("state").asText();
        compared.merge(state, numbers, Math::max);
        return state;
    }

    /**
     * Returns the revision of which all intervals were computed: the view's own unless it gives
     * another.
     */
    private static long intervals(JsonNode view) {
        return view.has("intervalsOf")
                ? view.at("/intervalsOf/events").asLong(0)
                : view.at("/revision/events").asLong();
    }

    private static boolean isOfStudy(Map<Sample, Double> samples, String name, long expected) {
        return sample(samples, new Sample(name, Map.of("study", ID)))
                .filter(events -> events == expected)
                .isPresent();
    }

    private static int compareWithMetrics(JsonNode row, Map<Sample, Double> samples) {
        List<String> held = new ArrayList<>();
        row.path("conditionedOn").forEach(one -> held.add(one.asText()));
        Map<String, String> described = new TreeMap<>();
        described.put("study", ID);
        described.put("question", "live");
        described.put("comparison", row.path("comparison").asText());
        described.put("conditioned_on", String.join(" ", held));
        String checkpoints = row.path("comparison").asText().equals("all-checkpoints") ? "all" : "last";
        described.put("level", row.path("level").isNumber() ? row.path("level").asText() : checkpoints);
        for (String label : List.of("measure", "task", "protocol", "statistic")) {
            described.put(label, row.path(label).asText());
        }
        Optional<String> id = samples.keySet().stream()
                .filter(sample -> sample.name().equals("basin_correlation_info"))
                .filter(sample -> sample.labels().entrySet().containsAll(described.entrySet()))
                .map(sample -> sample.labels().get("row"))
                .findFirst();
        if (id.isEmpty()) {
            assertThat(row.path("primary").asBoolean()).isFalse();
            return 0;
        }
        Map<String, String> labels = Map.of("row", id.get());
        JsonNode finding = row.path("finding");
        int numbers = 0;
        numbers += agree(finding.path("value"), sample(samples, new Sample("basin_correlation_ratio", labels)));
        numbers += agree(
                finding.at("/interval/low"), sample(samples, new Sample("basin_correlation_ci_low_ratio", labels)));
        numbers += agree(
                finding.at("/interval/high"), sample(samples, new Sample("basin_correlation_ci_high_ratio", labels)));
        numbers += agree(finding.path("p"), sample(samples, new Sample("basin_correlation_p_ratio", labels)));
        numbers += agree(finding.path("runs"), sample(samples, new Sample("basin_correlation_runs", labels)));
        return numbers;
    }

    private static int agree(JsonNode expected, Optional<Double> shown) {
        if (!expected.isNumber()) {
            assertThat(shown).isEmpty();
            return 0;
        }
        assertThat(shown).hasValueSatisfying(value -> assertThat(value).isCloseTo(expected.asDouble(), within(1e-12)));
        return 1;
    }

    /** Returns how many cells of the page's selection show this row. */
    private static int compareWithPage(JsonNode row, JsonNode table) {
        JsonNode chosen = table.path("chosen");
        boolean shown = row.path("task").equals(chosen.path("task"))
                && row.path("protocol").equals(chosen.path("protocol"))
                && row.path("statistic").equals(chosen.path("statistic"));
        if (!shown) {
            return 0;
        }
        int numbers = 0;
        for (JsonNode cell : table.path("cells")) {
            String column = cell.path("column").asText();
            String measure = column.equals("flatness") ? chosen.path("measure").asText() : column;
            boolean level = row.path("level").isNumber()
                    ? cell.path("level").asDouble(-1) == row.path("level").asDouble()
                    : cell.path("level").isMissingNode();
            if (level
                    && cell.path("comparison").equals(row.path("comparison"))
                    && measure.equals(row.path("measure").asText())) {
                JsonNode finding = row.path("finding");
                numbers += agree(finding.path("value"), number(cell, "value"));
                numbers += agree(finding.at("/interval/low"), number(cell, "low"));
                numbers += agree(finding.at("/interval/high"), number(cell, "high"));
                numbers += agree(finding.path("p"), number(cell, "p"));
                numbers += agree(finding.path("runs"), number(cell, "runs"));
            }
        }
        return numbers;
    }

    private static Optional<Double> number(JsonNode cell, String name) {
        return cell.has(name) ? Optional.of(Double.valueOf(cell.path(name).asText())) : Optional.empty();
    }

    private static Optional<Double> sample(Map<Sample, Double> samples, Sample sample) {
        return Optional.ofNullable(samples.get(sample));
    }

    private static void everyMetricHasAUnitAndHelp(String text) {
        Map<String, String> help = new HashMap<>();
        TreeSet<String> names = new TreeSet<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# HELP basin_")) {
                String[] parts = line.split(" ", 4);
                help.put(parts[2], parts.length == 4 ? parts[3].strip() : "");
            }
            if (line.startsWith("# TYPE basin_")) {
                names.add(line.split(" ", 4)[2]);
            }
        }
        assertThat(names).contains("basin_correlation_ratio", "basin_correlation_p_ratio", "basin_correlation_runs");
        assertThat(names).allSatisfy(name -> {
            assertThat(name).matches(UNITS);
            assertThat(help.get(name)).as("help of %s", name).isNotBlank();
        });
    }

    private static void everyMetricIsInTheReference(String text) throws Exception {
        String reference = Files.readString(Path.of("../docs/data.md"));
        assertThat(text.lines()
                        .filter(line -> line.startsWith("# TYPE basin_"))
                        .map(line -> line.split(" ", 4)[2])
                        .map(name -> name.replaceFirst("(_seconds)_(max|count|sum)$", "$1")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(reference).contains("`" + name + "`"));
    }

    private static void promtoolFindsNoFault(String text, Path folder) throws Exception {
        Path promtool = Path.of("/usr/bin/promtool");
        Assumptions.assumeTrue(
                Files.isExecutable(promtool) || "true".equals(System.getenv("CI")),
                "promtool is not installed: apt-get install prometheus");
        Path file = Files.writeString(folder.resolve("metrics.txt"), text);
        Process process = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectInput(file.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
    }

    private static Map<Sample, Double> samples(String text) {
        Map<Sample, Double> samples = new HashMap<>();
        for (String line : text.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                Map<String, String> labels = new TreeMap<>();
                Matcher label =
                        LABEL.matcher(Optional.ofNullable(sample.group(2)).orElse(""));
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
                samples.put(new Sample(sample.group(1), labels), Double.valueOf(sample.group(3)));
            }
        }
        return samples;
    }

    private static String get(URI address, String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
