package basin.cli.transfer;

import basin.log.LogRecord;
import basin.log.LogWriter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A record as a line of JSON. Exactly one of {@code value}, {@code base64} and {@code bytes} is
 * present.
 *
 * @param timestamp milliseconds since 1970
 * @param value the record's value if it is UTF-8 text
 * @param base64 the record's value if it is not
 * @param bytes number of bytes of the value, which follow the line; for chunks of weights
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Line(
        String key,
        Map<String, String> headers,
        long timestamp,
        @Nullable String value,
        @Nullable String base64,
        @Nullable Integer bytes) {
    Line {
        Objects.requireNonNull(key);
        // {@code Map.copyOf} also rejects null keys and values.
        headers = new TreeMap<>(Map.copyOf(headers));
    }

    /** An upper bound on the bytes that Kafka adds to key, value and headers. */
    private static final int OVERHEAD_BYTES = 512;

    static Line text(LogRecord record) {
        Optional<String> text = record.utf8();
        return new Line(
                record.key(),
                record.headers(),
                record.timestampMillis(),
                text.orElse(null),
                text.isPresent() ? null : Base64.getEncoder().encodeToString(record.value()),
                null);
    }

    static Line beforeBytes(LogRecord record) {
        return new Line(record.key(), record.headers(), record.timestampMillis(), null, null, record.value().length);
    }

    /**
     * Returns the value that the line itself contains.
     *
     * @throws RefusedFileException if there is not exactly one value, or its base64 is invalid
     */
    byte[] held() {
        if (value != null && base64 == null && bytes == null) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        if (base64 != null && value == null && bytes == null) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException notBase64) {
                throw new RefusedFileException("holds a record whose base64 cannot be read");
            }
        }
        throw new RefusedFileException("holds a record without one value");
    }

    /** Returns whether a Kafka with default settings accepts this record. */
    boolean fits(int valueBytes) {
        long size = OVERHEAD_BYTES + key.length() * 3L + valueBytes;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            size += 16 + header.getKey().length() * 3L + header.getValue().length() * 3L;
        }
        return size <= LogWriter.MAX_DEAD_LETTER_BYTES && headers.size() <= 100;
    }
}
