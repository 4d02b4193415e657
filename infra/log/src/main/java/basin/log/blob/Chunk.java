package basin.log.blob;

import basin.log.LogRecord;
import basin.record.RecordHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata of a chunk, stored in the headers of its record.
 *
 * @param blob name of the blob
 * @param index index of this chunk, from 0
 * @param count number of chunks in the blob
 * @param bytes length of the blob
 * @param sha256 SHA-256 of the blob
 * @param extra further headers given by the writer
 */
public record Chunk(String blob, int index, int count, long bytes, String sha256, Map<String, String> extra) {
    /** Largest number of chunks; a blob of a million chunks is a terabyte. */
    private static final int MAX_CHUNKS = 1_000_000;

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(extra);
        headers.put(RecordHeaders.CHUNK_BLOB, blob);
        headers.put(RecordHeaders.CHUNK_INDEX, Integer.toString(index));
        headers.put(RecordHeaders.CHUNK_COUNT, Integer.toString(count));
        headers.put(RecordHeaders.BLOB_BYTES, Long.toString(bytes));
        headers.put(RecordHeaders.BLOB_SHA256, sha256);
        return headers;
    }

    /** Returns a key for one version of a blob: its name and its hash. */
    public String blobAndHash() {
        return blob + "@" + sha256;
    }

    /** Returns the metadata in a record's headers; empty if the record is not a chunk. */
    public static Optional<Chunk> of(LogRecord record) {
        Map<String, String> extra = new LinkedHashMap<>(record.headers());
        String blob = extra.remove(RecordHeaders.CHUNK_BLOB);
        String index = extra.remove(RecordHeaders.CHUNK_INDEX);
        String count = extra.remove(RecordHeaders.CHUNK_COUNT);
        String bytes = extra.remove(RecordHeaders.BLOB_BYTES);
        String sha256 = extra.remove(RecordHeaders.BLOB_SHA256);
        if (blob == null || index == null || count == null || bytes == null || sha256 == null) {
            return Optional.empty();
        }
        try {
            Chunk chunk = new Chunk(
                    blob, Integer.parseInt(index), Integer.parseInt(count), Long.parseLong(bytes), sha256, extra);
            return Optional.of(chunk).filter(Chunk::isPossible);
        } catch (NumberFormatException noChunk) {
            return Optional.empty();
        }
    }

    private boolean isPossible() {
        return count <= MAX_CHUNKS && index >= 0 && index < count && bytes >= 0;
    }
}
