package basin.it.fuzz;

import basin.record.Event;
import basin.record.EventCodec;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.work.WorkItem;
import basin.study.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A small record in Kafka's segment files, made without a broker. */
final class RecordFolder {
    private static final String SEGMENT = "00000000000000000000.log";
    private static final byte[] WEIGHTS = new byte[512];

    /** Places in a record batch, from Kafka's documentation of the format. */
    private static final int LENGTH_AT = 8;

    private static final int CRC_AT = 17;
    private static final int BEFORE_LENGTH = 12;

    private RecordFolder() {}

    /** Writes the segments of all topics that these events and items need, a partition each. */
    static void write(Path logs, List<? extends Event> events, List<WorkItem> items) throws IOException {
        for (Topic topic : Topic.values()) {
            List<SimpleRecord> records = new ArrayList<>();
            for (Event event : events) {
                if (event.topic() == topic) {
                    records.add(
                            record(event.key(), EventCodec.encode(event), Map.of(RecordHeaders.EVENT_ID, event.id())));
                }
                if (topic == Topic.WEIGHTS && event instanceof Event.CheckpointPublished published) {
                    records.add(chunk(published.runId() + "/" + published.step()));
                }
            }
            for (WorkItem item : items) {
                if (item.topic() == topic) {
                    records.add(record(item.key(), item.encode(), item.headers()));
                }
            }
            if (topic == Topic.DEAD_LETTER) {
                records.add(record(
                        "key",
                        new byte[] {1, 2, 3},
                        Map.of(
                                RecordHeaders.DEAD_KIND, "poison",
                                RecordHeaders.DEAD_REASON, "it is no event",
                                RecordHeaders.ORIGIN_TOPIC, "basin.run",
                                RecordHeaders.ORIGIN_PARTITION, "0",
                                RecordHeaders.ORIGIN_OFFSET, "7")));
            }
            Files.createDirectories(segment(logs, topic).getParent());
            Files.write(segment(logs, topic), batches(records));
        }
    }

    /** Returns the file that holds a topic's records. */
    static Path segment(Path logs, Topic topic) {
        return logs.resolve(topic.topicName() + "-0").resolve(SEGMENT);
    }

    private static SimpleRecord chunk(String blob) {
        return record(
                blob,
                WEIGHTS,
                Map.of(
                        RecordHeaders.CHUNK_BLOB,
                        blob,
                        RecordHeaders.CHUNK_INDEX,
                        "0",
                        RecordHeaders.CHUNK_COUNT,
                        "1",
                        RecordHeaders.BLOB_BYTES,
                        String.valueOf(WEIGHTS.length),
                        RecordHeaders.BLOB_SHA256,
                        Sha256.hex(WEIGHTS)));
    }

    private static SimpleRecord record(String key, byte[] value, Map<String, String> headers) {
        return new SimpleRecord(
                1_700_000_000_000L,
                key.getBytes(StandardCharsets.UTF_8),
                value,
                headers.entrySet().stream()
                        .map(one ->
                                new RecordHeader(one.getKey(), one.getValue().getBytes(StandardCharsets.UTF_8)))
                        .toArray(Header[]::new));
    }

    /** Returns batches of a few records each, every second one compressed. */
    private static byte[] batches(List<SimpleRecord> records) {
        ByteBuffer out = ByteBuffer.allocate(1 << 20);
        for (int from = 0; from < records.size(); from += 4) {
            out.put(MemoryRecords.withRecords(
                            (long) from,
                            from % 8 == 0
                                    ? Compression.NONE
                                    : Compression.gzip().build(),
                            records.subList(from, Math.min(from + 4, records.size()))
                                    .toArray(SimpleRecord[]::new))
                    .buffer());
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** Returns the segment with right checksums of its batches, as far as they are whole. */
    static byte[] withChecksums(byte[] segment) {
        ByteBuffer bytes = ByteBuffer.wrap(segment.clone());
        int at = 0;
        while (at + CRC_AT + Integer.BYTES <= bytes.limit()) {
            int length = bytes.getInt(at + LENGTH_AT);
            long end = at + (long) BEFORE_LENGTH + length;
            if (length < CRC_AT || end > bytes.limit()) {
                break;
            }
            CRC32C crc = new CRC32C();
            crc.update(bytes.slice(at + CRC_AT + Integer.BYTES, (int) end - at - CRC_AT - Integer.BYTES));
            bytes.putInt(at + CRC_AT, (int) crc.getValue());
            at = (int) end;
        }
        return bytes.array();
    }
}
