package basin.aggregator;

import basin.aggregator.fold.Fold;
import basin.aggregator.fold.FoldImage;
import basin.log.CrashPoint;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.blob.BlobRead;
import basin.log.blob.ChunkedBlobs;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.study.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of the fold, kept in the log so that a start need not fold everything again. Two slots
 * are written in turn, so one is always complete. The log remains authoritative: a snapshot that is
 * incomplete, of another version of the fold, or of topics that were replaced is ignored, and the
 * log is folded from its beginning. Thread-safe.
 */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final String TOPIC = Topic.SNAPSHOT.topicName();
    private static final int SLOTS = 2;

    /** Enough for an image of some millions of events. */
    private static final int MAX_BYTES = 256 << 20;

    /**
     * Smallest number of new events that justifies a snapshot; with fewer, a start is fast without
     * one.
     */
    static final int MIN_MORE = 5_000;

    private final KafkaEndpoint endpoint;
    private final LogWriter writer;
    private final ChunkedBlobs blobs;
    private final int leastMore;
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile long written;
    private int slot;

    Snapshots(KafkaEndpoint endpoint, LogWriter writer, int leastMore) {
        this.endpoint = endpoint;
        this.leastMore = leastMore;
        this.writer = writer;
        this.blobs = new ChunkedBlobs(endpoint);
    }

    /**
     * The state that belongs to an image.
     *
     * @param events number of events in the image
     * @param next the next position to read, for each partition of the folded topics
     * @param topicIds Kafka's ids of the topics, by name
     * @param records number of records read, by topic
     * @param duplicates number of duplicates among them
     * @param malformed number of malformed records among them
     */
    record State(
            long events,
            List<LogPosition> next,
            Map<String, String> topicIds,
            Map<String, Long> records,
            long duplicates,
            long malformed) {
        /** The state before anything is read. */
        static final State NONE = new State(0, List.of(), Map.of(), Map.of(), 0, 0);

        /** Returns this state with topic ids. */
        State of(Map<String, String> ids) {
            return new State(events, next, ids, records, duplicates, malformed);
        }
    }

    /** A fold and its state, from which reading continues, and the slot that they come from. */
    record Start(Fold fold, State state, int slot) {}

    /** A way to read a blob of a topic by its name. */
    @FunctionalInterface
    private interface Read {
        BlobRead read(String topic, String blob, long limitBytes);
    }

    /** Returns the newest snapshot that fits the log; empty if there is none. */
    synchronized Optional<Start> newest() {
        // Normally the newest is complete, and nothing was written after it.
        Optional<Start> newest = starts(blobs::last)
                .findFirst()
                .or(() -> starts(blobs::newest)
                        .max(Comparator.comparingLong(start -> start.state().events())));
        newest.ifPresent(start -> written = start.state().events());
        // The next snapshot is written to the other slot.
        slot = newest.map(start -> (start.slot() + 1) % SLOTS).orElse(0);
        return newest;
    }

    private Stream<Start> starts(Read reading) {
        return IntStream.range(0, SLOTS).boxed().flatMap(one -> read(one, reading).stream());
    }

    private Optional<Start> read(int one, Read reading) {
        try {
            if (!(reading.read(TOPIC, name(one), MAX_BYTES) instanceof BlobRead.Found found)) {
                return Optional.empty();
            }
            State state =
                    Json.mapper().readValue(found.headers().getOrDefault(RecordHeaders.SNAPSHOT, ""), State.class);
            if (!fits(state)) {
                LOG.info("A snapshot of {} events is of other topics than these, and is left aside.", state.events());
                return Optional.empty();
            }
            Optional<Fold> fold = FoldImage.read(found.bytes());
            if (fold.isEmpty()) {
                LOG.info("A snapshot of {} events is of another version, and is left aside.", state.events());
            }
            return fold.map(image -> new Start(image, state, one));
        } catch (KafkaException | JsonProcessingException unreadable) {
            LOG.info("A snapshot cannot be read and is left aside: {}", unreadable.getMessage());
            return Optional.empty();
        }
    }

    private boolean fits(State state) {
        try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
            if (!admin.topicIds(folded()).equals(state.topicIds())) {
                return false;
            }
            List<LogPosition> ends = admin.ends(folded());
            return state.next().stream()
                    .allMatch(next -> ends.stream()
                            .anyMatch(end -> end.topic().equals(next.topic())
                                    && end.partition() == next.partition()
                                    && end.offset() >= next.offset()));
        }
    }

    private static List<String> folded() {
        return Topic.folded().stream().map(Topic::topicName).toList();
    }

    private static String name(int slot) {
        return "aggregator/" + slot;
    }

    /** Writes a snapshot on a separate thread if enough events have arrived since the last one. */
    void keep(LiveFold fold) {
        if (!isDue(fold.events()) || !writing.compareAndSet(false, true)) {
            return;
        }
        Optional<LiveFold.Moment> moment = fold.moment();
        if (moment.isEmpty()) {
            writing.set(false);
            return;
        }
        Thread.ofPlatform().name("aggregator-snapshot").daemon().start(() -> {
            try {
                write(moment.get());
            } catch (RuntimeException notKept) {
                LOG.warn("A snapshot could not be kept; the log still has everything.", notKept);
            } finally {
                writing.set(false);
            }
        });
    }

    /**
     * Returns whether enough events have arrived since the last snapshot: half as many again, so
     * that the bytes of all snapshots stay within a few times those of the log.
     */
    private boolean isDue(long events) {
        return events >= written + Math.max(leastMore, written / 2);
    }

    /** Writes a snapshot. If that fails, the log still has everything. */
    synchronized void write(LiveFold.Moment moment) {
        long events = moment.state().events();
        // Set even if the write fails, because the same attempt would fail again and again.
        written = events;
        try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
            Optional<byte[]> image = FoldImage.write(moment.standing(), MAX_BYTES);
            if (image.isEmpty()) {
                LOG.warn("A snapshot of {} events is more than {} bytes, and is not kept.", events, MAX_BYTES);
                return;
            }
            State state = moment.state().of(admin.topicIds(folded()));
            CrashPoint.BEFORE_SNAPSHOT.reached();
            ChunkedBlobs.write(
                    writer,
                    TOPIC,
                    name(slot),
                    image.get(),
                    ChunkedBlobs.Keys.BY_CHUNK,
                    Map.of(RecordHeaders.SNAPSHOT, new String(Json.canonical(state), StandardCharsets.UTF_8)));
            CrashPoint.AFTER_SNAPSHOT.reached();
            slot = (slot + 1) % SLOTS;
            LOG.info("A snapshot of {} events is kept, {} bytes.", events, image.get().length);
        } catch (KafkaException notNow) {
            LOG.warn("A snapshot of {} events could not be kept: {}", events, notNow.getMessage());
        }
    }
}
