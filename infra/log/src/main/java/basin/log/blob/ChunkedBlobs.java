package basin.log.blob;

import basin.log.CrashPoint;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogScan;
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
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Blobs of many megabytes in the log, cut into chunks that all lie in one partition, each with the SHA-256 of the whole.
 * What is read is verified. Keeps a few connections open for the next blob that is read. Safe for use by several threads.
 */
public final class ChunkedBlobs implements AutoCloseable {
    /** The most bytes of a chunk: with key and headers it stays below the record limit of a Kafka that is as it comes. */
    public static final int CHUNK_BYTES = 1_000_000;

    /** How the chunks' records are keyed. */
    public enum Keys {
        /** Every chunk by the blob's name: for topics that keep everything. */
        BY_BLOB,
        /** Every chunk by the blob's name and its index: in a compacted topic a blob overwrites the one before it. */
        BY_CHUNK
    }

    /** So many readers at once keep their connections. */
    private static final int MAX_KEPT = 4;

    private final KafkaEndpoint endpoint;
    private final LogWriter writer;
    private final BlockingQueue<LogScan> kept = new ArrayBlockingQueue<>(MAX_KEPT);
    private volatile boolean closed;

    /**
     * Blobs behind this endpoint.
     *
     * @param endpoint where they are read
     * @param writer writes them
     */
    public ChunkedBlobs(KafkaEndpoint endpoint, LogWriter writer) {
        this.endpoint = endpoint;
        this.writer = writer;
    }

    /**
     * Writes a blob and returns when all of it is acknowledged. Writing it again does no harm.
     *
     * @param blob its name, as in {@code run/step/name} or {@code run/slot}; decides the partition
     * @param headers further headers of every chunk
     * @throws KafkaException if a chunk was not acknowledged; the blob must then not be named to anybody
     */
    public BlobLocation write(String topic, String blob, byte[] bytes, Keys keys, Map<String, String> headers) {
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
     * Reads a blob where it is said to lie.
     *
     * @param limitBytes the largest blob that the reader takes
     * @throws KafkaException if the log cannot be read now; reading may succeed later
     */
    public BlobRead read(BlobLocation location, long limitBytes) {
        if (location.bytes() > limitBytes) {
            return tooLarge(location.firstPosition().toString(), location.bytes(), limitBytes);
        }
        LogScan before = kept.poll();
        if (before != null && readAndKeep(before, location) instanceof BlobRead.Found found) {
            return found;
        }
        // What a kept connection knows of topics and partitions may be out of date.
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

    /** Hands over the chunks from one offset up to, not including, another, in their order. */
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
     * Looks for a blob by its name and hash through its topic, for where its place is not known.
     *
     * @param limitBytes the largest blob that the reader takes
     * @throws KafkaException if the log cannot be read now; reading may succeed later
     */
    public BlobRead find(String topic, String blob, String sha256, long limitBytes) {
        return search(topic, blob, Optional.of(sha256), limitBytes);
    }

    /**
     * The newest complete blob of a name, as of a slot that is written again and again.
     *
     * @param limitBytes the largest blob that the reader takes
     * @throws KafkaException if the log cannot be read now; reading may succeed later
     */
    public BlobRead newest(String topic, String blob, long limitBytes) {
        return search(topic, blob, Optional.empty(), limitBytes);
    }

    private BlobRead search(String topic, String blob, Optional<String> sha256, long limitBytes) {
        BlobRead best = new BlobRead.Gone("The log holds no chunk of " + blob + ".");
        try (LogScan scan = open()) {
            List<TopicPartition> partitions = new ArrayList<>(scan.partitions(topic));
            TopicPartition likely = new TopicPartition(topic, writer.partitionOf(topic, blob));
            // An import may have put it elsewhere.
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

    /** Closes the connections that were kept; reading goes on to be possible, and keeps none. */
    @Override
    public void close() {
        closed = true;
        for (LogScan one = kept.poll(); one != null; one = kept.poll()) {
            one.close();
        }
    }

    private LogScan open() {
        return LogScan.open(
                endpoint,
                "blobs",
                Map.of(
                        // No other offset can take the place of one that is out of range.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        // What is read is there already; a fetch that waits for more would only hold up the close.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        5,
                        // Some chunks at a time: while they are hashed the next are on their way.
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 << 20,
                        // As the system sizes it: the client's own 64 KiB take a megabyte in many small steps.
                        ConsumerConfig.RECEIVE_BUFFER_CONFIG,
                        -1));
    }
}
