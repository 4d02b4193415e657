package basin.log.blob;

import basin.log.CrashPoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.LogWriter;
import basin.study.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads and writes blobs of many megabytes in the log. A blob is split into chunks that lie in one
 * partition, each with the SHA-256 of the whole. Reads are verified. Keeps a few connections open
 * for later reads. Thread-safe.
 */
public final class ChunkedBlobs implements AutoCloseable {
    /**
     * Largest number of bytes in a chunk. With key and headers a chunk is below Kafka's default
     * record limit.
     */
    public static final int CHUNK_BYTES = 1_000_000;

    /** The keys of the chunks' records. */
    public enum Keys {
        /** The blob's name for every chunk, for topics that keep everything. */
        BY_BLOB,
        /**
         * The blob's name and the chunk's index, so that in a compacted topic a blob overwrites its
         * predecessor.
         */
        BY_CHUNK
    }

    /** Largest number of idle connections kept. */
    private static final int MAX_KEPT = 4;

    private final LogSource log;
    private final BlockingQueue<LogScan> kept = new ArrayBlockingQueue<>(MAX_KEPT);
    private volatile boolean closed;

    /**
     * Creates a reader of blobs.
     *
     * @param log where the blobs are
     */
    public ChunkedBlobs(LogSource log) {
        this.log = log;
    }

