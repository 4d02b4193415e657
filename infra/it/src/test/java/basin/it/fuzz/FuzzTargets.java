package basin.it.fuzz;

import basin.aggregator.PageServer;
import basin.aggregator.Replay;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.FoldImage;
import basin.cli.ingest.IngestReaders;
import basin.cli.ingest.ManifestProposal;
import basin.cli.transfer.StudyExport;
import basin.cli.transfer.StudyImport;
import basin.language.GrammarFile;
import basin.language.Grammars;
import basin.language.export.DecoderFolder;
import basin.language.text.LineTokenizer;
import basin.language.text.TextLanguage;
import basin.language.text.TextTable;
import basin.log.LogScan;
import basin.log.blob.Chunk;
import basin.log.segment.SegmentLog;
import basin.network.DecoderShape;
import basin.network.RecurrentShape;
import basin.network.Weights;
import basin.network.folder.FolderModel;
import basin.network.folder.TextFile;
import basin.network.folder.TextTokenizer;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.Topic;
import basin.record.work.WantedMeasurements;
import basin.record.work.WorkItem;
import basin.service.ServiceConfig;
import basin.service.ServiceSettings;
import basin.service.ServiceShell;
import basin.service.StoredRecord;
import basin.study.LanguageSpec;
import basin.study.Objective;
import basin.study.Sha256;
import basin.study.StudySpec;
import basin.study.TableSpec;
import basin.study.file.DataFiles;
import basin.study.file.IngestFile;
import basin.study.file.QuestionFile;
import basin.study.file.StudyFile;
import basin.trainer.training.TrainingState;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * All readers of input from outside. A later reader joins with one line in {@link #all}. Not
 * thread-safe.
 */
final class FuzzTargets implements AutoCloseable {
    static final List<Topic> TOPICS = List.of(Topic.values());

    private static final Path HOME = Path.of(System.getProperty("basin.home", ".."));
    private static final Path MODELS = HOME.resolve("network/src/test/resources/basin/network/folder");
    private static final Path EVENTS = HOME.resolve("record/src/test/resources/basin/record");
    private static final String TOKENS = "the cat runs\na b c\n";

    private static final String MANIFEST = """
        study: mine
        text: held-out.txt
        sentences: 640
        seed: 5
        steps: 20
        sizes: [{name: tiny, width: 8, layers: 2, heads: 2, intermediate: 0}]
        runs:
          - {name: run-a, size: tiny, algorithm: muon, learningRate: 0.01, seed: 1}
          - {name: run-b, size: tiny, algorithm: adamw, learningRate: 0.02, seed: 1}
        flatness: [{estimator: hessian.split, pairs: 40, batch: 16, seed: 3}]
        tasks: [{name: questions, baseline: 0.5}, {name: answers}]
        analysis: {match: [3.0], band: 10, minRuns: 3, permutations: 99, resamples: 100, confidence: 0.95, seed: 1}
        platform: {device: cpu, dtype: float32}
        """;

    private static final String HARNESS = """
        {"results": {"questions": {"alias": "questions", "acc,none": 0.5, "acc_stderr,none": 0.025},
                     "answers": {"acc,none": 1, "acc_stderr,none": 0.02}},
         "n-samples": {"questions": {"original": 400, "effective": 400}},
         "config": {"model": "hf", "model_args": "pretrained=/models/run-a/step-20,dtype=float32"},
         "model_name": "/models/run-a/step-20"}
        """;

    private static final RecurrentShape SHAPE = new RecurrentShape(4, 3, 2, 1);

    private final Path folder;
    private final IngestFile.Manifest manifest;
    private final Path record;
    private final PageServer page;
    private final ServiceShell shell;
    private int files;

    /**
     * Prepares valid inputs.
     *
     * @param folder an empty folder for the files that are read
     */
    FuzzTargets(Path folder) throws IOException {
        this.folder = folder;
        this.manifest = IngestFile.read(Files.writeString(folder.resolve("basin.yaml"), MANIFEST));
        this.record = Files.createDirectories(folder.resolve("record"));
        RecordFolder.write(record, events(), items());
        for (String file : List.of("sentences.txt", "days-train.tsv", "days-dev.tsv")) {
            Path in = Files.createDirectories(folder.resolve("text")).resolve(file);
            Files.write(
                    in,
                    Files.readAllLines(HOME.resolve("studies/text").resolve(file))
                            .subList(0, 60));
        }
        this.page = PageServer.start();
        page.show(PageServer.view(events().stream()
                .filter(event -> event.topic() != Topic.CORRELATION)
                .toList()));
        this.shell = ServiceShell.start(ServiceConfig.onLoopback("fuzzed", 0), page::addTo);
    }

    private void proposal(byte[] config) throws IOException {
        Path runs = folder.resolve("proposed");
        Files.write(Files.createDirectories(runs.resolve("run-a/step-1")).resolve("config.json"), config);
        String _ = ManifestProposal.of(runs);
    }

    /** Returns all readers. */
    List<FuzzTarget> all() throws IOException {
        List<byte[]> studies = files(HOME.resolve("studies"), ".yaml");
        studies.addAll(files(HOME.resolve("cli/src/test/resources"), ".yaml"));
        List<byte[]> events = lines(EVENTS.resolve("events-v1.jsonl"), EVENTS.resolve("events-v1-added.jsonl"));
        Path roberta = MODELS.resolve("roberta");
        byte[] archive = archive();
        return List.of(
                new FuzzTarget("study", studies, in -> StudyFile.read(file("study.yaml", in))),
                new FuzzTarget(
                        "analysis",
                        files(HOME.resolve("studies/questions"), ".yaml"),
                        in -> QuestionFile.parse(QuestionFile.text(file("analysis.yaml", in)), "analysis.yaml")),
                new FuzzTarget(
                        "manifest",
                        texts(MANIFEST),
                        in -> IngestFile.read(file("manifest.yaml", in)).study("0".repeat(64), "cpu")),
                new FuzzTarget(
                        "grammar",
                        texts(GrammarFile.format(Grammars.tree(2, 3, 2, 6, 1).grammar())),
                        in -> GrammarFile.read(file("grammar.json", in))),
                new FuzzTarget(
                        "settings",
                        texts("kafka.bootstrap = kafka:9092\nhttp.port=8080\nslots: 2\nlog.format json\n"),
                        in -> ServiceSettings.read(
                                "trainer",
                                0,
                                Map.of(
                                        "BASIN_CONFIG",
                                        file("basin.properties", in).toString()))),
                new FuzzTarget("table", files(folder.resolve("text"), ".tsv"), this::table),
                new FuzzTarget("text", files(folder.resolve("text"), ".txt"), this::text),
                new FuzzTarget("config", configs(), in -> model(roberta, "config.json", in)),
                new FuzzTarget("tensors", files(roberta, ".safetensors"), in -> model(roberta, WEIGHTS, in)),
                new FuzzTarget("layouts", layouts(), this::layout),
                new FuzzTarget(
                        "index",
                        files(MODELS.resolve("bert"), ".index.json"),
                        in -> model(MODELS.resolve("bert"), "model.safetensors.index.json", in)),
                new FuzzTarget("tokenizer", texts(tokenizer()), this::tokenizer),
                new FuzzTarget("lines", texts("w1 w2 w3\nw4 w5\n\n", TOKENS), this::lines),
                new FuzzTarget(
                        "harness",
                        texts(HARNESS, HARNESS.replace("acc,none", "acc").replace("acc_stderr,none", "acc_stderr")),
                        in -> IngestReaders.scores(file("results.json", in), manifest)),
                new FuzzTarget("scores", texts("""
                    run,step,task,score,stderr,n
                    run-a,20,questions,0.5,,400
                    "run-b",10,answers,1,0.02,
                    """), in -> IngestReaders.scores(file("scores.csv", in), manifest)),
                new FuzzTarget("checkpoint", checkpoints(), this::checkpoint),
                new FuzzTarget("proposal", configs(), this::proposal),
                new FuzzTarget("archive", List.of(archive), in -> imported(sealed(in))),
                new FuzzTarget("archived", members(archive), in -> imported(packed(archive, in))),
                new FuzzTarget("event", events, this::event),
                new FuzzTarget("item", items().stream().map(WorkItem::encode).toList(), FuzzTargets::item),
                new FuzzTarget("segment", segments(), this::segment),
                new FuzzTarget("offsets", texts("0\n1\nbasin.run 0 0\n"), this::offsets),
                new FuzzTarget("image", List.of(image()), FuzzTargets::image),
                new FuzzTarget("state", List.of(state().encode()), in -> TrainingState.decode(in, 6)),
                new FuzzTarget(
                        "weights",
                        List.of(Weights.encode(SHAPE, new float[SHAPE.parameterCount()])),
                        in -> Weights.decode(SHAPE, in)),
                new FuzzTarget("http", requests(), this::request));
    }

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static List<byte[]> files(Path in, String ending) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> all = Files.list(in)) {
            for (Path one : all.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList()) {
                contents.add(Files.readAllBytes(one));
            }
        }
        return contents;
    }

    private static List<byte[]> lines(Path... in) throws IOException {
        List<byte[]> lines = new ArrayList<>();
        for (Path file : in) {
            Files.readAllLines(file).forEach(line -> lines.add(line.getBytes(StandardCharsets.UTF_8)));
        }
        return lines;
    }

    private static List<Event> events() throws IOException {
        List<Event> events = new ArrayList<>();
        for (byte[] line : lines(EVENTS.resolve("events-v1.jsonl"))) {
            try {
                events.add(EventCodec.decode(line));
            } catch (MalformedEventException older) {
                throw new IOException(older);
            }
        }
        return events;
    }

    private static Event.StudySubmitted submitted() throws IOException {
        return (Event.StudySubmitted) events().getFirst();
    }

    private static List<WorkItem> items() throws IOException {
        StudySpec study = submitted().study();
        String id = submitted().studyId();
        String run = "4a5edf4d1eae817b";
        List<WorkItem> items = new ArrayList<>(List.of(new WorkItem.Expand(id), new WorkItem.Segment(id, run, 1)));
        for (Event event : events()) {
            if (event instanceof Event.CheckpointPublished published) {
                items.addAll(WantedMeasurements.of(
                        id,
                        study,
                        run,
                        study.algorithms().getFirst().algorithm(),
                        published.step(),
                        published.triggers()));
            }
        }
        return items;
    }

    Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    /** Writes a file of its own name, because hashes are kept until files change. */
    private String remembered(byte[] content) throws IOException {
        Path own = file("data-" + files++, content);
        try {
            return DataFiles.remember(own);
        } finally {
            Files.deleteIfExists(folder.resolve("data-" + (files - 3)));
        }
    }

    private void table(byte[] in) throws IOException {
        String other = DataFiles.remember(folder.resolve("text/days-dev.tsv"));
        TextTable.read(new TableSpec(remembered(in), other, List.of("sentence"), "label", List.of(), Optional.empty()));
    }

    private void text(byte[] in) throws IOException {
        TextLanguage.of(new LanguageSpec.Text(List.of(remembered(in)), LanguageSpec.Text.WORDS, 50, 12, 0.2, 0.3, 1));
    }

    private static List<byte[]> configs() throws IOException {
        List<byte[]> configs = new ArrayList<>();
        try (Stream<Path> models = Files.list(MODELS)) {
            for (Path model : models.sorted().toList()) {
                configs.add(Files.readAllBytes(model.resolve("config.json")));
            }
        }
        return configs;
    }

    /** Returns the folders of models whose weights are in one file. */
    private static List<Path> wholeModels() throws IOException {
        try (Stream<Path> models = Files.list(MODELS)) {
            return models.filter(model -> Files.exists(model.resolve(WEIGHTS)))
                    .sorted()
                    .toList();
        }
    }

    /** Configuration and weights of every layout, each after a byte that says which. */
    private static List<byte[]> layouts() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        List<Path> models = wholeModels();
        for (int i = 0; i < models.size(); i++) {
            contents.add(prefixed(2 * i, Files.readAllBytes(models.get(i).resolve("config.json"))));
            contents.add(prefixed(2 * i + 1, Files.readAllBytes(models.get(i).resolve(WEIGHTS))));
        }
        return contents;
    }

    private void layout(byte[] in) throws IOException {
        List<Path> models = wholeModels();
        int which = first(in, 2 * models.size());
        model(models.get(which / 2), which % 2 == 0 ? "config.json" : WEIGHTS, rest(in));
    }

    /** Reads a model of which one file is another. */
    private void model(Path whole, String name, byte[] in) throws IOException {
        Path own = folder.resolve("model-" + whole.getFileName() + "-" + name);
        if (!Files.exists(own)) {
            copy(whole, own);
        }
        Files.write(own.resolve(name), in);
        FolderModel.open(own);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> all = Files.list(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(String.valueOf(one.getFileName())), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private String tokenizer() throws IOException {
        Path own = Files.createDirectories(folder.resolve("tokenizer"));
        if (!Files.exists(own.resolve("tokenizer.json"))) {
            DecoderShape shape = new DecoderShape(6, 4, 4, 1, 1, 4, false);
            DecoderFolder.write(own, shape, new float[shape.parameterCount()], Grammars.tree(2, 3, 2, 6, 1));
        }
        return Files.readString(own.resolve("tokenizer.json"));
    }

    private void tokenizer(byte[] in) throws IOException {
        Path own = Files.createDirectories(folder.resolve("fuzzed-tokenizer"));
        Files.write(own.resolve("tokenizer.json"), in);
        try (TextTokenizer tokenizer = TextTokenizer.open(own, 16)) {
            tokenizer.encode("w1 w2 w3");
        }
        try (LineTokenizer tokenizer = LineTokenizer.of(in, "language.tokenizer is 0")) {
            tokenizer.tokens("w1 w2");
            tokenizer.numbers("w1 w2");
        }
    }

    private void lines(byte[] in) throws IOException {
        tokenizer();
        try (TextTokenizer tokenizer = TextTokenizer.open(folder.resolve("tokenizer"), 16)) {
            TextFile.read(file("lines.txt", in), tokenizer, Objective.CAUSAL, 100);
        }
        try (LineTokenizer words = LineTokenizer.words()) {
            words.tokens(new String(in, StandardCharsets.UTF_8));
        }
    }

    /** Files of a checkpoint's folder, each after a byte that says which. */
    private static List<byte[]> checkpoints() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < CHECKPOINT.size(); i++) {
            Path file = MODELS.resolve("bert").resolve(CHECKPOINT.get(i));
            byte[] content = Files.exists(file)
                    ? Files.readAllBytes(file)
                    : "{\"global_step\": 20}".getBytes(StandardCharsets.UTF_8);
            contents.add(prefixed(i, content));
        }
        return contents;
    }

    private static final String WEIGHTS = "model.safetensors";

    private static final List<String> CHECKPOINT = List.of(
            "config.json",
            "model.safetensors.index.json",
            "model-00001-of-00003.safetensors",
            "trainer_state.json",
            "tokenizer.json");

    static byte[] prefixed(int first, byte[] content) {
        byte[] whole = new byte[content.length + 1];
        whole[0] = (byte) first;
        System.arraycopy(content, 0, whole, 1, content.length);
        return whole;
    }

    private static int first(byte[] in, int of) {
        return in.length == 0 ? 0 : (in[0] & 0x7f) % of;
    }

    private static byte[] rest(byte[] in) {
        return in.length == 0 ? in : Arrays.copyOfRange(in, 1, in.length);
    }

    private void checkpoint(byte[] in) throws IOException {
        Path run = folder.resolve("checkpoints");
        Path own = run.resolve("run-a/step-20");
        copy(MODELS.resolve("bert"), own);
        Files.writeString(own.resolve("tokenizer.json"), tokenizer());
        Files.write(own.resolve(CHECKPOINT.get(first(in, CHECKPOINT.size()))), rest(in));
        IngestReaders.checkpoints(run, "run-a");
    }

    byte[] archive() throws IOException {
        Path file = folder.resolve("whole.basin.zip");
        Files.deleteIfExists(file);
        StudyExport.write(
                new SegmentLog(record, Map::of), submitted().studyId(), file, true, List.of(), (what, done, all) -> {});
        return Files.readAllBytes(file);
    }

    void imported(byte[] archive) throws IOException {
        StudyImport.open(file("fuzzed.basin.zip", archive), (what, done, all) -> {})
                .close();
    }

    /** Returns an archive with a right sum at its end. */
    static byte[] sealed(byte[] archive) {
        int before = archive.length - ("sha256:".length() + 64);
        if (before < 0) {
            return archive;
        }
        byte[] sealed = archive.clone();
        byte[] sum = ("sha256:" + Sha256.hex(Arrays.copyOf(archive, before))).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(sum, 0, sealed, before, sum.length);
        return sealed;
    }

    @SuppressWarnings("ArrayRecordComponent") // Read once, by this class alone.
    private record Member(String name, byte[] content) {}

    private static List<Member> unpacked(byte[] archive) throws IOException {
        List<Member> members = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                members.add(new Member(entry.getName(), in.readAllBytes()));
            }
        }
        return members;
    }

    /** Members of an archive, each after a byte that says which. */
    static List<byte[]> members(byte[] archive) throws IOException {
        List<Member> all = unpacked(archive);
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            contents.add(prefixed(i, all.get(i).content()));
        }
        return contents;
    }

    /** Returns an archive of which one member is another, with right sums and numbers. */
    private static byte[] packed(byte[] archive, byte[] in) throws IOException {
        List<Member> members = unpacked(archive);
        int at = first(in, members.size());
        members.set(at, new Member(members.get(at).name(), rest(in)));
        ObjectMapper json = new ObjectMapper();
        if (at < members.size() - 1) {
            ObjectNode manifest = (ObjectNode) json.readTree(members.getLast().content());
            StringBuilder sums = new StringBuilder();
            long bytes = 0;
            long records = 0;
            for (int i = 0; i < members.size() - 1; i++) {
                Member member = members.get(i);
                ObjectNode own = (ObjectNode) manifest.path("members").path(i);
                if (i == at && member.name().endsWith(".jsonl")) {
                    own.put(
                            "records",
                            new String(rest(in), StandardCharsets.ISO_8859_1)
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count());
                }
                own.put("bytes", member.content().length).put("sha256", Sha256.hex(member.content()));
                bytes += member.content().length;
                records += own.path("records").asLong();
                sums.append(Sha256.hex(member.content()))
                        .append("  ")
                        .append(member.name())
                        .append('\n');
            }
            manifest.put("bytes", bytes)
                    .put("records", records)
                    .put("sha256", Sha256.hex(sums.toString().getBytes(StandardCharsets.UTF_8)));
            members.set(members.size() - 1, new Member(members.getLast().name(), json.writeValueAsBytes(manifest)));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Member member : members) {
                zip.putNextEntry(new ZipEntry(member.name()));
                zip.write(member.content());
                zip.closeEntry();
            }
            zip.setComment("sha256:" + "0".repeat(64));
        }
        return sealed(out.toByteArray());
    }

    private void event(byte[] in) throws MalformedEventException {
        Event event = EventCodec.decode(in);
        if (!EventCodec.decode(EventCodec.encode(event)).equals(event)) {
            throw new IllegalStateException("The event is another after it is written and read.");
        }
        if (event.topic() == Topic.CORRELATION) {
            return;
        }
        Fold fold = new Fold();
        fold.add(event);
        fold.standing();
        if (event instanceof Event.StudySubmitted submitted) {
            fold.study(submitted.studyId());
        }
    }

    private static void item(byte[] in) throws MalformedEventException {
        WorkItem item = WorkItem.decode(in);
        item.id();
        item.headers();
        item.resultIds();
        if (!WorkItem.decode(item.encode()).equals(item)) {
            throw new IllegalStateException("The item is another after it is written and read.");
        }
    }

    /** Segments, each after a byte that says of which topic. */
    private List<byte[]> segments() throws IOException {
        List<byte[]> segments = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            byte[] bytes = Files.readAllBytes(RecordFolder.segment(record, topic));
            if (bytes.length > 0) {
                segments.add(prefixed(TOPICS.indexOf(topic), bytes));
                segments.add(prefixed(TOPICS.indexOf(topic) | 0x80, bytes));
            }
        }
        return segments;
    }

    /** Reads a record of which one segment is another, if asked with right checksums. */
    private void segment(byte[] in) throws IOException {
        Topic topic = TOPICS.get(first(in, TOPICS.size()));
        Path segment = RecordFolder.segment(record, topic);
        byte[] whole = Files.readAllBytes(segment);
        Files.write(segment, in.length > 0 && in[0] < 0 ? RecordFolder.withChecksums(rest(in)) : rest(in));
        try {
            recorded();
        } finally {
            Files.write(segment, whole);
        }
    }

    private void offsets(byte[] in) throws IOException {
        Path offsets = record.resolve("log-start-offset-checkpoint");
        Files.write(offsets, in);
        try {
            recorded();
        } finally {
            Files.delete(offsets);
        }
    }

    /** Reads all of a record, as the commands that need no broker do. */
    private void recorded() throws IOException {
        SegmentLog log = new SegmentLog(record, Map::of);
        Replay.read(log, Optional.empty(), (read, all) -> {}).studies();
        try (StoredRecord stored = StoredRecord.read(log)) {
            for (Event event : events()) {
                if (event instanceof Event.CheckpointPublished published) {
                    stored.checkpoints().look(published.runId(), published.step());
                }
            }
        }
        try (LogScan scan = log.scan("fuzz")) {
            for (Topic topic : Topic.values()) {
                scan.read(topic.topicName(), record -> {
                    Optional<Chunk> _ = Chunk.of(record);
                });
            }
        }
    }

    private static byte[] image() throws IOException {
        Fold fold = new Fold();
        events().stream().filter(event -> event.topic() != Topic.CORRELATION).forEach(fold::add);
        return FoldImage.write(fold.standing(), 1 << 20).orElseThrow();
    }

    private static void image(byte[] in) {
        FoldImage.read(in).ifPresent(Fold::standing);
    }

    private static TrainingState state() {
        float[] six = {1, 2, 3, 4, 5, 6};
        return new TrainingState(3, 4, 1, List.of(0.5), 0.4, six, List.of(six), new double[6]);
    }

    private List<byte[]> requests() throws IOException {
        List<byte[]> requests = new ArrayList<>();
        String id = submitted().studyId();
        for (String path : List.of(
                "/",
                "/page.js",
                "/api/studies",
                "/api/words",
                "/api/studies/" + id,
                "/api/studies/" + id + "/losses.csv",
                "/api/studies/" + id + "/progress",
                "/api/studies/" + id + "/events",
                "/api/studies/%2e%2e/x",
                "/vendor/d3/x.js",
                "/health/ready",
                "/metrics")) {
            requests.addAll(texts("GET " + path
                    + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/html, */*\r\nAccept-Encoding: gzip\r\n"
                    + "Range: bytes=0-9\r\nIf-Modified-Since: Mon, 30 Nov 2026 12:00:00 GMT\r\n\r\n"));
        }
        requests.addAll(texts(
                "POST /api/studies HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                String.join(
                        "\r\n",
                        "GET / HTTP/1.1",
                        "Host: a",
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAMAAABkAAQAAP__",
                        "",
                        "")));
        return requests;
    }

    /** Returns the answers to bytes and a good request after them. */
    String answers(byte[] in) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), shell.address().getPort())) {
            socket.setSoTimeout(10_000);
            return exchanged(socket, in);
        }
    }

    /** Sends bytes, then a good request; the server must neither fail nor end. */
    private void request(byte[] in) throws IOException {
        URI address = shell.address();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(100);
            String answers = exchanged(socket, in);
            if (answers.matches("(?s).*HTTP/1\\.[01] 50[0234].*")) {
                throw new IllegalStateException("The server answers a fault: " + answers);
            }
        }
        if (files++ % 100 == 0) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
                socket.setSoTimeout(10_000);
                String answer = exchanged(socket, new byte[0]);
                if (!answer.contains(" 200 OK")) {
                    throw new IllegalStateException("The server no longer lives: " + answer);
                }
            }
        }
    }

    private static String exchanged(Socket socket, byte[] in) throws IOException {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        try {
            socket.getOutputStream().write(in);
            socket.getOutputStream()
                    .write("\r\n\r\nGET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] part = new byte[1 << 16];
            for (int read = 0;
                    read >= 0 && answers.size() < 1 << 20;
                    read = socket.getInputStream().read(part)) {
                answers.write(part, 0, read);
            }
        } catch (SocketTimeoutException waits) {
            // The server waits for the rest of a request, or sends events.
        } catch (SocketException closed) {
            // The server closes after a request that it refuses.
        }
        return answers.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        shell.close();
        page.close();
    }
}
