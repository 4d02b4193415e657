package basin.log;

import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.study.SafeText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A record read from the log.
 *
 * @param position its position
 * @param key its key in UTF-8, empty if it has none
 * @param value its bytes; shared and not to be modified; of length 0 for a tombstone
 * @param tombstone whether the record deletes its key
 * @param headers the last header of every name, as UTF-8 text
 * @param timestampMillis record timestamp, in milliseconds since 1970; never part of a result
 */
@SuppressWarnings("ArrayRecordComponent") // Chunks of a megabyte, too large to copy for protection.
public record LogRecord(
        LogPosition position,
        String key,
        byte[] value,
        boolean tombstone,
        Map<String, String> headers,
        long timestampMillis) {

    /** Converts a consumer's record; its value is not copied. */
    public static LogRecord of(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        return new LogRecord(
                new LogPosition(record.topic(), record.partition(), record.offset()),
                text(record.key()),
                value == null ? new byte[0] : value,
                value == null,
                new HeaderTexts(record.headers()),
                record.timestamp());
    }

    /** Converts a record of a segment file; its value is copied. */
    public static LogRecord of(TopicPartition partition, Record record) {
        return new LogRecord(
                new LogPosition(partition.topic(), partition.partition(), record.offset()),
                record.hasKey() ? StandardCharsets.UTF_8.decode(record.key()).toString() : "",
                record.hasValue() ? Utils.toArray(record.value()) : new byte[0],
                !record.hasValue(),
                new HeaderTexts(new RecordHeaders(record.headers())),
                record.timestamp());
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns the topic's name. */
    public String topic() {
        return position.topic();
    }

    /** Returns the partition, from 0. */
    public int partition() {
        return position.partition();
    }

    /** Returns the offset in the partition, from 0. */
    public long offset() {
        return position.offset();
    }

    /** Returns the value as text; empty if it is not UTF-8. */
    public Optional<String> utf8() {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }

    /** Returns this record with a value of length 0, for callers that keep many. */
    public LogRecord withoutValue() {
        return new LogRecord(position, key, new byte[0], tombstone, headers, timestampMillis);
    }

    /**
     * Decodes the event in the value.
     *
     * @throws MalformedEventException if the bytes are no event that this program knows, or the
     *     event belongs in another topic or under another key
     */
    public Event decode() throws MalformedEventException {
        Event event = EventCodec.decode(value);
        if (!topic().equals(event.topic().topicName())) {
            throw new MalformedEventException("the record is in the topic " + topic() + ", and the event belongs in "
                    + event.topic().topicName());
        }
        if (!key.equals(event.key())) {
            throw new MalformedEventException(
                    "the record's key is '" + SafeText.line(key, 100) + "', and the event's is '" + event.key() + "'");
        }
        return event;
    }

    /**
     * Returns the event in the value; empty if this program cannot decode it. The aggregator
     * reports such records.
     */
    public Optional<Event> event() {
        try {
            return Optional.of(decode());
        } catch (MalformedEventException unreadable) {
            return Optional.empty();
        }
    }

    /** Returns the header of this name, if the record has it. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
