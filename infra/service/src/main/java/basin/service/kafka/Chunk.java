package basin.service.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the headers of a chunk's record say.
 *
 * @param blob the name of the whole
 * @param index which chunk of it this is, from 0
 * @param count how many chunks it has
 * @param bytes length of the whole
 * @param sha256 of the whole
 * @param extra the further headers that the writer gave
 */
public record Chunk(String blob, int index, int count, long bytes, String sha256, Map<String, String> extra) {
    /** A blob of a million chunks is a terabyte. */
    private static final int MOST_CHUNKS = 1_000_000;

    private static final String BLOB = "basin_chunk_of";
    private static final String INDEX = "basin_chunk_index";
    private static final String COUNT = "basin_chunk_count";
    private static final String BYTES = "basin_chunk_of_bytes";
    private static final String SHA256 = "basin_chunk_of_sha256";

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(extra);
        headers.put(BLOB, blob);
        headers.put(INDEX, Integer.toString(index));
        headers.put(COUNT, Integer.toString(count));
        headers.put(BYTES, Long.toString(bytes));
        headers.put(SHA256, sha256);
        return headers;
    }

    /** What the record says, if it is a chunk. */
    public static Optional<Chunk> of(LogRecord record) {
        Map<String, String> extra = new LinkedHashMap<>(record.headers());
        String blob = extra.remove(BLOB);
        String index = extra.remove(INDEX);
        String count = extra.remove(COUNT);
        String bytes = extra.remove(BYTES);
        String sha256 = extra.remove(SHA256);
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
        return count <= MOST_CHUNKS && index >= 0 && index < count && bytes >= 0;
    }
}