    /**
     * Writes a blob and returns when all of it is acknowledged. Writing it again is harmless.
     *
     * @param blob name of the blob, such as {@code run/step} or {@code run/slot}; determines the
     *     partition
     * @param headers further headers of every chunk
     * @throws KafkaException if a chunk was not acknowledged; the caller must not publish the blob
     */
    public static BlobLocation write(
            LogWriter writer, String topic, String blob, byte[] bytes, Keys keys, Map<String, String> headers) {
        int partition = writer.partitionOf(topic, blob);
        String sha256 = Sha256.hex(bytes);
        int count = Math.max(1, Math.ceilDiv(bytes.length, CHUNK_BYTES));
        List<CompletableFuture<LogPosition>> written = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            int from = index * CHUNK_BYTES;
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + CHUNK_BYTES));
            String key = keys == Keys.BY_BLOB ? blob : blob + "/" + index;
            Chunk chunk = new Chunk(blob, index, count, bytes.length, sha256, headers);
            CrashPoint.BEFORE_CHUNK.reached();
            written.add(writer.writeTo(topic, partition, key, part, chunk.headers()));
        }
        LongSummaryStatistics offsets = written.stream()
                .map(LogWriter::await)
                .peek(chunk -> CrashPoint.AFTER_CHUNK.reached())
                .mapToLong(LogPosition::offset)
                .summaryStatistics();
        return new BlobLocation(topic, partition, offsets.getMin(), offsets.getMax(), count, bytes.length, sha256);
    }

    /**
     * Reads a blob at a known location.
     *
     * @param limitBytes largest blob accepted
     * @throws KafkaException if the log cannot be read now; a retry may succeed
     */
    public BlobRead read(BlobLocation location, long limitBytes) {
        if (location.bytes() > limitBytes) {
            return tooLarge(location.firstPosition().toString(), location.bytes(), limitBytes);
        }
        LogScan before = kept.poll();
        if (before != null && readAndKeep(before, location) instanceof BlobRead.Found found) {
            return found;
        }
        // Topic and partition metadata of a kept connection may be stale.
        return readAndKeep(open(), location);
    }

    private BlobRead readAndKeep(LogScan scan, BlobLocation location) {
        boolean keeping = false;
        try {
            BlobRead read = read(scan, location);
            scan.rest();
            keeping = kept.offer(scan);
            return read;
        } finally {
            if (!keeping) {
                scan.close();
            } else if (closed) {
                close();
            }
        }
    }

    private static BlobRead read(LogScan scan, BlobLocation location) {
        TopicPartition partition = new TopicPartition(location.topic(), location.partition());
        String name = "the blob at " + location.firstPosition();
        if (!scan.partitions(location.topic()).contains(partition)) {
            return new BlobRead.Gone("There is no partition " + partition + ".");
        }
        LogScan.Extent extent = scan.extent(List.of(partition));
        if (location.firstOffset() < extent.begin(partition)) {
            return new BlobRead.Gone("The log has removed what lay in " + partition + " before offset "
                    + extent.begin(partition) + ", and with it " + name + ".");
        }
        if (location.lastOffset() >= extent.end(partition)) {
            return new BlobRead.Refused(
                    "The log ends at offset " + extent.end(partition) + ", before the end of " + name + ".");
        }
        BlobAssembler assembler = new BlobAssembler(name, location.sha256(), location.chunks(), location.bytes());
        read(scan, partition, location.firstOffset(), location.lastOffset() + 1, (chunk, record) -> {
            if (chunk.sha256().equals(location.sha256())) {
                assembler.take(chunk, record);
                assembler.hash();
            }
        });
        return assembler.assemble();
    }

    /** Passes the chunks from {@code from} to {@code to}, exclusive, to the handler, in order. */
    private static void read(
            LogScan scan, TopicPartition partition, long from, long to, BiConsumer<Chunk, LogRecord> handler) {
        scan.read(
                partition,
                from,
                to,
                record -> Chunk.of(record).ifPresent(chunk -> handler.accept(chunk, record)),
                (read, all) -> {});
    }

    /**
     * Searches a topic for a blob by name and hash, if its location is not known.
     *
     * @param limitBytes largest blob accepted
     * @throws KafkaException if the log cannot be read now; a retry may succeed
     */
    public BlobRead find(String topic, String blob, String sha256, long limitBytes) {
        return search(topic, blob, Optional.of(sha256), limitBytes);
    }

    /**
     * Returns the newest complete blob of a name, such as that of a slot that is overwritten
     * repeatedly.
     *
     * @param limitBytes largest blob accepted
     * @throws KafkaException if the log cannot be read now; a retry may succeed
     */
    public BlobRead newest(String topic, String blob, long limitBytes) {
        return search(topic, blob, Optional.empty(), limitBytes);
    }

    /**
     * Returns the blob of a name if its chunks are the last records of its partition, without
     * reading what lies before.
     *
     * @param limitBytes largest blob accepted
     * @throws KafkaException if the log cannot be read now; a retry may succeed
     */
    public BlobRead last(String topic, String blob, long limitBytes) {
        BlobRead none = new BlobRead.Gone("The last records are not those of " + blob + ".");
        try (LogScan scan = open()) {
            List<TopicPartition> partitions = scan.partitions(topic);
            if (partitions.isEmpty()) {
                return none;
            }
            TopicPartition partition = new TopicPartition(topic, LogWriter.partitionOf(blob, partitions.size()));
            LogScan.Extent extent = scan.extent(List.of(partition));
            long end = extent.end(partition);
            List<Chunk> chunks = new ArrayList<>();
            if (end > extent.begin(partition)) {
                read(scan, partition, end - 1, end, (chunk, record) -> chunks.add(chunk));
            }
            if (chunks.isEmpty() || !chunks.getFirst().blob().equals(blob)) {
                return none;
            }
            Chunk last = chunks.getFirst();
            if (last.bytes() > limitBytes) {
                return tooLarge(blob, last.bytes(), limitBytes);
            }
            return read(
                    scan,
                    new BlobLocation(
                            topic,
                            partition.partition(),
                            end - last.count(),
                            end - 1,
                            last.count(),
                            last.bytes(),
                            last.sha256()));
        }
    }

    private BlobRead search(String topic, String blob, Optional<String> sha256, long limitBytes) {
        BlobRead best = new BlobRead.Gone("The log holds no chunk of " + blob + ".");
        try (LogScan scan = open()) {
            List<TopicPartition> partitions = new ArrayList<>(scan.partitions(topic));
            if (partitions.isEmpty()) {
                return best;
            }
            TopicPartition likely = new TopicPartition(topic, LogWriter.partitionOf(blob, partitions.size()));
            // An import may have put the blob into another partition.
            partitions.remove(likely);
            partitions.addFirst(likely);
            for (TopicPartition partition : partitions) {
                LogScan.Extent extent = scan.extent(List.of(partition));
                BlobSearch search = new BlobSearch(blob, sha256, limitBytes);
                read(scan, partition, extent.begin(partition), extent.end(partition), search::take);
                BlobRead read = search.result();
                if (read instanceof BlobRead.Found) {
                    return read;
                }
                if (read instanceof BlobRead.Refused) {
                    best = read;
                }
            }
        }
        return best;
    }

    static BlobRead.Refused tooLarge(String blob, long bytes, long limitBytes) {
        return new BlobRead.Refused(
                "The blob " + blob + " has " + bytes + " bytes, more than the " + limitBytes + " that are taken.");
    }

    /** Closes the idle connections. Reading remains possible, but no longer keeps connections. */
    @Override
    public void close() {
        closed = true;
        for (LogScan one = kept.poll(); one != null; one = kept.poll()) {
            one.close();
        }
    }

    private LogScan open() {
        return log.ranges("blobs");
    }
}
