package basin.log.blob;

import basin.log.LogRecord;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search for the newest complete blob of a name among the chunks of a partition. Not thread-safe.
 */
final class BlobSearch {
    /**
     * Largest number of blobs of one name with interleaved chunks: one writer, and possibly others
     * that were presumed dead.
     */
    private static final int MAX_INTERLEAVED = 3;

    private final String blob;
    private final Optional<String> sha256;
    private final long limitBytes;
    private final LinkedHashMap<String, BlobAssembler> incomplete = new LinkedHashMap<>();
    private @Nullable BlobAssembler complete;
    private BlobRead none;

    /**
     * Creates an empty search.
     *
     * @param sha256 hash of the blob, if only that version is wanted
     * @param limitBytes largest blob accepted
     */
    BlobSearch(String blob, Optional<String> sha256, long limitBytes) {
        this.blob = blob;
        this.sha256 = sha256;
        this.limitBytes = limitBytes;
        this.none = new BlobRead.Gone("The log holds no chunk of " + blob + ".");
    }

    void take(Chunk chunk, LogRecord record) {
        if (!chunk.blob().equals(blob)
                || sha256.filter(only -> !only.equals(chunk.sha256())).isPresent()) {
            return;
        }
        if (chunk.bytes() > limitBytes) {
            none = ChunkedBlobs.tooLarge(blob, chunk.bytes(), limitBytes);
            return;
        }
        BlobAssembler assembler = incomplete.remove(chunk.sha256());
        if (assembler == null) {
            assembler = new BlobAssembler(blob, chunk.sha256(), chunk.count(), chunk.bytes());
        }
        assembler.take(chunk, record);
        if (assembler.isComplete()) {
            complete = assembler;
        } else {
            incomplete.putLast(chunk.sha256(), assembler);
            if (incomplete.size() > MAX_INTERLEAVED) {
                incomplete.pollFirstEntry();
            }
        }
    }

    BlobRead result() {
        BlobAssembler best = complete;
        if (best == null && !incomplete.isEmpty()) {
            best = incomplete.lastEntry().getValue();
        }
        return best == null ? none : best.assemble();
    }
}
