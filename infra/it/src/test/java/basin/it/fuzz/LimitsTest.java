package basin.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.blob.Chunk;
import basin.network.folder.FolderModel;
import basin.record.MalformedEventException;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.study.Refusal;
import basin.study.Seeds;
import basin.study.file.StudyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that every limit on input holds just below and just above, and that infra/docs/limits.md
 * tells the limits that the code has.
 */
class LimitsTest {
    private static final Path HOME = Path.of(System.getProperty("basin.home", ".."));

    @TempDir
    private static Path folder;

    private static FuzzTargets targets;
    private static Map<String, FuzzTarget> readers;

    /** A call with an input of a size or number. */
    @FunctionalInterface
    private interface Call {
        void of(int size) throws Exception;
    }

    /**
     * A limit.
     *
     * @param row beginning of its row in the document
     * @param constant its constant: package, class and field
     * @param call a call with an input of a given size
     * @param says what is said above the limit and not at it
     */
    private record Limit(String row, String constant, Call call, String says) {}

    @BeforeAll
    static void readers() throws IOException {
        targets = new FuzzTargets(folder);
        readers = targets.all().stream().collect(Collectors.toMap(FuzzTarget::name, one -> one));
    }

    @AfterAll
    static void close() {
        targets.close();
    }

    private static long constant(String name) throws ReflectiveOperationException {
        int dot = name.lastIndexOf('.');
        Field field = Class.forName("basin." + name.substring(0, dot)).getDeclaredField(name.substring(dot + 1));
        field.setAccessible(true);
        return ((Number) field.get(null)).longValue();
    }

    private static FuzzTarget reader(String name) {
        return Objects.requireNonNull(readers.get(name));
    }

    private static Call reads(String reader, IntFunction<byte[]> input) {
        return size -> reader(reader).reader().read(input.apply(size));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a text with blanks, or what else makes no difference, to a given length. */
    private static IntFunction<byte[]> padded(String text, char by) {
        byte[] begin = bytes(text);
        return size -> {
            byte[] all = Arrays.copyOf(begin, size);
            Arrays.fill(all, begin.length, size, (byte) by);
            return all;
        };
    }

    /** Returns a valid input of a reader with blanks to a given length. */
    private static IntFunction<byte[]> padded(String reader) {
        return size -> padded(new String(reader(reader).corpus().getFirst(), StandardCharsets.UTF_8), ' ')
                .apply(size);
    }

    private static byte[] nested(String before, int levels) {
        return bytes(before + "[".repeat(levels) + "]".repeat(levels) + (before.startsWith("{") ? "}" : ""));
    }

    private static String list(int count, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(",", "[", "]"));
    }

    private static IntFunction<byte[]> grammar(String field) {
        return size -> bytes("{\"start\":\"S\",\"maxLength\":" + (field.equals("maxLength") ? size : 2)
                + ",\"nonTerminals\":"
                + list(field.equals("nonTerminals") ? size : 1, i -> i == 0 ? "\"S\"" : "\"N" + i + "\"")
                + ",\"words\":" + list(field.equals("words") ? size : 1, i -> "\"w" + i + "\"")
                + ",\"rules\":"
                + list(field.equals("rules") ? size : 1, i -> "{\"from\":\"X\",\"to\":[\"w0\"],\"probability\":1}")
                + "}");
    }

    private static IntFunction<byte[]> config(String field) {
        return size -> bytes(new String(reader("config").corpus().getLast(), StandardCharsets.UTF_8)
                .replaceAll("(\"" + field + "\": *)[0-9]+", "$1" + size));
    }

