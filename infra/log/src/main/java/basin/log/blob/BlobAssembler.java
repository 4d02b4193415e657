package basin.log.blob;

import basin.log.LogRecord;
import basin.study.Sha256;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Assembles one blob from its chunks, which may arrive in any order and repeatedly. Not
 * thread-safe.
 */
final class BlobAssembler {
    private final String blob;
    private final String sha256;
    private final int chunks;
    private final long bytes;
    private final Map<Integer, LogRecord> received = new TreeMap<>();
    private final MessageDigest digest = Sha256.start();
    /**
     * The chain of all digest operations, which run in sequence beside the thread that takes the
     * chunks.
     */
    private CompletableFuture<Void> hashing = CompletableFuture.completedFuture(null);
    /** Number of chunks, from the first, that have been passed to the digest. */
    private int hashed;

    private Map<String, String> headers = Map.of();
    private String fault = "";
    private long held;

    BlobAssembler(String blob, String sha256, int chunks, long bytes) {
        this.blob = blob;
        this.sha256 = sha256;
        this.chunks = chunks;
        this.bytes = bytes;
    }

    /** Takes a chunk of this blob. A repeated chunk replaces the earlier one. */
    void take(Chunk chunk, LogRecord record) {
        if (!fault.isEmpty()) {
            return;
        }
        if (chunk.count() != chunks || chunk.bytes() != bytes || chunk.index() < 0 || chunk.index() >= chunks) {
            fault = "Chunk " + chunk.index() + " of " + blob + " speaks of " + chunk.count() + " chunks and "
                    + chunk.bytes() + " bytes, not of " + chunks + " and " + bytes + ".";
            return;
        }
        LogRecord before = received.put(chunk.index(), record);
        held += record.value().length - (before == null ? 0 : before.value().length);
        if (held > bytes) {
            // The limit protects memory against a wrong length.
            fault = "The chunks of " + blob + " hold more than the " + bytes + " bytes that they speak of.";
            received.clear();
            return;
        }
        headers = chunk.extra();
        if (before != null && chunk.index() < hashed) {
            restartHashing();
        }
    }

    /**
     * Passes the chunks received so far without a gap to the digest, so that they are hashed while
     * the rest of the blob arrives.
     */
    void hash() {
        for (LogRecord next = received.get(hashed); next != null; next = received.get(hashed)) {
            byte[] value = next.value();
            hashing = hashing.thenRunAsync(() -> digest.update(value));
            hashed++;
        }
    }

    private void restartHashing() {
        hashing = hashing.thenRun(digest::reset);
        hashed = 0;
    }

    boolean isComplete() {
        return fault.isEmpty() && received.size() == chunks;
    }

    /** Returns the complete blob, or the reason for its absence. */
    BlobRead assemble() {
        if (!fault.isEmpty()) {
            return new BlobRead.Refused(fault);
        }
        if (received.isEmpty()) {
            return new BlobRead.Gone("The log holds no chunk of " + blob + " any more.");
        }
        if (received.size() < chunks) {
            int missing = IntStream.range(0, chunks)
                    .filter(index -> !received.containsKey(index))
                    .findFirst()
                    .orElseThrow();
            return new BlobRead.Refused("Of " + blob + " chunk " + missing + " of " + chunks + " is missing.");
        }
        if (held != bytes) {
            return new BlobRead.Refused("The chunks of " + blob + " hold " + held + " bytes, not " + bytes + ".");
        }
        byte[] whole = new byte[Math.toIntExact(bytes)];
        int at = 0;
        for (LogRecord record : received.values()) {
            System.arraycopy(record.value(), 0, whole, at, record.value().length);
            at += record.value().length;
        }
        hash();
        String actual = hashing.thenApply(nothing -> Sha256.hex(digest)).join();
        restartHashing();
        if (!actual.equals(sha256)) {
            return new BlobRead.Refused("The SHA-256 of " + blob + " is " + actual + ", not " + sha256 + ".");
        }
        return new BlobRead.Found(whole, location(), headers);
    }

    private BlobLocation location() {
        LogRecord any = received.values().iterator().next();
        var offsets = received.values().stream().mapToLong(LogRecord::offset).summaryStatistics();
        return new BlobLocation(
                any.topic(), any.partition(), offsets.getMin(), offsets.getMax(), chunks, bytes, sha256);
    }
}
