package basin.service;

import basin.log.LogSource;
import basin.log.blob.ChunkedBlobs;

/**
 * A record that is read and not written: its index and the weights of its checkpoints. Thread-safe.
 *
 * @param view index of the record, as it is at one moment
 * @param blobs reads blobs
 * @param checkpoints reads the weights of checkpoints
 */
public record StoredRecord(RecordView view, ChunkedBlobs blobs, CheckpointReader checkpoints) implements AutoCloseable {
    /** Reads the index of a record to its present end. */
    public static StoredRecord read(LogSource log) {
        RecordView view = RecordView.of(log);
        ChunkedBlobs blobs = new ChunkedBlobs(log);
        return new StoredRecord(view, blobs, new CheckpointReader(view, blobs));
    }

    @Override
    public void close() {
        blobs.close();
    }
}
