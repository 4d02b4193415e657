package basin.cli.transfer;

import basin.log.KafkaEndpoint;
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
    private final Map<String, Place> places = new HashMap<>();

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

        void take(Chunk chunk, LogPosition position) {
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
        int[] checkpoints = new int[2];
        try (LogScan scan = LogScan.open(endpoint, "import");
                LogWriter writer = LogWriter.open(endpoint, "import")) {
            for (Topic topic : RecordFile.TOPICS) {
                topics.add(topic == Topic.WEIGHTS ? weights(scan, writer) : records(topic, scan, writer, checkpoints));
            }
        } catch (RefusedFileException changedMeanwhile) {
            throw refused(file, changedMeanwhile);
        }
        return new Transferred(studyId(), topics, checkpoints[0], checkpoints[1]);
    }

    private Transferred.Topic records(Topic topic, LogScan scan, LogWriter writer, int[] checkpoints)
            throws IOException {
        Set<String> keys = new HashSet<>();
        archive.read(topic, "looking at " + topic.topicName(), watcher, record -> keys.add(record.key()));
        Set<String> there = new HashSet<>();
        if (!keys.isEmpty()) {
            scan.read(
                    topic.topicName(),
                    record -> {
                        if (keys.contains(record.key())) {
                            there.add(mark(topic, record));
                        }
                    },
                    (read, all) -> watcher.at("looking for what is there of " + topic.topicName(), read, all));
        }
        long[] counts = new long[2];
        Deque<CompletableFuture<LogPosition>> underWay = new ArrayDeque<>();
        archive.read(topic, "writing " + topic.topicName(), watcher, record -> {
            Map<String, String> headers = headers(topic, record, checkpoints);
            if (there.contains(mark(topic, record))) {
                counts[1]++;
                return;
            }
            counts[0]++;
            underWay.add(
                    writer.writeAt(topic.topicName(), record.key(), record.value(), headers, record.timestampMillis()));
            if (underWay.size() >= UNDER_WAY) {
                LogPosition _ = LogWriter.await(underWay.remove());
            }
        });
        underWay.forEach(LogWriter::await);
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

    private Map<String, String> headers(Topic topic, LogRecord record, int[] checkpoints) {
        Map<String, String> headers = new HashMap<>(record.headers());
        if (topic == Topic.DEAD_LETTER) {
            // Its origin is a place in another Kafka.
            headers.put(RecordHeaders.IMPORTED, "true");
        }
        if (StudyRecords.event(record.value()).orElse(null) instanceof Event.CheckpointPublished published
                && topic == Topic.CHECKPOINT) {
            BlobLocation.removeFrom(headers);
            Optional<BlobLocation> location = location(published);
            location.ifPresent(place -> headers.putAll(place.headers()));
            checkpoints[0]++;
            checkpoints[1] += location.isPresent() ? 1 : 0;
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

    private Transferred.Topic weights(LogScan scan, LogWriter writer) throws IOException {
        Map<String, Integer> wanted = new HashMap<>();
        archive.read(
                Topic.WEIGHTS,
                "looking at " + Topic.WEIGHTS.topicName(),
                watcher,
                record -> Chunk.of(record).ifPresent(chunk -> wanted.put(blob(chunk), chunk.count())));
        if (!wanted.isEmpty()) {
            scan.read(
                    Topic.WEIGHTS.topicName(),
                    record -> Chunk.of(record)
                            .filter(chunk -> wanted.containsKey(blob(chunk)))
                            .ifPresent(chunk -> places.computeIfAbsent(blob(chunk), blob -> new Place())
                                    .take(chunk, record.position())),
                    (read, all) -> watcher.at("looking for what is there of " + Topic.WEIGHTS.topicName(), read, all));
        }
        // What is there in part is written anew as a whole: all chunks of a blob lie together.
        places.entrySet().removeIf(one -> one.getValue().chunks.cardinality() != wanted.getOrDefault(one.getKey(), 0));
        Set<String> complete = Set.copyOf(places.keySet());
        long[] counts = new long[2];
        Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
        archive.read(Topic.WEIGHTS, "writing " + Topic.WEIGHTS.topicName(), watcher, record -> {
            Chunk chunk =
                    Chunk.of(record).orElseThrow(() -> new RefusedFileException("holds a chunk without its headers"));
            if (complete.contains(blob(chunk))) {
                counts[1]++;
                return;
            }
            counts[0]++;
            Place place = places.computeIfAbsent(blob(chunk), blob -> new Place());
            underWay.add(writer.writeAt(
                            Topic.WEIGHTS.topicName(),
                            record.key(),
                            record.value(),
                            record.headers(),
                            record.timestampMillis())
                    .thenAccept(position -> {
                        synchronized (place) {
                            place.take(chunk, position);
                        }
                    }));
            if (underWay.size() >= CHUNKS_UNDER_WAY) {
                Void _ = LogWriter.await(underWay.remove());
            }
        });
        underWay.forEach(LogWriter::await);
        return new Transferred.Topic(Topic.WEIGHTS.topicName(), counts[0], counts[1]);
    }

    private static String blob(Chunk chunk) {
        return chunk.blob() + "@" + chunk.sha256();
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
