package basin.log.blob;

import java.util.Map;

/** What came of reading a blob. */
public sealed interface BlobRead {
    /**
     * The blob, complete and with the hash that was written.
     *
     * @param bytes the whole; not shared
     * @param location where it lies
     * @param headers that its writer gave it
     */
    @SuppressWarnings("ArrayRecordComponent") // Megabytes that are read once: a copy would guard nothing.
    record Found(byte[] bytes, BlobLocation location, Map<String, String> headers) implements BlobRead {}

    /**
     * The log does not hold it any more, or never did: a state, not a fault.
     *
     * @param reason one sentence
     */
    record Gone(String reason) implements BlobRead {}

    /**
     * What the log holds is not the blob: a chunk is missing, the hash is another, or it is larger than the reader takes.
     *
     * @param reason one sentence
     */
    record Refused(String reason) implements BlobRead {}
}
