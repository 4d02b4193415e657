package basin.log.blob;

import basin.log.LogPosition;
import basin.record.RecordHeaders;
import basin.study.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a blob's chunks lie, and what they amount to. The place travels in headers, never in a payload, for an import
 * moves it.
 *
 * @param topic the topic of the chunks
 * @param partition the one partition that holds them all
 * @param firstOffset the offset of the first chunk
 * @param lastOffset the offset of the last chunk; chunks of other blobs may lie between
 * @param chunks how many there are, 1 or more
 * @param bytes length of the whole
 * @param sha256 of the whole, 64 hexadecimal digits
 */
public record BlobLocation(
        String topic, int partition, long firstOffset, long lastOffset, int chunks, long bytes, String sha256) {
    private static final Set<String> HEADERS = Set.of(
            RecordHeaders.BLOB_TOPIC,
            RecordHeaders.BLOB_PARTITION,
            RecordHeaders.BLOB_FIRST_OFFSET,
            RecordHeaders.BLOB_LAST_OFFSET);

    public BlobLocation {
        if (partition < 0 || firstOffset < 0 || lastOffset < firstOffset || chunks < 1 || bytes < 0) {
            throw new Refusal("the blob's place is partition " + partition + ", offsets " + firstOffset
                    + " to " + lastOffset + ", " + chunks + " chunks, " + bytes
                    + " bytes; none may be negative, and the"
                    + " last offset not before the first.");
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new Refusal("sha256 is '" + sha256 + "'; give 64 hexadecimal digits.");
        }
    }

    /** The place of the first chunk. */
    LogPosition firstPosition() {
        return new LogPosition(topic, partition, firstOffset);
    }

    /** The place alone, as headers of the record that names the blob. */
    public Map<String, String> headers() {
        return Map.of(
                RecordHeaders.BLOB_TOPIC, topic,
                RecordHeaders.BLOB_PARTITION, Integer.toString(partition),
                RecordHeaders.BLOB_FIRST_OFFSET, Long.toString(firstOffset),
                RecordHeaders.BLOB_LAST_OFFSET, Long.toString(lastOffset));
    }

    /** Takes out of headers whatever they say of a place. */
    public static void removeFrom(Map<String, String> headers) {
        headers.keySet().removeAll(HEADERS);
    }

    /**
     * The place that headers name, if they do so completely.
     *
     * @param headers of the record that names the blob
     * @param chunks as the record's payload says
     * @param bytes as the record's payload says
     * @param sha256 as the record's payload says
     */
    public static Optional<BlobLocation> fromHeaders(
            Map<String, String> headers, int chunks, long bytes, String sha256) {
        if (!headers.keySet().containsAll(HEADERS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BlobLocation(
                    headers.getOrDefault(RecordHeaders.BLOB_TOPIC, ""),
                    Integer.parseInt(headers.getOrDefault(RecordHeaders.BLOB_PARTITION, "")),
                    Long.parseLong(headers.getOrDefault(RecordHeaders.BLOB_FIRST_OFFSET, "")),
                    Long.parseLong(headers.getOrDefault(RecordHeaders.BLOB_LAST_OFFSET, "")),
                    chunks,
                    bytes,
                    sha256));
        } catch (NumberFormatException | Refusal unreadable) {
            return Optional.empty();
        }
    }
}
