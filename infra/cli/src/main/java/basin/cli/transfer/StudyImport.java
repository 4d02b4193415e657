package basin.cli.transfer;

import basin.log.KafkaEndpoint;
import basin.log.LogHandler;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogWriter;
import basin.log.blob.BlobLocation;
import basin.log.blob.Chunk;
import basin.log.deadletter.DeadLetter;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;

/**
 * Imports a study's record from a file into a Kafka. The file is verified completely before
 * anything is written. Records that the Kafka already contains are skipped, so an interrupted
 * import is completed by repeating it. Confined to one thread.
 */
public final class StudyImport implements AutoCloseable {
    /** Maximum number of records in flight. */
    private static final int UNDER_WAY = 256;
    /** Maximum number of chunks, of one megabyte each, in flight. */
    private static final int CHUNKS_UNDER_WAY = 16;

    private final Path file;
    private final RecordArchive archive;
    private final Watcher watcher;
    /** Places of the chunks in this Kafka, by blob and hash. */
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    private int checkpoints;
    private int withWeights;

    private StudyImport(Path file, RecordArchive archive, Watcher watcher) {
        this.file = file;
        this.archive = archive;
        this.watcher = watcher;
    }

    /**
     * Opens a file and verifies it completely.
     *
     * @throws Refusal if the file is not what an export wrote
     * @throws IOException if the file cannot be read
     */
    public static StudyImport open(Path file, Watcher watcher) throws IOException {
        try {
            return new StudyImport(file, RecordArchive.open(file, watcher), watcher);
        } catch (RefusedFileException refused) {
            throw refused(file, refused);
        }
    }

    private static Refusal refused(Path file, RefusedFileException refused) {
        return new Refusal(
                file + " " + refused.getMessage() + ": give a file as " + Program.NAME + " export wrote it.");
    }

    /** Returns the id of the study in the file. */
    public String studyId() {
        return archive.manifest().studyId();
    }

    /** Returns the number of records in the file. */
    public long records() {
        return archive.manifest().records();
    }

    /** Returns the uncompressed size of the records, in bytes. */
    public long bytes() {
        return archive.manifest().bytes();
    }

    /** The partition and offsets of a blob's chunks. */
    private static final class Place {
        private final BitSet chunks = new BitSet();
        private int partition;
        private long first = Long.MAX_VALUE;
        private long last = -1;

        synchronized void take(Chunk chunk, LogPosition position) {
            if (!chunks.isEmpty() && position.partition() != partition) {
                return;
            }
            partition = position.partition();
            chunks.set(chunk.index());
            first = Math.min(first, position.offset());
            last = Math.max(last, position.offset());
        }
    }

    /** Returns why the record that was exported was not whole, a sentence each. */
    public List<String> faults() {
        return archive.manifest().faults();
    }

    /**
     * Writes the records that do not exist yet, and returns when all are acknowledged.
     *
     * @param endpoint a Kafka with Basin's topics
     * @throws KafkaException if a record was not acknowledged; the same import, repeated, continues
     *     from there
     */
    public Transferred write(KafkaEndpoint endpoint) throws IOException {
        List<Transferred.Topic> topics = new ArrayList<>();
        try (LogScan scan = endpoint.scan("import");
                LogWriter writer = LogWriter.open(endpoint, "import")) {
            for (Topic topic : RecordFile.TOPICS) {
                topics.add(topic == Topic.WEIGHTS ? weights(scan, writer) : records(topic, scan, writer));
            }
        } catch (RefusedFileException changedMeanwhile) {
            throw refused(file, changedMeanwhile);
        }
        return new Transferred(studyId(), topics, checkpoints, withWeights);
    }

    private Transferred.Topic records(Topic topic, LogScan scan, LogWriter writer) throws IOException {
        Set<String> keys = new HashSet<>();
        lookAt(topic, record -> keys.add(record.key()));
        Set<String> there = new HashSet<>();
        if (!keys.isEmpty()) {
            lookFor(topic, scan, record -> {
                if (keys.contains(record.key())) {
                    there.add(mark(topic, record));
                }
            });
        }
        return copy(
                topic,
                writer,
                UNDER_WAY,
                record -> there.contains(mark(topic, record)),
                record -> headers(topic, record),
                (record, position) -> {});
    }

