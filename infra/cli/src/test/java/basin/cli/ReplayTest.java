package basin.cli;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.aggregator.Generations;
import basin.aggregator.Replay;
import basin.aggregator.present.Columns;
import basin.aggregator.view.DataTable;
import basin.aggregator.view.DataTables;
import basin.aggregator.view.StudyView;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.LocalPipeline;
import basin.log.KafkaEndpoint;
import basin.log.blob.BlobLocation;
import basin.log.blob.ChunkedBlobs;
import basin.record.Event;
import basin.record.Topic;
import basin.record.Weights;
import basin.service.CheckpointReader;
import basin.service.WorkerContext;
import basin.study.Ids;
import basin.study.Json;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests other questions to the record of one study run: the same events give other answers without
 * training again.
 */
@ExtendWith(RunStudies.Resolver.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplayTest {
    private static final Path STUDY = Path.of("src/test/resources/charted.yaml");
    private static final StudySpec SPEC = StudyFile.read(STUDY);
    private static final String ID = Ids.study(SPEC);

    @TempDir
    private static Path folder;

    @TempDir
    private Path out;

    private static String data() {
        return folder.resolve("data").toString();
    }

    private Typed replay(String yaml, String... more) throws IOException {
        Path question = Files.writeString(out.resolve("asked.yaml"), yaml);
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "replay",
                "--data",
                data(),
                "--analysis",
                question.toString(),
                "--out",
                out.resolve("answer").toString()));
        arguments.addAll(List.of(more));
        return basin(arguments.toArray(String[]::new));
    }

    private JsonNode view() throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(out.resolve("answer").resolve("view.json")));
    }

    private static void refused(Typed said, String expected) {
        said.refused(expected);
    }

    @BeforeAll
    static void aStudyIsRun(RunStudies studies) {
        studies.copy(RunStudies.read(STUDY), folder);
    }

    @Test
    @Order(1)
    void theStudysOwnQuestionIsTheLiveTableToTheByte() throws IOException {
        Typed said = replay("# Nothing is changed.\n");
        assertThat(said.status()).isZero();
        List<String> files = DataTables.ALL.stream()
                .map(table -> table.name() + ".csv")
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.addAll(files, "view.json", "table.txt");
        for (String file : files) {
            assertThat(out.resolve("answer").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("live").resolve(file));
        }
        assertThat(said.out() + said.error()).contains("records read");
        assertThat(said.out()).doesNotContain("Arms compared").contains("Kendall's τ", "Report and numbers: ");
        assertThat(Files.readString(out.resolve("answer/report.html")))
                .contains("# Nothing is changed.")
                .contains("infra/basin replay --data DIR --study " + ID);
        assertThat(out.resolve("answer/losses.arrow")).isNotEmptyFile();
        assertThat(out.resolve("answer/history.om")).content().endsWith("# EOF\n");
        assertThat(replay("", "--full").out()).contains(Files.readString(folder.resolve("live/table.txt")));
    }

    @Test
    @Order(1)
    void resultsStandWhereThePageHasAPlaceForThem() throws IOException {
        Path page = Files.writeString(
                out.resolve("page.md"),
                "# Before\n<!-- results of charted: begin -->\nOUTDATED\n<!-- results of charted: end -->\nAfter\n");
        Typed said = basin("results", "--data", data(), "--out", page.toString());
        assertThat(said.status()).as(said.error()).isZero();
        String once = Files.readString(page);
        assertThat(once)
                .startsWith("# Before\n<!-- results of charted: begin -->\n**")
                .endsWith("<!-- results of charted: end -->\nAfter\n")
                .contains("<img src=\"pictures/charted-last-loss.svg\"")
                .doesNotContain("OUTDATED");
        assertThat(out.resolve("pictures/charted-last-loss.svg")).content().startsWith("<svg ");
        assertThat(basin("results", "--data", data(), "--out", page.toString()).status())
                .isZero();
        assertThat(page).content().isEqualTo(once);
        Path other = Files.writeString(out.resolve("other.md"), "# Nothing of it\n");
        refused(basin("results", "--data", data(), "--out", other.toString()), "results of charted: begin");
        assertThat(other).content().isEqualTo("# Nothing of it\n");
    }

    @Test
    @Order(1)
    void anotherQuestionHasAnotherAnswer() throws IOException {
        Typed said = replay("runs: {sizes: [d12]}\nstatistics: [kendall]\nprotocols: [probe]\nminRuns: 4\n");
        assertThat(said.status()).as(said.error()).isZero();
        JsonNode view = view();
        assertThat(view.path("runs"))
                .hasSize(4)
                .allSatisfy(run -> assertThat(run.path("size").asText()).isEqualTo("d12"));
        assertThat(view.path("state").asText()).isEqualTo("done");
        assertThat(view.path("rows"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.path("statistic").asText()).isEqualTo("kendall"));
        assertThat(view.at("/revision/digest"))
                .isEqualTo(Json.mapper()
                        .readTree(Files.readAllBytes(folder.resolve("live/view.json")))
                        .at("/revision/digest"));
    }

    @Test
    @Order(1)
    void eventTimeBoundsWhatEnters() throws IOException {
        Typed said = replay("time: {to: 2020-01-01T00:00:00Z}\n");
        assertThat(said.status()).as(said.error()).isZero();
        assertThat(view().path("state").asText()).isEqualTo("nothing");
        assertThat(view().path("runs")).hasSize(8);
        assertThat(replay("time: {to: \"" + Instant.now() + "\"}\n").status()).isZero();
        assertThat(out.resolve("answer/correlations.csv"))
                .hasSameBinaryContentAs(folder.resolve("live/correlations.csv"));
    }

    @Test
    @Order(1)
    void whatCannotBeIsRefused() throws IOException {
        refused(replay("bnad: 0.1"), "unknown field 'bnad'");
        refused(replay("runs: {sizes: [d99]}"), "runs.sizes is 'd99': give one of [d8, d12]");
        refused(replay("", "--study", "other"), "There is no study 'other' in the record");
        refused(replay("", "--generation", "live"), "--generation is 'live'");
        refused(replay("", "--measure", "exact"), "estimator is 'exact': give one of paired, fisher.sampled,");
        refused(basin("replay", "--data", data()), "Neither --out nor --generation is given");
        refused(replay("", "--publish"), "--publish is given without --measure");
        refused(
                basin("pick", "--data", out.resolve("nowhere").toString()),
                "holds no record: name the folder of a run");
        assertThat(out.resolve("nowhere")).doesNotExist();
        refused(basin("pick", "--data", data(), "--bootstrap", "127.0.0.1:1"), "--data and --bootstrap are both given");
        if (System.getenv("BASIN_KAFKA_BOOTSTRAP") == null) {
            refused(basin("pick"), "There is no record under .basin in this folder");
        }
        try (EmbeddedBroker using = EmbeddedBroker.start(folder.resolve("data"))) {
            // The record of a running run is read through that run's broker.
            assertThat(using.bootstrapServers()).isNotEmpty();
            assertThat(replay("").status()).isZero();
        }
        assertThat(basin("help", "replay").out()).contains("--analysis", "--generation", "--measure", "--data");
    }

    @Test
    @Order(2)
    void aRunIsReproducedToTheBit() {
        String run = StudyPlan.runs(SPEC).getLast().runId();
        Typed said = basin("reproduce", run, "--data", data());
        assertThat(said.status()).as(said.error()).isZero();
        assertThat(said.out())
                .contains("120 steps trained again")
                .contains("the record's too.")
                .contains("Every loss and every checkpoint is the same to the bit.");
        assertThat(said.status()).isZero();
        refused(basin("reproduce", "nobody", "--data", data()), "There is no run 'nobody' in the record");
    }

    /**
     * The study had ended, so there is no progress; the answer is short, and all of it on request.
     */
    @Test
    @Order(1)
    void aStudyThatHasEndedSaysSoAtOnce() throws IOException {
        String[] command = {"run", STUDY.toString(), "--data", data(), "--port", "0", "--exit-when-done"};
        Typed again = basin(command);
        assertThat(again.status()).as(again.error()).isZero();
        assertThat(again.out())
                .startsWith("Study charted is already done (8 of 8 runs ended); showing its results.")
                .doesNotContain("Expected")
                .doesNotContain(" %  runs ended");
        List<String> lines = again.out().lines().toList();
        int end = lines.indexOf("");
        assertThat(lines.subList(end, lines.size()))
                .hasSizeLessThanOrEqualTo(25)
                .filteredOn(line -> !line.contains(data()))
                .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(100));
        assertThat(lines.getLast()).startsWith("All tables and figures: infra/basin replay --data ");
        List<String> all = new java.util.ArrayList<>(List.of(command));
        all.add("--full");
        assertThat(basin(all.toArray(String[]::new)).out())
                .contains(Files.readString(folder.resolve("live/table.txt")));
    }

    @Test
    @Order(2)
    void measuresAreSetBesideOneAnother() throws IOException {
        Typed said = basin("rank", "--data", data(), "--within", "none");
        assertThat(said.status()).as(said.error()).isZero();
        assertThat(said.out())
                .contains("At matched loss (excess 0.90 nats), on task root by probe ")
                .contains("adaptive.trace", "hessian.trace minus loss", "8 runs in 1 strata")
                .contains("All of it is exploratory.");
        Typed usual = basin("rank", "--data", data());
        assertThat(usual.out()).contains("within one size");
        assertThat(replay("").status()).isZero();
        assertThat(Files.readString(out.resolve("answer/rankings.csv"))).contains(",size,");
        refused(basin("rank", "--data", data(), "--within", "rate,shape"), "--within is 'shape': give some of rate,");
        refused(basin("rank", "--data", data(), "--task", "leaf"), "--task is 'leaf': give one of root");
        refused(basin("rank", "--data", data(), "--level", "0"), "--level is 0.0: give a loss above 0 nats");
    }

    @Test
    @Order(2)
    void choosingIsCounted() {
        Typed said = basin("pick", "--data", data(), "--by", "adaptive.trace");
        assertThat(said.status()).as(said.error()).isZero();
        assertThat(said.out())
                .contains("8 of 8 runs at excess 0.90 nats")
                .contains("by flatness", "by loss", "at random", "flatness saves over random", "seed 401", "(8 runs)");
        assertThat(said.status()).isZero();
        refused(basin("pick", "--data", data(), "--task", "leaf"), "--task is 'leaf': give one of root");
        refused(basin("pick", "--data", data(), "--by", "loss"), "--by is 'loss'");
        assertThat(basin("pick", "--data", data(), "--level", "0.001").out()).contains("Too few runs to decide");
    }

    @Test
    @Order(3)
    void flatnessIsMeasuredAnewFromTheWeights() throws IOException {
        String two = "runs: {sizes: [d8], learningRates: [0.01]}\n";
        assertThat(replay(two).status()).isZero();
        Path recorded = RunStudies.copy(out.resolve("answer"), out.resolve("recorded"));
        Typed same = replay(two, "--measure", "paired");
        assertThat(same.status()).as(same.error()).isZero();
        assertThat(same.error()).contains("checkpoints measured");
        // The same estimator with the same seed gives the same measurements and so the same answer.
        for (DataTable<?> table : DataTables.ALL) {
            assertThat(out.resolve("answer").resolve(table.name() + ".csv"))
                    .hasSameBinaryContentAs(recorded.resolve(table.name() + ".csv"));
        }
        Typed other = replay(two, "--measure", "paired,seed=7");
        assertThat(other.status()).as(other.error()).isZero();
        assertThat(other.error()).contains("checkpoints measured");
        assertThat(view().path("runs"))
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.path("checkpoints"))
                        .allSatisfy(checkpoint -> assertThat(checkpoint.path("flatness"))
                                .hasSameSizeAs(SPEC.flatness().getFirst().quantities())
                                .allSatisfy(flat -> assertThat(
                                                flat.path("estimatorSeed").asInt())
                                        .isEqualTo(7))));
    }

    @Test
    @Order(4)
    void aGenerationIsShownBesideTheLiveTable() throws Exception {
        assertThat(replay("band: 0.5\n", "--generation", "narrow").status()).isZero();
        Path question = Files.writeString(out.resolve("first-level.yml"), "minRuns: 4\n");
        Typed named = basin("replay", "--data", data(), "--generation", "--analysis", question.toString());
        assertThat(named.status()).as(named.error()).isZero();
        assertThat(named.out()).contains("as generation first-level of " + ID).doesNotContain("Report and numbers");
        Typed fewer = replay("band: 0.6\nstatistics: [kendall]\n", "--generation", "narrow");
        assertThat(fewer.out()).contains("as generation narrow of " + ID);
        int rows = view().path("rows").size();
        int published = (int) StreamSupport.stream(view().path("rows").spliterator(), false)
                .filter(row -> !row.path("comparison").asText().equals("matched-within-rate"))
                .filter(row -> row.path("protocol").asText().equals("probe"))
                .count();
        assertThat(published).isBetween(1, rows);
        try (LocalPipeline pipeline = LocalPipeline.start(folder.resolve("data"), 0, 1)) {
            URI address = pipeline.aggregator().address();
            JsonNode generations = Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(
                            () -> Json.mapper().readTree(get(address, "/api/studies/" + ID + "/generations")),
                            found -> found.size() == 2
                                    && found.get(1).path("rows").size() == rows);
            assertThat(generations.get(1).path("name").asText()).isEqualTo("narrow");
            assertThat(generations.get(1).path("rows"))
                    .allSatisfy(
                            row -> assertThat(row.path("statistic").asText()).isEqualTo("kendall"));
            String metrics = Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> get(address, "/metrics"), text -> text.contains("question=\"narrow\""));
            assertThat(metrics.lines().filter(line -> line.startsWith("basin_correlation_info{")))
                    .anyMatch(line -> line.contains("question=\"live\""))
                    .filteredOn(line -> line.contains("question=\"narrow\""))
                    .hasSize(published);
            assertThat(metrics.lines().filter(line -> line.startsWith("basin_answer_info{")))
                    .hasSize(3)
                    .anyMatch(line -> line.contains("question=\"first-level\""));
            JsonNode shown = Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(
                            () -> Json.mapper().readTree(get(address, "/api/studies/" + ID)),
                            found -> found.path("asked").size() == 2);
            assertThat(shown.at("/asked/0/question").asText()).isEqualTo("minRuns: 4\n");
            assertThat(shown.at("/asked/1/name").asText()).isEqualTo("narrow");
            assertThat(shown.at("/asked/1/headline").asText())
                    .isEqualTo(view().path("headline").asText());
            assertThat(shown.at("/asked/1/row/statistic").asText()).isEqualTo("kendall");
            noMoreThanTenAnswersArePublished(pipeline.endpoint());
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() ->
                            pipeline.aggregator().view(ID).map(StudyView::state).equals(Optional.of("done")));
        }
    }

    private static void noMoreThanTenAnswersArePublished(KafkaEndpoint endpoint) throws Exception {
        StudyView none = Replay.read(endpoint, Optional.empty(), (read, all) -> {})
                .answer(ID, QuestionSpec.OWN)
                .view();
        for (int i = 3; i <= 10; i++) {
            assertThat(Generations.publish(endpoint, none, "answer-" + i, "")).isPositive();
        }
        assertThatThrownBy(() -> Generations.publish(endpoint, none, "answer-11", ""))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--generation is 'answer-11', and 10 answers of this study are published")
                .hasMessageContaining("answer-10, answer-3");
        assertThat(Generations.publish(endpoint, none, "answer-10", "")).isPositive();
    }

    private static String get(URI address, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    @Order(5)
    void howFarWeightsAreApartIsTold() throws Exception {
        StudyPlan.PlannedRun run = StudyPlan.runs(SPEC).getFirst();
        String other = "another-run-of-the-same";
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("data"))) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            try (WorkerContext context = WorkerContext.open(endpoint, "test")) {
                context.view().refresh();
                Event.CheckpointPublished first =
                        context.view().checkpoints(run.runId()).getFirst().event();
                byte[] weights = context.checkpoints().read(run.runId(), first.step());
                // A bit of the last weight's significand.
                weights[weights.length - 2] ^= 0x40;
                BlobLocation place = ChunkedBlobs.write(
                        context.writer(),
                        Topic.WEIGHTS.topicName(),
                        CheckpointReader.name(other, first.step()),
                        weights,
                        ChunkedBlobs.Keys.BY_BLOB,
                        Map.of());
                Event.RunDeclared declared = context.view().run(run.runId()).orElseThrow();
                context.events()
                        .writeAcked(
                                new Event.RunDeclared(
                                        declared.studyId(),
                                        other,
                                        999,
                                        "another",
                                        declared.spec(),
                                        declared.parameters()),
                                Map.of());
                context.events()
                        .writeAcked(
                                new Event.CheckpointPublished(
                                        other,
                                        first.step(),
                                        first.ordinal(),
                                        first.triggers(),
                                        first.excess(),
                                        first.lossNats(),
                                        first.weightNorm(),
                                        new Weights(place.bytes(), place.chunks(), place.sha256(), "safetensors")),
                                place.headers());
            }
        }
        Typed again = basin("reproduce", other, "--data", data());
        assertThat(again.status()).as(again.out() + again.error()).isEqualTo(1);
        assertThat(again.out())
                .containsPattern("the weights' SHA-256 is [0-9a-f]{64}, in the record [0-9a-f]{64};"
                        + " largest difference of a weight [0-9.e-]+, of all together [0-9.e-]+ of their norm");
    }

    @Test
    @Order(6)
    void whatIsDifferentOrGoneIsTold() throws Exception {
        StudyPlan.PlannedRun run = StudyPlan.runs(SPEC).getFirst();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("data"))) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            try (WorkerContext context = WorkerContext.open(endpoint, "test");
                    Admin admin =
                            Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
                context.view().refresh();
                Event.CheckpointPublished last =
                        context.view().checkpoints(run.runId()).getLast().event();
                // A forged record of a loss.
                context.events()
                        .writeAcked(
                                new Event.LossMeasured(
                                        run.runId(),
                                        last.step() - 1,
                                        1,
                                        true,
                                        last.lossNats(),
                                        last.excess(),
                                        1,
                                        1,
                                        Optional.of(last.excess()),
                                        1,
                                        1),
                                Map.of());
                Map<TopicPartition, RecordsToDelete> all = new java.util.HashMap<>();
                admin.describeTopics(List.of(Topic.WEIGHTS.topicName())).allTopicNames().get().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .forEach(partition -> all.put(
                                new TopicPartition(Topic.WEIGHTS.topicName(), partition.partition()),
                                RecordsToDelete.beforeOffset(-1)));
                admin.deleteRecords(all).all().get();
            }
        }
        Typed again = basin("reproduce", run.runId(), "--data", data());
        assertThat(again.status()).as(again.out() + again.error()).isEqualTo(1);
        assertThat(again.out())
                .contains("step 119: full loss in the record, and none here")
                .contains("1 difference.");
        Typed measured = replay("runs: {ids: [" + run.runId() + "]}\n", "--measure", "paired,seed=8");
        assertThat(measured.status()).as(measured.error()).isZero();
        assertThat(measured.all())
                .contains("Not measured again: run " + run.runId())
                .contains("The log");
        assertThat(Files.readString(out.resolve("answer/report.html"))).contains("Not measured again: run ");
    }
}