    private static byte[] tensors(String header, int data) {
        byte[] text = bytes(header);
        return ByteBuffer.allocate(8 + text.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    /** Reads a model in a number of files, each with a tensor. */
    private static void shards(int count) throws IOException {
        Path own = Files.createDirectories(folder.resolve("shards"));
        Files.write(own.resolve("config.json"), reader("config").corpus().getLast());
        List<String> map = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Files.write(
                    own.resolve("s" + i),
                    tensors("{\"t" + i + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4));
            map.add("\"t" + i + "\":\"s" + i + "\"");
        }
        Files.writeString(
                own.resolve("model.safetensors.index.json"), "{\"weight_map\":{" + String.join(",", map) + "}}");
        FolderModel.open(own);
    }

    /** Reads a study about a text of a given length. */
    private static void dataFile(int size) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("text/sentences.txt").toFile(), "rw")) {
            long before = file.length();
            file.setLength(size);
            StudyFile.read(Files.copy(HOME.resolve("studies/text.yaml"), folder.resolve("of-size-" + size + ".yaml")));
            file.setLength(before);
        }
    }

    private static byte[] member(Topic topic, byte[] content) throws IOException {
        List<byte[]> members = FuzzTargets.members(targets.archive());
        return FuzzTargets.prefixed(topic == Topic.STUDY ? 0 : members.size() - 1, content);
    }

    private static void manifest(int size) throws Exception {
        byte[] manifest = FuzzTargets.members(targets.archive()).getLast();
        byte[] longer = Arrays.copyOfRange(manifest, 1, size + 1);
        Arrays.fill(longer, manifest.length - 1, size, (byte) ' ');
        reader("archived").reader().read(member(Topic.SNAPSHOT, longer));
    }

    private static void line(int size) throws Exception {
        RandomGenerator random = Seeds.generator(1, "line");
        byte[] line = new byte[size + 1];
        for (int i = 0; i < size; i++) {
            line[i] = (byte) ('a' + random.nextInt(26));
        }
        line[size] = '\n';
        reader("archived").reader().read(member(Topic.STUDY, line));
    }

    private static void directory(int size) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            // Each takes its name and 46 bytes.
            for (int name : new int[] {20_000, size - 20_000 - 2 * 46}) {
                zip.putNextEntry(new ZipEntry("x".repeat(name)));
                zip.closeEntry();
            }
            zip.setComment("sha256:" + "0".repeat(64));
        }
        targets.imported(FuzzTargets.sealed(out.toByteArray()));
    }

    private static void chunks(int count) {
        Map<String, String> headers = Map.of(
                RecordHeaders.CHUNK_BLOB, "blob",
                RecordHeaders.CHUNK_INDEX, "0",
                RecordHeaders.CHUNK_COUNT, String.valueOf(count),
                RecordHeaders.BLOB_BYTES, "10",
                RecordHeaders.BLOB_SHA256, "0".repeat(64));
        Chunk _ = Chunk.of(new LogRecord(new LogPosition("weights", 0, 1), "blob", new byte[1], false, headers, 0))
                .orElseThrow(() -> new Refusal("It is no chunk."));
    }

    private static byte[] batch(int size) {
        int value = size - 100;
        int more = size - records(0, value).length;
        // Another follows, because a last batch that is not whole is one that a stop cut off.
        byte[] two = concat(records(0, value + more), records(1, 1));
        return FuzzTargets.prefixed(FuzzTargets.TOPICS.indexOf(Topic.LOSS), two);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] records(long offset, int value) {
        ByteBuffer buffer = MemoryRecords.withRecords(offset, Compression.NONE, new SimpleRecord(new byte[value]))
                .buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void answered(String request) throws IOException {
        String answers = targets.answers(bytes(request));
        if (answers.contains(" 414 ") || answers.contains(" 431 ")) {
            throw new Refusal(answers.lines().findFirst().orElse(""));
        }
    }

    private static byte[] state(int reached) {
        return ByteBuffer.allocate(100)
                .putInt(0x42534e31)
                .putInt(1)
                .putLong(1)
                .putInt(1)
                .putInt(reached)
                .array();
    }

    private static List<Limit> limits() {
        return List.of(
                new Limit(
                        "study", "study.file.StudyFile.MAX_BYTES", reads("study", padded("study")), "at most 1000000"),
                new Limit(
                        "study",
                        "study.file.StudyFile.MAX_BYTES",
                        reads("manifest", padded("manifest")),
                        "at most 1000000"),
                new Limit(
                        "study",
                        "study.file.StudyFile.MAX_BYTES",
                        reads("analysis", padded("analysis")),
                        "at most 1000000"),
                new Limit(
                        "study",
                        "study.file.YamlTree.MAX_DEPTH",
                        reads("study", n -> nested("a: ", n)),
                        "more than 64 levels"),
                new Limit(
                        "study",
                        "study.file.YamlTree.MAX_VALUES",
                        reads("study", n -> bytes("a: " + list(n - 1, i -> "1"))),
                        "100000 values"),
                new Limit("text or table", "study.file.DataFiles.MAX_BYTES", LimitsTest::dataFile, "at most 100000000"),
                new Limit(
                        "text or table",
                        "language.text.DataText.MAX_CHARACTERS",
                        reads("table", n -> bytes("sentence\tlabel\n" + "x".repeat(n))),
                        "characters in line 2"),
                new Limit(
                        "text or table",
                        "language.text.DataText.MAX_LINES",
                        reads("table", padded("", '\n')),
                        "more than 5000000 lines"),
                new Limit(
                        "text of a model",
                        "network.folder.TextFile.MAX_LINE_BYTES",
                        reads("lines", padded("", 'x')),
                        "more than 10000000 bytes"),
                new Limit(
                        "grammar",
                        "language.GrammarFile.MAX_CHARACTERS",
                        reads("grammar", padded("grammar")),
                        "at most 10000000"),
                new Limit(
                        "grammar",
                        "study.Json.MAX_DEPTH",
                        reads("grammar", n -> nested("{\"a\":", n - 1)),
                        "more than 64 levels"),
                new Limit(
                        "grammar",
                        "language.GrammarFile.MAX_SYMBOLS",
                        reads("grammar", grammar("nonTerminals")),
                        "at most 2000"),
                new Limit(
                        "grammar",
                        "language.GrammarFile.MAX_WORDS",
                        reads("grammar", grammar("words")),
                        "at most 50000"),
                new Limit(
                        "grammar", "language.GrammarFile.MAX_RULES", reads("grammar", grammar("rules")), "1 to 200000"),
                new Limit(
                        "grammar",
                        "language.GrammarFile.MAX_LENGTH",
                        reads("grammar", grammar("maxLength")),
                        "from 1 to 512"),
                new Limit(
                        "JSON of a model",
                        "network.folder.FolderJson.MAX_BYTES",
                        reads("config", padded("config")),
                        "at most 100000000"),
                new Limit(
                        "JSON of a model",
                        "study.Json.MAX_DEPTH",
                        reads("config", n -> nested("{\"a\":", n - 1)),
                        "more than 64 levels"),
                new Limit(
                        "JSON of a model",
                        "study.Json.MAX_TOKENS",
                        reads("config", n -> bytes("{\"a\":" + "[" + "1,".repeat(n - 6) + "1]}")),
                        "more than 5000000 names"),
                new Limit(
                        "JSON of a model",
                        "network.folder.NetworkConfig.MAX_VOCABULARY",
                        reads("config", config("vocab_size")),
                        "from 1 to 10000000"),
                new Limit(
                        "JSON of a model",
                        "network.folder.NetworkConfig.MAX_WIDTH",
                        reads("config", config("intermediate_size")),
                        "from 1 to 131072"),
                new Limit(
                        "JSON of a model",
                        "network.folder.NetworkConfig.MAX_LAYERS",
                        reads("config", config("num_hidden_layers")),
                        "from 1 to 1000"),
                new Limit(
                        "JSON of a model",
                        "network.folder.TensorStore.MAX_SHARDS",
                        LimitsTest::shards,
                        "more than 1000 files"),
                new Limit(
                        "safetensors",
                        "network.folder.TensorFile.MAX_HEADER_BYTES",
                        reads(
                                "tensors",
                                n -> ByteBuffer.allocate(8 + n)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putLong(n)
                                        .array()),
                        "announces a header of 100000001"),
                new Limit(
                        "safetensors",
                        "network.folder.TensorFile.MAX_DIMENSIONS",
                        reads(
                                "tensors",
                                n -> tensors(
                                        "{\"x\":{\"dtype\":\"F32\",\"shape\":" + list(n, i -> "1")
                                                + ",\"data_offsets\":[0,4]}}",
                                        4)),
                        "no dtype, shape and pair"),
                new Limit(
                        "results",
                        "cli.ingest.HarnessResults.MAX_BYTES",
                        reads("harness", padded("harness")),
                        "at most 100000000"),
                new Limit(
                        "results",
                        "study.Json.MAX_DEPTH",
                        reads("harness", n -> nested("{\"a\":", n - 1)),
                        "more than 64 levels"),
                new Limit(
                        "score table",
                        "cli.ingest.ScoreTable.MAX_BYTES",
                        reads("scores", padded("scores")),
                        "at most 100000000"),
                new Limit(
                        "score table",
                        "cli.ingest.ScoreTable.MAX_ROWS",
                        reads("scores", n -> bytes("run,step,task,score,n\n" + "run-a,20,questions,0.5,9\n".repeat(n))),
                        "more than 1000000 scores"),
                new Limit(
                        "archive",
                        "cli.transfer.RecordFile.MAX_DIRECTORY_BYTES",
                        LimitsTest::directory,
                        "has a directory of 65537 bytes"),
                new Limit(
                        "archive",
                        "cli.transfer.RecordFile.MAX_MANIFEST_BYTES",
                        LimitsTest::manifest,
                        "of more than 1000000 bytes"),
                new Limit(
                        "archive",
                        "cli.transfer.RecordFile.MAX_LINE_BYTES",
                        LimitsTest::line,
                        "a line of more than 8388608 bytes"),
                new Limit("event", "study.Json.MAX_CHARACTERS", reads("event", padded("event")), "longer than 1048576"),
                new Limit("event", "study.Json.MAX_CHARACTERS", reads("item", padded("item")), "longer than 1048576"),
                new Limit(
                        "event",
                        "study.Json.MAX_DEPTH",
                        reads("event", n -> nested("{\"a\":", n - 1)),
                        "maximum allowed (64)"),
                new Limit(
                        "event",
                        "study.Json.MAX_STRING",
                        reads("event", n -> bytes("{\"schema\":1,\"type\":\"" + "x".repeat(n) + "\"}")),
                        "maximum allowed (600000)"),
                new Limit("chunk", "log.blob.Chunk.MAX_CHUNKS", LimitsTest::chunks, "It is no chunk."),
                new Limit(
                        "training state",
                        "trainer.training.TrainingState.MAX_TARGETS",
                        reads("state", LimitsTest::state),
                        "names 10001 targets"),
                new Limit(
                        "segment",
                        "log.segment.SegmentScan.MAX_BATCH_BYTES",
                        reads("segment", LimitsTest::batch),
                        "is damaged"),
                new Limit(
                        "segment",
                        "log.segment.SegmentLog.MAX_OFFSETS_BYTES",
                        reads("offsets", padded("", '\n')),
                        "holds no offsets"),
                new Limit(
                        "settings",
                        "service.ServiceSettings.MAX_FILE_BYTES",
                        reads("settings", padded("settings")),
                        "at most 1000000"),
                new Limit(
                        "HTTP request",
                        "service.ServiceShell.MAX_LINE_BYTES",
                        n -> answered("GET /" + "x".repeat(n - 14) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                        " 414 "),
                new Limit(
                        "HTTP request",
                        "service.ServiceShell.MAX_HEADER_BYTES",
                        n -> answered("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(n - 10) + "\r\n\r\n"),
                        " 431 "));
    }

    private static String refusal(Call call, int size) throws Exception {
        try {
            call.of(size);
            return "";
        } catch (Refusal | MalformedEventException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    void everyLimitHoldsJustBelowAndJustAbove() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Limit limit : limits()) {
            int most = Math.toIntExact(constant(limit.constant()));
            String at = refusal(limit.call(), most);
            String above = refusal(limit.call(), most + 1);
            if (at.contains(limit.says()) || !above.contains(limit.says())) {
                wrong.add(limit.constant() + (at.contains(limit.says()) ? " at it" : " above it"));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void theDocumentTellsTheLimitsOfTheCode() throws Exception {
        List<String> rows = Files.readAllLines(HOME.resolve("docs/limits.md")).stream()
                .filter(line -> line.startsWith("| "))
                .toList();
        List<Limit> all = new ArrayList<>(limits());
        Call none = size -> {};
        all.add(new Limit("snapshot", "aggregator.Snapshots.MAX_BYTES", none, ""));
        all.add(new Limit("text of a model", "network.folder.TextFile.MAX_LINES", none, ""));
        all.add(new Limit("text of a model", "network.folder.TextFile.MAX_TOKENS", none, ""));
        all.add(new Limit("score table", "cli.ingest.ScoreFiles.MAX_DEPTH", none, ""));
        all.add(new Limit("archive", "cli.transfer.RecordFile.MAX_DEPTH", none, ""));
        all.add(new Limit("archive", "cli.transfer.RecordFile.MAX_RATIO", none, ""));
        all.add(new Limit("HTTP request", "service.ServiceShell.MAX_CONNECTIONS", none, ""));
        all.add(new Limit("ports", "cli.broker.DataFolder.MAX_PORTS_BYTES", none, ""));
        all.add(new Limit("weights", "network.Weights.MAX_HEADER_BYTES", none, ""));
        for (Limit limit : all) {
            String value = String.format(Locale.ROOT, "%,d", constant(limit.constant()));
            assertThat(rows)
                    .as(limit.constant())
                    .filteredOn(row -> row.startsWith("| " + limit.row()))
                    .singleElement()
                    .asString()
                    .containsPattern("(?<![0-9,])" + value + "(?!,?[0-9])");
        }
    }
}
