package basin.service;

import basin.log.blob.BlobLocation;
import basin.log.blob.BlobRead;
import basin.log.blob.ChunkedBlobs;
import basin.log.work.UnprocessableWork;
import basin.record.Topic;
import java.util.Map;
import java.util.Optional;

/** Reads a checkpoint's weights back from the log, verified by hash. Thread-safe. */
public final class CheckpointReader {
    /** Room for names and shapes beside the numbers. */
    private static final long HEADER_BYTES = 4_000_000;

    private final RecordView view;
    private final ChunkedBlobs blobs;

    /**
     * Reads what the view knows of.
     *
     * @param view knows where checkpoints lie
     */
    public CheckpointReader(RecordView view, ChunkedBlobs blobs) {
        this.view = view;
        this.blobs = blobs;
    }

    /** The name of a checkpoint's chunks. */
    public static String name(String runId, int step) {
        return runId + "/" + step;
    }

    /**
     * The weights' bytes.
     *
     * @throws UnprocessableWork where there is no such checkpoint, or its weights are gone or damaged
     */
    public byte[] read(String runId, int step) {
        return switch (look(runId, step)) {
            case BlobRead.Found found -> found.bytes();
            case BlobRead.Gone gone ->
                throw new UnprocessableWork(
                        "The weights of run " + runId + " at step " + step + " are gone: " + gone.reason());
            case BlobRead.Refused refused ->
                throw new UnprocessableWork(
                        "The weights of run " + runId + " at step " + step + " are refused: " + refused.reason());
        };
    }

    /**
     * The weights' bytes, or what became of them, for whoever takes their absence as a state and not as a fault.
     *
     * @throws UnprocessableWork where there is no such checkpoint
     */
    public BlobRead look(String runId, int step) {
        RecordView.StoredCheckpoint checkpoint = view.checkpoint(runId, step)
                .orElseThrow(() -> new UnprocessableWork("Run " + runId + " has no checkpoint at step " + step + "."));
        long limit = 8 * view.declaredRun(runId).parameters() + HEADER_BYTES;
        var weights = checkpoint.event().weights();
        Map<String, String> headers = checkpoint.headers();
        Optional<BlobLocation> place =
                BlobLocation.fromHeaders(headers, weights.chunks(), weights.bytes(), weights.sha256());
        return place.isPresent()
                ? blobs.read(place.get(), limit)
                : blobs.find(Topic.WEIGHTS.topicName(), name(runId, step), weights.sha256(), limit);
    }
}
