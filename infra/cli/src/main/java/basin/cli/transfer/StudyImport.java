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
import basin.study.Ids;
import basin.study.Refusal;
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
 * Writes a study's record from a file into a Kafka. A file is opened, and with that checked in full, before anything is written; what the
 * Kafka holds already is left alone, so that an import that was cut short is made up by the next. Of one thread.
 */
public final class StudyImport implements AutoCloseable {
    /** Records under way at once. */
    private static final int UNDER_WAY = 256;
    /** Of these, chunks of a megabyte. */
    private static final int CHUNKS_UNDER_WAY = 16;

    private final Path file;
    private final RecordArchive archive;
    private final Watcher watcher;
    /** By blob and hash, where its chunks lie in this Kafka. */
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    private int checkpoints;
    private int withWeights;

    private StudyImport(Path file, RecordArchive archive, Watcher watcher) {
        this.file = file;
        this.archive = archive;
        this.watcher = watcher;
    }

    /**
     * Opens a file and checks all of it.
     *
     * @throws Refusal in one sentence, where it is not what an export wrote
     * @throws IOException where it cannot be read
     */
    public static StudyImport open(Path file, Watcher watcher) throws IOException {
        try {
            return new StudyImport(file, RecordArchive.open(file, watcher), watcher);
        } catch (RefusedFileException refused) {
            throw refused(file, refused);
        }
    }

    private static Refusal refused(Path file, RefusedFileException refused) {
        return new Refusal(file + " " + refused.getMessage() + ": give a file as infra/basin export wrote it.");
    }

    /** The study in the file. */
    public String studyId() {
        return archive.manifest().studyId();
    }

    /** How many records there are. */
    public long records() {
        return archive.manifest().records();
    }

    /** How much they take, unpacked. */
    public long bytes() {
        return archive.manifest().bytes();
    }

    /** Where a blob's chunks lie. */
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

    /**
     * Writes what is not there yet, and returns when all of it is acknowledged.
     *
     * @param endpoint a Kafka with Basin's topics
     * @throws KafkaException if a record was not acknowledged; the same import again goes on from there
     */
    public Transferred write(KafkaEndpoint endpoint) throws IOException {
        List<Transferred.Topic> topics = new ArrayList<>();
        try (LogScan scan = LogScan.open(endpoint, "import");
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
        // A blob that is there in part is written anew as a whole, because all its chunks lie together.
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
     * Writes those records of a topic that are not there yet.
     *
     * @param underWay records whose acknowledgement is waited for at once, at most
     * @param headers of a record; asked for every record
     * @param written told of every record that was acknowledged, on the writer's thread
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

    /** What a record is, apart from where and when: the same in every Kafka. */
    private static String mark(Topic topic, LogRecord record) {
        if (topic == Topic.DEAD_LETTER) {
            return DeadLetter.of(record)
                    .map(DeadLetter::id)
                    .orElseGet(() -> record.header(RecordHeaders.REDRIVEN_LETTER)
                                    .orElse("") + " "
                            + record.header(RecordHeaders.REDRIVEN_TIMES).orElse(""));
        }
        return record.key() + " " + Ids.hex(record.value()).substring(0, 32);
    }

    private Map<String, String> headers(Topic topic, LogRecord record) {
        Map<String, String> headers = new HashMap<>(record.headers());
        if (topic == Topic.DEAD_LETTER) {
            // Its origin is a place in another Kafka.
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

    /** The chunk that a record of the archive is; opening the archive has checked that it is one. */
    private static Chunk chunk(LogRecord record) {
        return Chunk.of(record).orElseThrow(() -> new RefusedFileException("holds a chunk without its headers"));
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
