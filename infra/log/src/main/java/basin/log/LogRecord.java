package basin.log;

import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in the log.
 *
 * @param position where it lies
 * @param key its key in UTF-8, empty if it has none
 * @param value its bytes; shared, so not to be changed; of length 0 for a tombstone
 * @param tombstone whether the record says that its key is no more
 * @param headers the last header of every name, as UTF-8 text
 * @param timestampMillis when it was written, in milliseconds since 1970; never part of a result
 */
@SuppressWarnings("ArrayRecordComponent") // Chunks of a megabyte: copies would cost more than they guard.
public record LogRecord(
        LogPosition position,
        String key,
        byte[] value,
        boolean tombstone,
        Map<String, String> headers,
        long timestampMillis) {

    /** The record that a consumer read; its value is not copied. */
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

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    public String topic() {
        return position.topic();
    }

    public int partition() {
        return position.partition();
    }

    public long offset() {
        return position.offset();
    }

    /** The value as text; empty where it is not UTF-8. */
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

    /** The same record with a value of length 0, for callers that keep many. */
    public LogRecord withoutValue() {
        return new LogRecord(position, key, new byte[0], tombstone, headers, timestampMillis);
    }

    /** The event in the value; empty where this program cannot read it. The aggregator reports such records. */
    public Optional<Event> event() {
        try {
            return Optional.of(EventCodec.decode(value));
        } catch (MalformedEventException unreadable) {
            return Optional.empty();
        }
    }

    /** The header of this name, if the record has it. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
