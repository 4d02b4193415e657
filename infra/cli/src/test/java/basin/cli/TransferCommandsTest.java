package basin.cli;

import static basin.cli.Typed.at;
import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.AggregatorService;
import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.LocalPipeline;
import basin.language.GrammarFile;
import basin.language.study.Languages;
import basin.log.KafkaEndpoint;
import basin.log.LogScan;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.blob.ChunkedBlobs;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.Topic;
import basin.service.CheckpointReader;
import basin.service.RecordView;
import basin.service.ServiceConfig;
import basin.service.WorkerContext;
import basin.study.Ids;
import basin.study.Json;
import basin.study.RunSpec;
import basin.study.Sha256;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a study's record survives an export and an import unchanged, and that invalid files
 * are refused.
 */
@ExtendWith(RunStudies.Resolver.class)
class TransferCommandsTest {
    @TempDir
    private static Path folder;

    private static StudySpec study;
    private static StudyView expected;
    private static Path file;

    @BeforeAll
    static void aStudyIsDoneAndExported(RunStudies studies) throws Exception {
        study = StudyFile.parse(RunStudies.twoRuns(), "study");
        file = folder.resolve("tiny.basin.zip");
        studies.copy(RunStudies.twoRuns(), folder);
        Path data = folder.resolve("data");
        try (LocalPipeline pipeline = LocalPipeline.start(data, 0, 2)) {
            expected = done(pipeline.aggregator());
            // From the run's folder, while it is running.
            basin("export", "--study", "tiny", "--data", data.toString(), "--out", file.toString())
                    .says(Ids.study(study) + " is in " + file, "basin.weights", "weights of 6 of 6 checkpoints");
        }
        Path again = folder.resolve("again.zip");
        basin("export", "--study", Ids.study(study), "--data", data.toString(), "--out", again.toString());
        assertThat(again).as("the same log gives the same file").hasSameBinaryContentAs(file);
        Path light = folder.resolve("light.zip");
        basin("export", "--without-weights", "--study", "tiny", "--data", data.toString(), "--out", light.toString())
                .says("weights of 0 of 6 checkpoints");
        assertThat(light.toFile().length()).isLessThan(file.toFile().length());
        basin("export", "--study", "tiny", "--data", data.toString(), "--out", light.toString())
                .refused("exists already");
        basin("export", "--study", "none", "--data", data.toString(), "--out", again + "2")
                .refused("There is no study 'none' in the record: give one of " + Ids.study(study));
        basin(
                        "export",
                        "--study",
                        "tiny",
                        "--data",
                        data.toString(),
                        "--out",
                        folder.resolve("x/y").toString())
                .refused("lies in a folder that does not exist");
    }

