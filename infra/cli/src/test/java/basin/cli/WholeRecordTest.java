package basin.cli;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorService;
import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.LogWriter;
import basin.log.StoredTopic;
import basin.log.admin.RecordCondition;
import basin.log.admin.RecordFault;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.blob.BlobLocation;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.Weights;
import basin.service.EventWriter;
import basin.service.ServiceConfig;
import basin.study.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a record which lacks something, or may lose something, says so everywhere, and that a
 * sound one never does: by what a broker tells and by the files alone.
 */
class WholeRecordTest {
    private static final List<String> NAMES =
            Arrays.stream(Topic.values()).map(Topic::topicName).toList();

    /** Makes the broker write snapshots of its metadata. */
    private static final Map<String, String> SNAPSHOTS =
            Map.of("metadata.log.max.record.bytes.between.snapshots", "100");

    @TempDir
    private Path folder;

    private int sound;

    private void sound(String what, LogSource log) {
        assertThat(RecordCondition.of(log)).as(what).isEmpty();
        sound++;
    }

    /** Looks at a folder's files and, through the broker, at the same record. */
    private void sound(String what, KafkaEndpoint endpoint, Path data) {
        sound(what, endpoint);
        sound(what + ", by its files", EmbeddedBroker.log(data));
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(1));
    }

    private static KafkaEndpoint of(EmbeddedBroker broker) {
        return KafkaEndpoint.of(broker.bootstrapServers());
    }

    private static Admin admin(KafkaEndpoint endpoint) {
        return Admin.create(endpoint.properties("test"));
    }

    /** Changes a setting, and waits until the broker goes by it. */
    private static void set(KafkaEndpoint endpoint, Topic topic, String setting, String value) throws Exception {
        try (Admin admin = admin(endpoint)) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()),
                            List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        await().until(() ->
                value.equals(Objects.requireNonNull(endpoint.topics(NAMES).get(topic.topicName()))
                        .settings()
                        .get(setting)));
    }

    private static void deleteHead(KafkaEndpoint endpoint, Topic topic, int partition, long before) {
        try (Admin admin = admin(endpoint)) {
            // A broker that has not heard of a new cleanup.policy yet refuses.
            await().ignoreExceptions()
                    .until(() -> admin.deleteRecords(Map.of(
                                            new TopicPartition(topic.topicName(), partition),
                                            RecordsToDelete.beforeOffset(before)))
                                    .all()
                                    .get()
                            == null);
        }
    }

    @Test
    void soundRecordsAreWhole() throws Exception {
        Path data = folder.resolve("data");
        List<Event> events = SyntheticRecord.events();
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, SNAPSHOTS)) {
            KafkaEndpoint endpoint = of(broker);
            sound("without topics", endpoint, data);
            try (Admin admin = admin(endpoint)) {
                // As releases made them that set less.
                admin.createTopics(TopicSpec.all().stream()
                                .filter(topic -> !topic.name().equals(Topic.SNAPSHOT.topicName()))
                                .limit(6)
                                .map(topic -> new NewTopic(topic.name(), topic.partitions(), (short) 1)
                                        .configs(Map.of("retention.ms", "-1", "cleanup.policy", "delete")))
                                .toList())
                        .all()
                        .get();
                sound("with some of the topics", endpoint, data);
                TopicAdmin.ensure(
                        endpoint,
                        TopicSpec.all().stream()
                                .filter(topic -> !topic.name().equals(Topic.SNAPSHOT.topicName()))
                                .toList());
                sound("with no record", endpoint, data);
                SyntheticRecord.write(endpoint, events.subList(0, events.size() / 2));
                sound("half done, from before there were snapshots", endpoint, data);
                TopicAdmin.ensure(endpoint, TopicSpec.all());
                SyntheticRecord.write(endpoint, events.subList(events.size() / 2, events.size()));
                sound("done", endpoint, data);
                others(endpoint);
                sound("with duplicates, poison, transactions, compression and weights elsewhere", endpoint, data);
                heads(endpoint);
                sound("with compacted topics", endpoint, data);
                set(endpoint, Topic.WEIGHTS, "max.message.bytes", "4000000");
                set(endpoint, Topic.RUN, "min.insync.replicas", "1");
                sound("with more room", endpoint, data);
            }
            sound("killed", EmbeddedBroker.log(RunStudies.copy(data, folder.resolve("killed"))));
        }
        sound("stopped", EmbeddedBroker.log(data));
        try (Stream<Path> files = Files.list(data.resolve("broker/__cluster_metadata-0"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> name.endsWith(".checkpoint")))
                    .as("snapshots of the metadata")
                    .anySatisfy(name -> assertThat(name).isGreaterThan("00000000000000000010"));
        }
        tornTail(RunStudies.copy(data, folder.resolve("torn")));
        imported(data);
        doctor(data);
        assertThat(sound).isGreaterThanOrEqualTo(20);
    }

    /** Writes what others write, or faults of Kafka leave behind. */
    private static void others(KafkaEndpoint endpoint) throws Exception {
        List<Event> some = SyntheticRecord.events().subList(0, 100);
        try (LogWriter writer = LogWriter.open(endpoint, "test")) {
            EventWriter all = new EventWriter(writer, "basin/test");
            for (Event event : some) {
                if (event instanceof Event.CheckpointPublished published) {
                    Event.CheckpointPublished elsewhere = SyntheticRecord.with(
                            published, published.step() + 1, new Weights(9, 0, "a".repeat(64), Weights.FOLDER));
                    all.writeAcked(elsewhere, Map.of());
                } else {
                    all.writeAcked(event, Map.of());
                }
            }
            LogWriter.await(writer.write("basin.loss", "x", "no event".getBytes(StandardCharsets.UTF_8), Map.of()));
        }
        for (String compression : List.of("none", "gzip", "zstd")) {
            Map<String, Object> properties = endpoint.properties("test");
            properties.put("compression.type", compression);
            properties.put("transactional.id", "other-" + compression);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.initTransactions();
                for (boolean commit : new boolean[] {true, false}) {
                    producer.beginTransaction();
                    some.stream()
                            .filter(event -> event.topic() == Topic.FLATNESS)
                            .forEach(event -> {
                                var _ = producer.send(new ProducerRecord<>(
                                        "basin.flatness",
                                        event.key().getBytes(StandardCharsets.UTF_8),
                                        EventCodec.encode(event)));
                            });
                    if (commit) {
                        producer.commitTransaction();
                    } else {
                        producer.abortTransaction();
                    }
                }
            }
        }
    }

    /** Removes the heads of compacted topics, as compaction does. */
    private static void heads(KafkaEndpoint endpoint) throws Exception {
        try (LogWriter writer = LogWriter.open(endpoint, "test")) {
            for (Topic topic : List.of(Topic.RESUME, Topic.SNAPSHOT, Topic.CORRELATION)) {
                for (int i = 0; i < 3; i++) {
                    LogWriter.await(writer.writeTo(topic.topicName(), 0, "slot", new byte[100], Map.of()));
                }
                set(endpoint, topic, "cleanup.policy", "compact,delete");
                deleteHead(endpoint, topic, 0, 2);
                set(endpoint, topic, "cleanup.policy", "compact");
            }
        }
    }

    private void tornTail(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("broker"))) {
            for (Path file : (Iterable<Path>) files.filter(path ->
                    path.toString().contains("basin.") && path.toString().endsWith(".log"))::iterator) {
                try (RandomAccessFile torn = new RandomAccessFile(file.toFile(), "rw")) {
                    // The last record of weights is named by none, because no checkpoint follows.
                    if (torn.length() > 0 && !file.toString().contains("weights")) {
                        torn.setLength(torn.length() - 3);
                    }
                }
            }
        }
        sound("with torn tails", EmbeddedBroker.log(data));
    }

    private void imported(Path data) {
        Path file = folder.resolve("record.zip");
        basin("export", "--study", "quick", "--data", data.toString(), "--out", file.toString())
                .says("weights of ");
        Path light = folder.resolve("light.zip");
        basin("export", "--without-weights", "--study", "quick", "--data", data.toString(), "--out", light.toString())
                .says("weights of 0 of ");
        for (Path one : List.of(file, light)) {
            Path into = folder.resolve("of-" + one.getFileName());
            Typed said = basin("import", one.toString(), "--data", into.toString());
            assertThat(said.all()).contains("is imported").doesNotContain("not whole");
            sound("imported", EmbeddedBroker.log(into));
            Typed deep = basin("doctor", "--deep", "--data", into.toString());
            assertThat(deep.out()).doesNotContain("wrong");
            assertThat(deep.status()).isZero();
        }
    }

    /** Nothing of what the commands say of a sound record has the words of a fault. */
    private void doctor(Path data) {
        Typed doctor = basin("doctor", "--data", data.toString());
        assertThat(doctor.lines())
                .containsExactly(
                        "ok    topics: all " + NAMES.size()
                                + " are there with their settings, and none of their records is gone",
                        "ok    dead letters: none",
                        "-     broker and share groups: only a broker knows of them; ask it with infra/basin doctor"
                                + " --bootstrap");
        assertThat(doctor.status()).isZero();
        for (Typed said : commands(data)) {
            assertThat(said.all()).doesNotContain("The record is");
            assertThat(said.status()).as(said.error()).isZero();
        }
    }

    /** Every command that answers from a record. */
    private List<Typed> commands(Path data) {
        String at = data.toString();
        String out = folder.resolve("out").toString();
        return List.of(
                basin("status", "--data", at),
                basin("replay", "--data", at, "--out", out),
                basin("pick", "--data", at),
                basin("rank", "--data", at),
                basin("results", "--data", at, "--out", out + "/page.md"),
                basin("export", "--study", "quick", "--data", at, "--out", out + "/" + data.getFileName() + ".zip"));
    }

    @Test
    void whatIsGoneOrMayGoIsSaidByEveryCommand() throws Exception {
        Path data = folder.resolve("data");
        List<String> expected = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(data)) {
            KafkaEndpoint endpoint = of(broker);
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            SyntheticRecord.write(endpoint, SyntheticRecord.events());
            same(endpoint, data);
            settings(endpoint, data);

            deleteHead(endpoint, Topic.LOSS, 1, 7);
            deleteHead(endpoint, Topic.FLATNESS, 0, 1);
            deleteHead(endpoint, Topic.FLATNESS, 2, 2);
            deleteHead(endpoint, Topic.WORK_PROBE, 0, work(endpoint));
            long chunks = end(endpoint, Topic.WEIGHTS, 1);
            deleteHead(endpoint, Topic.WEIGHTS, 1, chunks);
            assertThat(chunks).isGreaterThan(1);
            String loss =
                    "The record is not whole: 7 records are gone from the head of basin.loss, so curves of the loss"
                            + " have gaps; " + ELSEWHERE;
            String flatness = "The record is not whole: 3 records are gone from the head of basin.flatness, so"
                    + " measurements of flatness are missing, and every number is of those that are left; " + ELSEWHERE;
            String weights = "The record is not whole: " + chunks + " records are gone from the head of basin.weights,"
                    + " so the numbers stay right but nothing can be measured again from the weights of "
                    + checkpoints(endpoint, "1") + " of " + checkpoints(endpoint, "0", "1", "2") + " checkpoints; "
                    + ELSEWHERE;
            String work = "The record is not whole: 1 record is gone from the head of basin.work.probe, so work may"
                    + " never be done, though the recorded numbers stay right; pause and resume the study, which asks"
                    + " for the work again.";
            expected.addAll(List.of(loss, flatness, weights, work));
            assertThat(RecordCondition.sentences(endpoint)).containsExactlyElementsOf(expected);
            live(endpoint, expected);
            try (Admin admin = admin(endpoint)) {
                admin.deleteTopics(List.of(Topic.DOWNSTREAM.topicName())).all().get();
            }
            await().until(() -> !endpoint.topics(NAMES).containsKey(Topic.DOWNSTREAM.topicName()));
            expected.add(
                    2,
                    "The record is not whole: the topic basin.downstream is lost with all of its records, so"
                            + " accuracies are missing, and every number is of those that are left; " + ELSEWHERE);
            for (String command : List.of("status", "doctor")) {
                Typed said = basin(command, "--bootstrap", endpoint.bootstrapServers(), "--wait", "0");
                assertThat(said.all()).contains(expected);
                assertThat(said.status()).isEqualTo(command.equals("doctor") ? 1 : 0);
            }
        }
        files(data, expected);
        lostFolders(RunStudies.copy(data, folder.resolve("lost")), expected);
        // What is made anew looks whole to those who do not look at what refers to it.
        basin("topics", "--data", data.toString()).says(expected.toArray(String[]::new));
        expected.remove(2);
        assertThat(RecordCondition.sentences(EmbeddedBroker.log(data))).containsExactlyElementsOf(expected);
    }

    /** Every command says all of it of a folder, and so does what they write. */
    private void files(Path data, List<String> expected) throws IOException {
        assertThat(RecordCondition.sentences(EmbeddedBroker.log(data))).containsExactlyElementsOf(expected);
        for (Typed said : commands(data)) {
            assertThat(said.all()).contains(expected);
        }
        Typed doctor = basin("doctor", "--data", data.toString());
        assertThat(doctor.lines())
                .containsAll(
                        expected.stream().map(sentence -> "wrong " + sentence).toList());
        assertThat(doctor.status()).isEqualTo(1);
        Path out = folder.resolve("out");
        for (String file : List.of("report.html", "question.json", "page.md")) {
            String text = Files.readString(out.resolve(file));
            assertThat(expected)
                    .as(file)
                    .allSatisfy(sentence -> assertThat(text.replace("&#39;", "'"))
                            .contains(sentence.substring(0, sentence.indexOf(';'))));
        }
        Typed imported = basin(
                "import",
                out.resolve("data.zip").toString(),
                "--data",
                folder.resolve("of-lossy").toString());
        assertThat(imported.lines())
                .as(imported.error())
                .containsAll(expected.stream()
                        .map(sentence -> "When it was exported: " + sentence)
                        .toList());
    }

    /** Takes the folders of partitions away. */
    private static void lostFolders(Path data, List<String> before) throws IOException {
        for (String partition :
                List.of("basin.run-1", "basin.checkpoint-0", "basin.checkpoint-1", "basin.checkpoint-2")) {
            try (Stream<Path> files = Files.list(data.resolve("broker").resolve(partition))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(data.resolve("broker").resolve(partition));
        }
        assertThat(RecordCondition.sentences(EmbeddedBroker.log(data)))
                .hasSize(before.size() + 2)
                .contains(
                        "The record is not whole: partition 1 of basin.run is lost with all records, so runs are"
                                + " missing, or never end, and every number is of those that are left; " + ELSEWHERE,
                        "The record is not whole: the topic basin.checkpoint is lost with all of its records, so"
                                + " checkpoints are missing with all that was measured of them, and every number is of"
                                + " those that are left; " + ELSEWHERE);
    }

    /** The aggregator says it too, as JSON for its page and as a metric. */
    private static void live(KafkaEndpoint endpoint, List<String> expected) throws Exception {
        try (AggregatorService aggregator =
                        AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                HttpClient client = HttpClient.newHttpClient()) {
            await().untilAsserted(() -> assertThat(Json.mapper()
                            .readTree(get(client, aggregator, "/api/record"))
                            .path("faults")
                            .valueStream()
                            .map(JsonNode::asText))
                    .containsExactlyElementsOf(expected));
            assertThat(get(client, aggregator, "/metrics").lines())
                    .contains(
                            "basin_record_faults{kind=\"deleted\"} 4.0",
                            "basin_record_faults{kind=\"lost\"} 0.0",
                            "basin_record_faults{kind=\"setting\"} 0.0");
        }
    }

    private static String get(HttpClient client, AggregatorService aggregator, String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(aggregator.address().resolve(path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Writes a work item, and returns the offset after it. */
    private static long work(KafkaEndpoint endpoint) {
        try (LogWriter writer = LogWriter.open(endpoint, "test")) {
            return LogWriter.await(writer.write(Topic.WORK_PROBE.topicName(), "item", new byte[9], Map.of()))
                            .offset()
                    + 1;
        }
    }

    private static final String ELSEWHERE =
            "go back to a backup, or import an export into a new folder with 'infra/basin import FILE --data NEW'.";

    private static long end(KafkaEndpoint endpoint, Topic topic, int partition) {
        try (LogScan scan = endpoint.scan("test")) {
            return scan.extent(topic.topicName()).end(new TopicPartition(topic.topicName(), partition));
        }
    }

    /** Returns the number of checkpoints whose weights were in these partitions. */
    private static long checkpoints(KafkaEndpoint endpoint, String... partitions) {
        AtomicLong found = new AtomicLong();
        try (LogScan scan = endpoint.scan("test")) {
            scan.read(
                    Topic.CHECKPOINT.topicName(),
                    record -> record.header(RecordHeaders.BLOB_PARTITION)
                            .filter(List.of(partitions)::contains)
                            .ifPresent(partition -> found.incrementAndGet()));
        }
        return found.get();
    }

    /** Changes settings one by one, and mends them with the command. */
    private static void settings(KafkaEndpoint endpoint, Path data) throws Exception {
        record Changed(Topic topic, String setting, String value, String expected) {}
        for (Changed one : List.of(
                new Changed(
                        Topic.FLATNESS,
                        "retention.ms",
                        "3600000",
                        "retention.ms=3600000 instead of -1, so Kafka deletes records in time, and numbers will lack"
                                + " them"),
                new Changed(
                        Topic.WORK_RUN,
                        "retention.bytes",
                        "1000",
                        "retention.bytes=1000 instead of -1, so Kafka deletes records in time, and numbers will lack"
                                + " them"),
                new Changed(
                        Topic.LOSS,
                        "cleanup.policy",
                        "compact",
                        "cleanup.policy=compact instead of delete, so Kafka removes records that are needed, and"
                                + " numbers will lack them"),
                new Changed(
                        Topic.WEIGHTS,
                        "max.message.bytes",
                        "1000",
                        "max.message.bytes=1000 instead of 1048588 or more, so Kafka refuses larger records, and what"
                                + " is in them is never recorded"),
                new Changed(
                        Topic.RUN,
                        "min.insync.replicas",
                        "2",
                        "min.insync.replicas=2 and 1 replica, so Kafka accepts no record"))) {
            set(endpoint, one.topic(), one.setting(), one.value());
            String sentence = "The record is at risk: " + one.topic().topicName() + " has " + one.expected()
                    + "; 'infra/basin topics --mend' sets it back.";
            for (LogSource log : List.of(endpoint, EmbeddedBroker.log(data))) {
                assertThat(RecordCondition.sentences(log)).containsExactly(sentence);
            }
            basin("topics", "--mend", "--bootstrap", endpoint.bootstrapServers())
                    .says(sentence, "Set back: " + one.topic().topicName() + " " + one.setting() + "=");
            await().until(() -> RecordCondition.of(endpoint).isEmpty());
            assertThat(RecordCondition.of(EmbeddedBroker.log(data))).isEmpty();
        }
        set(endpoint, Topic.RESUME, "segment.bytes", "1048576");
        assertThat(RecordCondition.sentences(endpoint)).isEmpty();
        assertThat(RecordCondition.of(endpoint)).extracting(RecordFault::kind).containsExactly(RecordFault.Kind.TUNING);
        basin("topics", "--mend", "--bootstrap", endpoint.bootstrapServers())
                .says("Set back: basin.resume segment.bytes=67108864");
    }

    @Test
    void everythingIsReadOnRequest() throws Exception {
        Path data = folder.resolve("data");
        List<Event> events = SyntheticRecord.events();
        Event.CheckpointPublished checkpoint = events.stream()
                .filter(Event.CheckpointPublished.class::isInstance)
                .map(Event.CheckpointPublished.class::cast)
                .findFirst()
                .orElseThrow();
        try (EmbeddedBroker broker = EmbeddedBroker.start(data)) {
            KafkaEndpoint endpoint = of(broker);
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            SyntheticRecord.write(endpoint, events);
            long all = checkpoints(endpoint, "0", "1", "2");
            Typed whole = basin("doctor", "--deep", "--bootstrap", endpoint.bootstrapServers());
            assertThat(whole.out())
                    .contains(
                            "ok    schemas: " + number(events.size()) + " of " + number(events.size()) + " events fit",
                            "ok    ids: " + number(events.size()) + " of " + number(events.size()) + " events have",
                            "ok    references: ",
                            "ok    weights: " + all + " of " + all + " checkpoints have all chunks");
            try (LogWriter writer = LogWriter.open(endpoint, "test")) {
                String key = checkpoint.runId();
                // Damaged weights, under another id, of a run that nobody declared, and no event.
                Event.CheckpointPublished damaged =
                        SyntheticRecord.with(checkpoint, 77_777, new Weights(700, 1, "b".repeat(64), "safetensors"));
                BlobLocation place = new BlobLocation("basin.weights", 0, 0, 0, 1, 700, "b".repeat(64));
                new EventWriter(writer, "basin/test").writeAcked(damaged, place.headers());
                LogWriter.await(writer.write(
                        "basin.run",
                        "f".repeat(16),
                        EventCodec.encode(new Event.RunFailed("f".repeat(16), 3, "Broken.")),
                        Map.of(RecordHeaders.EVENT_ID, "0".repeat(32))));
                LogWriter.await(writer.write("basin.loss", key, "{}".getBytes(StandardCharsets.UTF_8), Map.of()));
            }
            try (Admin admin = admin(endpoint)) {
                admin.createPartitions(Map.of("basin.study", NewPartitions.increaseTo(5)))
                        .all()
                        .get();
            }
        }
        Typed deep = basin("doctor", "--deep", "--data", data.toString());
        assertThat(deep.status()).isEqualTo(1);
        assertThat(deep.lines().stream().filter(line -> line.startsWith("wrong ")))
                .hasSize(5)
                .anySatisfy(line -> assertThat(line)
                        .isEqualTo(
                                "wrong The record is at risk: basin.study has 5 partitions instead of 3, so records of"
                                    + " one key lie in several of them, in no order; Kafka takes no partition back, so"
                                    + " export the studies and import them into a new folder."))
                .anySatisfy(line -> assertThat(line).contains("schemas: ", "the first that does not: basin.loss-"))
                .anySatisfy(line -> assertThat(line).contains("ids: ", ", id " + "0".repeat(32) + " instead of "))
                .anySatisfy(
                        line -> assertThat(line).contains("references: ", "run " + "f".repeat(16) + " is not declared"))
                .anySatisfy(line -> assertThat(line)
                        .contains("weights: ", "run " + checkpoint.runId() + " at step 77777: ", "new folder"));
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static void same(KafkaEndpoint endpoint, Path data) {
        Map<String, StoredTopic> asked = endpoint.topics(NAMES);
        Map<String, StoredTopic> read = EmbeddedBroker.log(data).topics(NAMES);
        assertThat(read.keySet()).isEqualTo(asked.keySet());
        asked.forEach((name, topic) -> {
            StoredTopic own = Objects.requireNonNull(read.get(name));
            assertThat(own.partitions()).as(name).isEqualTo(topic.partitions());
            assertThat(own.replicas()).as(name).isEqualTo(topic.replicas());
            Set<String> both = new HashSet<>(own.settings().keySet());
            both.retainAll(topic.settings().keySet());
            assertThat(both).hasSizeGreaterThan(20);
            Map<String, String> wanted = new TreeMap<>(topic.settings());
            wanted.keySet().retainAll(both);
            Map<String, String> found = new TreeMap<>(own.settings());
            found.keySet().retainAll(both);
            assertThat(found).as(name).isEqualTo(wanted);
        });
    }
}
