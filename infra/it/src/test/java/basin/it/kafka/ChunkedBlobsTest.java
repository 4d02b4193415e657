package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogTail;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.blob.BlobLocation;
import basin.log.blob.BlobRead;
import basin.log.blob.ChunkedBlobs;
import basin.log.blob.ChunkedBlobs.Keys;
import basin.study.Refusal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that blobs are read as they were written, or not at all. */
@ExtendWith(SharedBroker.class)
class ChunkedBlobsTest {
    private static final long NO_LIMIT = 1L << 30;
    private static final Map<String, String> STEP = Map.of("step", "100");

    private final KafkaEndpoint endpoint;
    private final LogWriter writer;
    private final ChunkedBlobs blobs;
    private String topic = "";

    ChunkedBlobsTest(KafkaEndpoint endpoint) {
        this.endpoint = endpoint;
        this.writer = LogWriter.open(endpoint, "blob-test");
        this.blobs = new ChunkedBlobs(endpoint);
    }

    @BeforeEach
    void makeTopic(TestInfo test) {
        topic = "blobs." + test.getTestMethod().orElseThrow().getName();
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(topic, 3)));
    }

    @AfterEach
    void closeWriter() {
        blobs.close();
        writer.close();
    }

    @Test
    void fiveMegabytesComeBackWithTheirHeadersFromOnePartition() {
        byte[] whole = random(1, 5 << 20);
        BlobLocation location = ChunkedBlobs.write(writer, topic, "run-1/100/weights", whole, Keys.BY_BLOB, STEP);

        assertThat(location.chunks()).isEqualTo(6);
        assertThat(location.bytes()).isEqualTo(5 << 20);
        assertThat(blobs.read(location, NO_LIMIT)).isInstanceOfSatisfying(BlobRead.Found.class, found -> {
            assertThat(found.bytes()).isEqualTo(whole);
            assertThat(found.location()).isEqualTo(location);
            assertThat(found.headers()).isEqualTo(STEP);
        });
        assertThat(records(topic)).hasSize(6).allSatisfy(record -> {
            assertThat(record.partition()).isEqualTo(location.partition());
            assertThat(record.value().length).isLessThanOrEqualTo(1_000_000);
        });
    }

    @Test
    void oneReaderReadsBlobAfterBlobFromTopicToTopic() {
        String later = topic + ".later";
        byte[] first = random(1, 2_500_000);
        byte[] second = random(2, 1_500_000);
        byte[] third = random(3, 100);
        BlobLocation here = ChunkedBlobs.write(writer, topic, "run-1/100/weights", first, Keys.BY_BLOB, STEP);
        assertThat(read(here)).isEqualTo(first);

        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(later, 3)));
        BlobLocation there = ChunkedBlobs.write(writer, later, "run-1/100/weights", second, Keys.BY_BLOB, STEP);
        BlobLocation again = ChunkedBlobs.write(writer, topic, "run-1/200/weights", third, Keys.BY_BLOB, STEP);
        assertThat(read(there)).isEqualTo(second);
        assertThat(read(again)).isEqualTo(third);
        assertThat(read(here)).isEqualTo(first);

        blobs.close();
        assertThat(read(there)).isEqualTo(second);
    }

    @Test
    void ofAChunkThatLiesTwiceTheLastCounts() {
        byte[] whole = random(5, 2_500_000);
        BlobLocation first = ChunkedBlobs.write(writer, topic, "run-1/100/weights", whole, Keys.BY_BLOB, STEP);
        String copied = topic + ".copied";
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(copied, 1)));
        List<LogRecord> chunks = records(topic);
        LogRecord begin = chunks.getFirst();
        byte[] damaged = begin.value().clone();
        damaged[0] ^= 1;
        writer.writeTo(copied, 0, begin.key(), damaged, begin.headers()).join();
        chunks.stream()
                .skip(1)
                .forEach(chunk -> writer.writeTo(copied, 0, chunk.key(), chunk.value(), chunk.headers())
                        .join());
        writer.writeTo(copied, 0, begin.key(), begin.value(), begin.headers()).join();
        BlobLocation twice = new BlobLocation(copied, 0, 0, 3, first.chunks(), first.bytes(), first.sha256());
        assertThat(read(twice)).isEqualTo(whole);
    }

    private byte[] read(BlobLocation location) {
        return blobs.read(location, NO_LIMIT) instanceof BlobRead.Found found ? found.bytes() : new byte[0];
    }

    @Test
    void aBlobIsFoundByNameAndHashWhereItsPlaceIsUnknown() {
        byte[] whole = random(2, 2_500_000);
        ChunkedBlobs.write(writer, topic, "run-1/100/weights", random(3, 1_500_000), Keys.BY_BLOB, Map.of());
        BlobLocation location = ChunkedBlobs.write(writer, topic, "run-1/200/weights", whole, Keys.BY_BLOB, Map.of());

        assertThat(blobs.find(topic, "run-1/200/weights", location.sha256(), NO_LIMIT))
                .isInstanceOfSatisfying(
                        BlobRead.Found.class, found -> assertThat(found.bytes()).isEqualTo(whole));
        assertThat(blobs.find(topic, "run-1/300/weights", location.sha256(), NO_LIMIT))
                .isInstanceOf(BlobRead.Gone.class);
    }

    @Test
    void aBlobIsFoundInAnotherPartitionThanItsNameSays() {
        byte[] whole = random(4, 1_500_000);
        BlobLocation location = ChunkedBlobs.write(writer, topic, "run-1/100/weights", whole, Keys.BY_BLOB, STEP);
        String imported = topic + ".imported";
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(imported, 3)));
        int elsewhere = (location.partition() + 1) % 3;
        records(topic)
                .forEach(record -> writer.writeTo(imported, elsewhere, record.key(), record.value(), record.headers())
                        .join());

        assertThat(blobs.find(imported, "run-1/100/weights", location.sha256(), NO_LIMIT))
                .isInstanceOfSatisfying(
                        BlobRead.Found.class, found -> assertThat(found.bytes()).isEqualTo(whole));
    }

    @Test
    void aFlippedBitIsRefused() {
        BlobLocation copy = copyWith(record -> {
            byte[] damaged = record.value().clone();
            damaged[damaged.length / 2] ^= 1;
            return damaged;
        });
        assertThat(blobs.read(copy, NO_LIMIT))
                .isInstanceOfSatisfying(
                        BlobRead.Refused.class,
                        refused -> assertThat(refused.reason()).contains("SHA-256"));
    }

    @Test
    void aChunkCutShortIsRefused() {
        BlobLocation copy = copyWith(record -> Arrays.copyOf(record.value(), record.value().length - 1));
        assertThat(blobs.read(copy, NO_LIMIT))
                .isInstanceOfSatisfying(
                        BlobRead.Refused.class,
                        refused -> assertThat(refused.reason()).contains("2499999 bytes"));
    }

    @Test
    void aMissingChunkIsRefusedByPlaceAndByName() {
        BlobLocation whole =
                ChunkedBlobs.write(writer, topic, "run-1/100/weights", random(5, 2_500_000), Keys.BY_BLOB, Map.of());
        String holed = topic + ".holed";
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(holed, 1)));
        List<LogPosition> kept = records(topic).stream()
                .filter(record -> !record.header("basin_chunk_index").equals(Optional.of("1")))
                .map(record -> writer.writeTo(holed, 0, record.key(), record.value(), record.headers())
                        .join())
                .toList();
        BlobLocation location = new BlobLocation(
                holed, 0, kept.getFirst().offset(), kept.getLast().offset(), 3, whole.bytes(), whole.sha256());

        assertThat(blobs.read(location, NO_LIMIT))
                .isInstanceOfSatisfying(
                        BlobRead.Refused.class,
                        refused -> assertThat(refused.reason()).contains("chunk 1 of 3 is missing"));
        assertThat(blobs.find(holed, "run-1/100/weights", whole.sha256(), NO_LIMIT))
                .isInstanceOf(BlobRead.Refused.class);
    }

    @Test
    void aBlobLargerThanTheReaderTakesIsRefusedUnread() {
        BlobLocation location = ChunkedBlobs.write(writer, topic, "big", random(6, 10_000), Keys.BY_BLOB, Map.of());
        assertThat(blobs.read(location, 9_999)).isInstanceOf(BlobRead.Refused.class);
        assertThat(blobs.find(topic, "big", location.sha256(), 9_999)).isInstanceOf(BlobRead.Refused.class);
        assertThat(blobs.read(location, 10_000)).isInstanceOf(BlobRead.Found.class);
    }

    @Test
    void whatTheLogHasRemovedIsGone() throws Exception {
        BlobLocation location = ChunkedBlobs.write(writer, topic, "old", random(7, 10_000), Keys.BY_BLOB, Map.of());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", endpoint.bootstrapServers()))) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(topic, location.partition()),
                            RecordsToDelete.beforeOffset(location.lastOffset() + 1)))
                    .all()
                    .get();
        }
        assertThat(blobs.read(location, NO_LIMIT)).isInstanceOf(BlobRead.Gone.class);
        assertThat(blobs.find(topic, "old", location.sha256(), NO_LIMIT)).isInstanceOf(BlobRead.Gone.class);
    }

    @Test
    void theNewestCompleteStateOfASlotCounts() {
        byte[] first = random(8, 2_100_000);
        byte[] second = random(9, 1_900_000);
        ChunkedBlobs.write(writer, topic, "run-1/0", first, Keys.BY_CHUNK, Map.of("step", "100"));
        ChunkedBlobs.write(writer, topic, "run-1/0", second, Keys.BY_CHUNK, Map.of("step", "300"));
        BlobLocation third = ChunkedBlobs.write(
                writer, topic, "run-1/0", random(10, 1_800_000), Keys.BY_CHUNK, Map.of("step", "500"));
        String interrupted = topic + ".interrupted";
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.compacted(interrupted, 3)));
        // Simulates a writer that died between the two chunks of its third state.
        records(topic).stream()
                .filter(record -> record.offset() < third.lastOffset())
                .forEach(record -> writer.writeTo(
                                interrupted, third.partition(), record.key(), record.value(), record.headers())
                        .join());

        assertThat(blobs.newest(interrupted, "run-1/0", NO_LIMIT))
                .isInstanceOfSatisfying(BlobRead.Found.class, found -> {
                    assertThat(found.bytes()).isEqualTo(second);
                    assertThat(found.headers()).isEqualTo(Map.of("step", "300"));
                });
    }

    @Test
    void aPlaceTravelsInHeaders() {
        BlobLocation place = new BlobLocation("weights", 2, 10, 14, 3, 2_500_000, "0f".repeat(32));
        assertThat(BlobLocation.fromHeaders(place.headers(), 3, 2_500_000, "0f".repeat(32)))
                .contains(place);
        assertThat(BlobLocation.fromHeaders(Map.of(), 3, 2_500_000, "0f".repeat(32)))
                .isEmpty();
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> new BlobLocation("weights", 0, 5, 4, 1, 1, "0f".repeat(32)));
    }

    /**
     * Writes a blob and a copy of its records with another last chunk; returns the location of the
     * copy.
     */
    private BlobLocation copyWith(Function<LogRecord, byte[]> lastChunk) {
        BlobLocation whole =
                ChunkedBlobs.write(writer, topic, "run-1/100/weights", random(11, 2_500_000), Keys.BY_BLOB, Map.of());
        String copied = topic + ".copied";
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(copied, 1)));
        List<LogPosition> written = records(topic).stream()
                .map(record -> {
                    byte[] value = record.offset() == whole.lastOffset() ? lastChunk.apply(record) : record.value();
                    return writer.writeTo(copied, 0, record.key(), value, record.headers())
                            .join();
                })
                .toList();
        return new BlobLocation(
                copied,
                0,
                written.getFirst().offset(),
                written.getLast().offset(),
                whole.chunks(),
                whole.bytes(),
                whole.sha256());
    }

    private List<LogRecord> records(String of) {
        Queue<LogRecord> read = new ConcurrentLinkedQueue<>();
        try (LogTail tail = LogTail.start(endpoint, "blob-test", List.of(of), read::add)) {
            tail.awaitCaughtUp(Duration.ofSeconds(30));
        } catch (Exception notRead) {
            throw new AssertionError(notRead);
        }
        return read.stream().sorted(Comparator.comparingLong(LogRecord::offset)).toList();
    }

    private static byte[] random(long seed, int bytes) {
        byte[] random = new byte[bytes];
        new Random(seed).nextBytes(random);
        return random;
    }
}
