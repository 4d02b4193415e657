package basin.log.blob;

import basin.log.LogPosition;
import basin.record.RecordHeaders;
import basin.study.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The location, length and hash of a blob's chunks. The location travels in headers rather than in
 * a payload, because an import changes it.
 *
 * @param topic topic of the chunks
 * @param partition partition that holds all of them
 * @param firstOffset offset of the first chunk
 * @param lastOffset offset of the last chunk; chunks of other blobs may lie between
 * @param chunks number of chunks, 1 or more
 * @param bytes length of the blob
 * @param sha256 SHA-256 of the blob, 64 hexadecimal digits
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

    /** Returns the position of the first chunk. */
    LogPosition firstPosition() {
        return new LogPosition(topic, partition, firstOffset);
    }

    /** Returns the location alone, as headers of the record that names the blob. */
    public Map<String, String> headers() {
        return Map.of(
                RecordHeaders.BLOB_TOPIC, topic,
                RecordHeaders.BLOB_PARTITION, Integer.toString(partition),
                RecordHeaders.BLOB_FIRST_OFFSET, Long.toString(firstOffset),
                RecordHeaders.BLOB_LAST_OFFSET, Long.toString(lastOffset));
    }

    /** Removes all location headers. */
    public static void removeFrom(Map<String, String> headers) {
        headers.keySet().removeAll(HEADERS);
    }

    /**
     * Returns the location in headers, if it is complete and valid.
     *
     * @param headers headers of the record that names the blob
     * @param chunks number of chunks in the record's payload
     * @param bytes length in the record's payload
     * @param sha256 hash in the record's payload
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
