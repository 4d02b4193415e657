package basin.service;

import basin.log.blob.BlobLocation;
import basin.log.blob.BlobRead;
import basin.log.blob.ChunkedBlobs;
import basin.log.work.UnprocessableWork;
import basin.record.Topic;
import java.util.Map;
import java.util.Optional;

/** Reads the weights of checkpoints from the log and verifies them by hash. Thread-safe. */
public final class CheckpointReader {
    /** Allowance for names and shapes beside the numbers. */
    private static final long HEADER_BYTES = 4_000_000;

    private final RecordView view;
    private final ChunkedBlobs blobs;

    /**
     * Creates a reader.
     *
     * @param view provides the locations of checkpoints
     * @param blobs reads the weights
     */
    public CheckpointReader(RecordView view, ChunkedBlobs blobs) {
        this.view = view;
        this.blobs = blobs;
    }

    /** Returns the blob name of a checkpoint's weights. */
    public static String name(String runId, int step) {
        return runId + "/" + step;
    }

    /**
     * Returns the bytes of a checkpoint's weights.
     *
     * @throws UnprocessableWork if there is no such checkpoint, or its weights are gone or damaged
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
     * Returns the bytes of a checkpoint's weights or the reason for their absence, for callers that
     * do not treat absence as an error.
     *
     * @throws UnprocessableWork if there is no such checkpoint
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