    private Transferred.Topic weights(LogScan scan, LogWriter writer) throws IOException {
        Map<String, Integer> wanted = new HashMap<>();
        lookAt(
                Topic.WEIGHTS,
                record -> wanted.put(chunk(record).blobAndHash(), chunk(record).count()));
        if (!wanted.isEmpty()) {
            lookFor(
                    Topic.WEIGHTS,
                    scan,
                    record -> Chunk.of(record)
                            .filter(chunk -> wanted.containsKey(chunk.blobAndHash()))
                            .ifPresent(chunk -> place(chunk).take(chunk, record.position())));
        }
        // A blob that exists only in part is written again as a whole, because its chunks must be
        // together.
        places.entrySet().removeIf(one -> one.getValue().chunks.cardinality() != wanted.getOrDefault(one.getKey(), 0));
        Set<String> complete = Set.copyOf(places.keySet());
        return copy(
                Topic.WEIGHTS,
                writer,
                CHUNKS_UNDER_WAY,
                record -> complete.contains(chunk(record).blobAndHash()),
                LogRecord::headers,
                (record, position) -> place(chunk(record)).take(chunk(record), position));
    }

    private void lookAt(Topic topic, LogHandler handler) throws IOException {
        archive.read(topic, "looking at " + topic.topicName(), watcher, handler);
    }

    private void lookFor(Topic topic, LogScan scan, LogHandler handler) {
        String what = "looking for what is there of " + topic.topicName();
        scan.read(topic.topicName(), handler, (read, all) -> watcher.at(what, read, all));
    }

    /**
     * Writes those records of a topic that do not exist yet.
     *
     * @param underWay maximum number of records in flight
     * @param headers returns a record's headers; called for every record, written or not
     * @param written receives every acknowledged record with its position, on the writer's thread
     */
    private Transferred.Topic copy(
            Topic topic,
            LogWriter writer,
            int underWay,
            Predicate<LogRecord> isThere,
            Function<LogRecord, Map<String, String>> headers,
            BiConsumer<LogRecord, LogPosition> written)
            throws IOException {
        long[] counts = new long[2];
        Deque<CompletableFuture<Void>> sent = new ArrayDeque<>();
        archive.read(topic, "writing " + topic.topicName(), watcher, record -> {
            Map<String, String> own = headers.apply(record);
            if (isThere.test(record)) {
                counts[1]++;
                return;
            }
            counts[0]++;
            sent.add(writer.writeAt(topic.topicName(), record.key(), record.value(), own, record.timestampMillis())
                    .thenAccept(position -> written.accept(record, position)));
            if (sent.size() >= underWay) {
                Void _ = LogWriter.await(sent.remove());
            }
        });
        sent.forEach(LogWriter::await);
        return new Transferred.Topic(topic.topicName(), counts[0], counts[1]);
    }

    /**
     * Returns a record's identity, which does not depend on its position or time and so is the same
     * in every Kafka.
     */
    private static String mark(Topic topic, LogRecord record) {
        if (topic == Topic.DEAD_LETTER) {
            return DeadLetter.of(record)
                    .map(DeadLetter::id)
                    .orElseGet(() -> record.header(RecordHeaders.REDRIVEN_LETTER)
                                    .orElse("") + " "
                            + record.header(RecordHeaders.REDRIVEN_TIMES).orElse(""));
        }
        return record.key() + " " + Sha256.hex(record.value()).substring(0, 32);
    }

    private Map<String, String> headers(Topic topic, LogRecord record) {
        Map<String, String> headers = new HashMap<>(record.headers());
        if (topic == Topic.DEAD_LETTER) {
            // Its origin is a position in another Kafka.
            headers.put(RecordHeaders.IMPORTED, "true");
        }
        if (topic == Topic.CHECKPOINT && record.event().orElse(null) instanceof Event.CheckpointPublished published) {
            BlobLocation.removeFrom(headers);
            Optional<BlobLocation> location = location(published);
            location.ifPresent(place -> headers.putAll(place.headers()));
            checkpoints++;
            withWeights += location.isPresent() ? 1 : 0;
        }
        return headers;
    }

    private Optional<BlobLocation> location(Event.CheckpointPublished published) {
        var weights = published.weights();
        return Optional.ofNullable(places.get(published.runId() + "/" + published.step() + "@" + weights.sha256()))
                .filter(place -> place.chunks.cardinality() == weights.chunks())
                .map(place -> new BlobLocation(
                        Topic.WEIGHTS.topicName(),
                        place.partition,
                        place.first,
                        place.last,
                        weights.chunks(),
                        weights.bytes(),
                        weights.sha256()));
    }

    private Place place(Chunk chunk) {
        return places.computeIfAbsent(chunk.blobAndHash(), blob -> new Place());
    }

    /**
     * Returns the chunk in a record of the archive, which was verified when the archive was opened.
     */
    private static Chunk chunk(LogRecord record) {
        return Chunk.of(record).orElseThrow(() -> new RefusedFileException("holds a chunk without its headers"));
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
