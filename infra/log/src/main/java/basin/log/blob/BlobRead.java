package basin.log.blob;

import java.util.Map;

/** The result of reading a blob. */
public sealed interface BlobRead {
    /**
     * A complete blob whose hash matches.
     *
     * @param bytes content of the blob; not shared
     * @param location its location
     * @param headers headers given by its writer
     */
    @SuppressWarnings("ArrayRecordComponent") // Megabytes that are read once; a copy would protect nothing.
    record Found(byte[] bytes, BlobLocation location, Map<String, String> headers) implements BlobRead {}

    /**
     * A blob that the log no longer holds, or never held; not an error.
     *
     * @param reason one sentence
     */
    record Gone(String reason) implements BlobRead {}

    /**
     * A blob that is damaged or too large: a chunk is missing, the hash differs, or it exceeds the
     * reader's limit.
     *
     * @param reason one sentence
     */
    record Refused(String reason) implements BlobRead {}
}