    private static StudyView done(AggregatorService aggregator) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(4))
                .until(
                        () -> aggregator
                                .view(Ids.study(study))
                                .filter(view -> view.state().equals("done")),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static void showsTheSame(KafkaEndpoint endpoint) throws Exception {
        try (AggregatorService aggregator =
                AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint)) {
            // A study may be done before its last losses are read, because the record is read from
            // its beginning.
            StudyView view = Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(
                            () -> aggregator
                                    .wholeView(Ids.study(study))
                                    .filter(one -> one.revision().equals(expected.revision())),
                            Optional::isPresent)
                    .orElseThrow();
            assertThat(Json.canonical(view)).isEqualTo(Json.canonical(expected));
            assertThat(ResultTable.of(view)).isEqualTo(ResultTable.of(expected));
        }
    }

    @Test
    void aCheckpointBecomesAFolderOfItsOwn() throws Exception {
        String data = folder.resolve("data").toString();
        String run = StudyPlan.runs(study).getFirst().runId();
        Path to = Files.createDirectory(folder.resolve("model"));
        basin("export", run, "120", "--data", data, "--out", to.toString())
                .says("Run " + run, "at step 120 is in " + to, "excess loss");
        assertThat(to)
                .isDirectoryContaining("glob:**model.safetensors")
                .isDirectoryContaining("glob:**config.json")
                .isDirectoryContaining("glob:**tokenizer.json")
                .isDirectoryContaining("glob:**tokenizer_config.json");
        assertThat(GrammarFile.parse(Files.readString(to.resolve("language.json")))
                        .grammar())
                .isEqualTo(Languages.grammar(study.language(), "the test").grammar());
        JsonNode about = Json.mapper().readTree(to.resolve("basin.json").toFile());
        assertThat(about.path("run").asText()).isEqualTo(run);
        assertThat(about.path("step").asInt()).isEqualTo(120);
        assertThat(about.path("optimum").path("stderr").asDouble()).isZero();
        assertThat(about.path("loss").path("value").asDouble())
                .isCloseTo(
                        about.path("crossEntropy").asDouble()
                                - about.path("optimum").path("value").asDouble(),
                        within(1e-9));
        assertThat(about.path("flatness")).hasSize(4);
        assertThat(Json.mapper().treeToValue(about.path("spec"), RunSpec.class).size())
                .isEqualTo(study.sizes().getFirst());
        basin("export", run, "120", "--data", data, "--out", to.toString()).refused("is no empty folder");
        String elsewhere = folder.resolve("model2").toString();
        basin("export", run, "61", "--data", data, "--out", elsewhere)
                .refused("has no checkpoint at step 61: give one of ");
        basin("export", "r-none", "120", "--data", data, "--out", elsewhere).refused("There is no run 'r-none'");
        assertThat(Path.of(elsewhere)).doesNotExist();
    }

    @Test
    void aCheckpointAndAStudyAreNotExportedAtOnce() {
        String both = ": give either --study STUDY, or RUN and STEP of one checkpoint.";
        basin("export", "--out", "x").refused("export was given neither a study nor a checkpoint" + both);
        basin("export", "r", "--out", "x").refused("export was given the run r" + both);
        basin("export", "r", "7", "--study", "s", "--out", "x")
                .refused("export was given --study s and the run r and the step 7" + both);
        basin("export", "r", "7", "--without-weights", "--out", "x").refused("--without-weights is given with");
        basin("export", "r", "seven", "--out", "x").refused("STEP is 'seven': give a whole number");
    }

    @Test
    void anEmptyKafkaShowsTheSameAndHoldsTheWeights(@TempDir Path other) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(other)) {
            String kafka = broker.bootstrapServers();
            KafkaEndpoint endpoint = KafkaEndpoint.of(kafka);
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            // So that the imported chunks get other offsets.
            try (LogWriter writer = LogWriter.open(endpoint, "test")) {
                for (int i = 0; i < 20; i++) {
                    writer.writeAcked(Topic.WEIGHTS.topicName(), "other/" + i, new byte[] {1}, Map.of("of", "nobody"));
                }
            }
            at(kafka, "import", file.toString())
                    .says("is whole", "weights of 6 of 6 checkpoints", Ids.study(study) + " is imported");
            showsTheSame(endpoint);
            long records = records(endpoint);
            assertThat(at(kafka, "import", file.toString()).lines())
                    .filteredOn(line -> line.startsWith("  basin."))
                    .hasSize(8)
                    .allSatisfy(line -> assertThat(line).contains(" 0 records written"));
            assertThat(records(endpoint)).isEqualTo(records);
            showsTheSame(endpoint);
            weightsAreThere(endpoint);
            at(kafka, "status").says("done");
        }
    }

    private static long records(KafkaEndpoint endpoint) {
        long[] records = new long[1];
        try (LogScan scan = endpoint.scan("test")) {
            for (Topic topic : Topic.values()) {
                if (topic != Topic.CORRELATION) {
                    scan.read(topic.topicName(), record -> records[0]++);
                }
            }
        }
        return records[0];
    }

    /** Reads the weights from where the headers say, and by a search if there are no headers. */
    private static void weightsAreThere(KafkaEndpoint endpoint) throws Exception {
        try (WorkerContext context = WorkerContext.open(endpoint, "test")) {
            context.view().refresh();
            ChunkedBlobs blobs = new ChunkedBlobs(endpoint);
            CheckpointReader reader = new CheckpointReader(context.view(), blobs);
            for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
                assertThat(context.view().checkpoints(run.runId())).hasSize(3);
                for (RecordView.StoredCheckpoint checkpoint : context.view().checkpoints(run.runId())) {
                    assertThat(checkpoint.headers()).containsKey("basin_blob_first_offset");
                    byte[] read = reader.read(run.runId(), checkpoint.event().step());
                    assertThat(Sha256.hex(read))
                            .isEqualTo(checkpoint.event().weights().sha256());
                }
            }
        }
    }

    @Test
    void aFolderIsBegunAndAnImportThatWasCutShortIsMadeUp(@TempDir Path other) throws Exception {
        Path data = other.resolve("data");
        try (EmbeddedBroker broker = EmbeddedBroker.start(data)) {
            // Simulates an import that ended after its first record, and a record half of which
            // came from elsewhere.
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            try (LogWriter writer = LogWriter.open(endpoint, "test")) {
                Event submitted = new Event.StudySubmitted(study);
                writer.writeAcked(
                        submitted.topic().topicName(), submitted.key(), EventCodec.encode(submitted), Map.of());
            }
        }
        basin("import", file.toString(), "--data", data.toString())
                .says("basin.study        0 records written, 1 were there", "is imported");
        basin("status", "--data", data.toString()).says("done");
        try (EmbeddedBroker broker = EmbeddedBroker.start(data)) {
            showsTheSame(KafkaEndpoint.of(broker.bootstrapServers()));
        }
        Path light = other.resolve("light");
        basin("import", folder.resolve("light.zip").toString(), "--data", light.toString())
                .says("weights of 0 of 6 checkpoints");
        try (EmbeddedBroker broker = EmbeddedBroker.start(light)) {
            showsTheSame(KafkaEndpoint.of(broker.bootstrapServers()));
        }
    }

    @Test
    void aFileThatWasCutOrChangedIsRefusedBeforeAnythingIsWritten(@TempDir Path other) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        Path bad = other.resolve("bad.zip");
        String data = other.resolve("data").toString();
        // Damages every part of the archive: headers, members, directory, checksum.
        for (int i = 0; i < 40; i++) {
            byte[] changed = whole.clone();
            changed[(int) ((whole.length - 1L) * i / 39)] ^= 0x10;
            Files.write(bad, changed);
            basin("import", bad.toString(), "--data", data).refused(bad + " ");
            Files.write(bad, Arrays.copyOf(whole, whole.length * i / 40));
            basin("import", bad.toString(), "--data", data).refused("cut short or no record");
        }
        basin("import", other.resolve("none").toString(), "--data", data).refused("is no file");
        basin("import", other.toString(), "--data", data).refused("is no file");
        assertThat(Path.of(data)).doesNotExist();
    }

    /** Correct checksums do not make a forged file acceptable. */
    @Test
    void aFileThatClaimsWhatCannotBeIsRefused(@TempDir Path other) throws Exception {
        String data = other.resolve("data").toString();
        Path bad = other.resolve("bad.zip");
        Map<String, byte[]> members = members();

        write(bad, manifest(members, root -> root.put("version", 2)));
        basin("import", bad.toString(), "--data", data).refused("has version 2 of the format");
        write(bad, manifest(members, root -> root.put("format", "tar")));
        basin("import", bad.toString(), "--data", data).refused("has the format 'tar'");
        write(bad, manifest(members, root -> root.put("records", 7)));
        basin("import", bad.toString(), "--data", data).refused("whose sums do not agree");
        write(bad, manifest(members, root -> root.put("studyId", "other-00000000")));
        basin("import", bad.toString(), "--data", data).refused("does not hold the study that it names");
        write(bad, manifest(members, root -> ((ObjectNode) root.path("members").path(0)).put("bytes", 1L << 50)));
        basin("import", bad.toString(), "--data", data).refused("no record packs like that");

        Map<String, byte[]> more = new LinkedHashMap<>(members);
        more.put("records/../../escape", new byte[1]);
        write(bad, more);
        basin("import", bad.toString(), "--data", data).refused("has more members than a record has topics");

        // 100 MiB of zeros, highly compressed, with a truthful manifest.
        Map<String, byte[]> bomb = new LinkedHashMap<>(members);
        bomb.put("records/basin.loss.jsonl", new byte[100 << 20]);
        write(bad, resummed(bomb));
        basin("import", bad.toString(), "--data", data).refused("no record packs like that");

        Map<String, byte[]> stranger = new LinkedHashMap<>(members);
        String losses = new String(members.get("records/basin.loss.jsonl"), StandardCharsets.UTF_8);
        String run = StudyPlan.runs(study).getFirst().runId();
        stranger.put(
                "records/basin.loss.jsonl",
                losses.replace(run, "0123456789abcdef").getBytes(StandardCharsets.UTF_8));
        write(bad, resummed(stranger));
        basin("import", bad.toString(), "--data", data).refused("that is not one of study");

        Map<String, byte[]> tomorrow = new LinkedHashMap<>(members);
        tomorrow.put(
                "records/basin.loss.jsonl",
                losses.replace("\\\"LossMeasured\\\"", "\\\"LossGuessed\\\"").getBytes(StandardCharsets.UTF_8));
        write(bad, resummed(tomorrow));
        basin("import", bad.toString(), "--data", data).refused("that this program cannot read");

        Map<String, byte[]> endless = new LinkedHashMap<>(members);
        byte[] weights =
                Objects.requireNonNull(members.get("records/basin.weights.bin")).clone();
        weights[0] = 0x7f;
        endless.put("records/basin.weights.bin", weights);
        write(bad, resummed(endless));
        basin("import", bad.toString(), "--data", data).refused("where at most");

        assertThat(Path.of(data)).doesNotExist();
        // A correct file made in the same way is accepted.
        write(bad, resummed(members));
        basin("import", bad.toString(), "--data", data).says("is imported");
    }

    private static Map<String, byte[]> members() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                members.put(entry.getName(), zip.readAllBytes());
            }
        }
        return members;
    }

    @FunctionalInterface
    private interface Change {
        void on(ObjectNode manifest);
    }

    private static Map<String, byte[]> manifest(Map<String, byte[]> members, Change change) throws IOException {
        Map<String, byte[]> changed = new LinkedHashMap<>(members);
        ObjectNode root = (ObjectNode) Json.mapper().readTree(members.get("manifest.json"));
        change.on(root);
        changed.put("manifest.json", Json.canonical(root));
        return changed;
    }

    /** Returns the members with a matching manifest. */
    private static Map<String, byte[]> resummed(Map<String, byte[]> members) throws IOException {
        return manifest(members, root -> {
            StringBuilder sums = new StringBuilder();
            long bytes = 0;
            for (var one : root.path("members")) {
                ObjectNode member = (ObjectNode) one;
                byte[] content =
                        Objects.requireNonNull(members.get(member.path("name").asText()));
                member.put("bytes", content.length).put("sha256", Sha256.hex(content));
                bytes += content.length;
                sums.append(Sha256.hex(content))
                        .append("  ")
                        .append(member.path("name").asText())
                        .append('\n');
            }
            root.put("bytes", bytes).put("sha256", Sha256.hex(sums.toString().getBytes(StandardCharsets.UTF_8)));
        });
    }

    /** Writes an archive with its checksum at the end, as an export does. */
    private static void write(Path target, Map<String, byte[]> members) throws IOException {
        try (OutputStream out = Files.newOutputStream(target);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                zip.putNextEntry(new ZipEntry(member.getKey()));
                zip.write(member.getValue());
                zip.closeEntry();
            }
            zip.setComment("sha256:" + "0".repeat(64));
        }
        byte[] bytes = Files.readAllBytes(target);
        byte[] before = Arrays.copyOf(bytes, bytes.length - 71);
        byte[] sum = ("sha256:" + Sha256.hex(before)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(sum, 0, bytes, before.length, sum.length);
        Files.write(target, bytes);
    }
}
