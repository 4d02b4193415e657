package basin.service;

import basin.log.CrashPoint;
import basin.log.KafkaEndpoint;
import basin.log.LogWriter;
import basin.log.blob.ChunkedBlobs;
import basin.record.RecordHeaders;
import basin.record.work.WorkItem;
import java.util.HashMap;
import java.util.Map;

/**
 * Access to the record, for reading and writing, for the handlers of a worker. One per service.
 * Thread-safe.
 *
 * @param writer writes to the log
 * @param events writes events
 * @param view index of the record
 * @param blobs reads blobs
 * @param checkpoints reads the weights of checkpoints
 */
public record WorkerContext(
        LogWriter writer, EventWriter events, RecordView view, ChunkedBlobs blobs, CheckpointReader checkpoints)
        implements AutoCloseable {
    /**
     * Opens a context.
     *
     * @param service name of the service, such as {@code trainer}
     */
    public static WorkerContext open(KafkaEndpoint endpoint, String service) {
        LogWriter writer = LogWriter.open(endpoint, service);
        try {
            EventWriter events = new EventWriter(writer, "basin/" + service);
            RecordView view = RecordView.start(endpoint, service);
            ChunkedBlobs blobs = new ChunkedBlobs(endpoint);
            return new WorkerContext(writer, events, view, blobs, new CheckpointReader(view, blobs));
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /**
     * Enqueues a work item and waits for the acknowledgement, unless the item is already enqueued,
     * done or given up.
     */
    public void enqueueOnce(WorkItem item) {
        if (!view.isEnqueued(item.id())) {
            enqueueAgain(item);
        }
    }

    /**
     * Enqueues a work item even if it was enqueued before, unless it was given up; for items that
     * Kafka will not deliver any more.
     */
    public void enqueueAgain(WorkItem item) {
        if (view.wasGivenUp(item.id())) {
            return;
        }
        Map<String, String> headers = new HashMap<>(item.headers());
        headers.put(RecordHeaders.CONTROL, String.valueOf(view.controls().sequence(item.studyId())));
        CrashPoint.BEFORE_ENQUEUE.reached();
        LogWriter.await(writer.write(item.topic().topicName(), item.key(), item.encode(), headers));
        CrashPoint.AFTER_ENQUEUE.reached();
    }

    /** Closes the view, the blobs and the writer. */
    @Override
    public void close() {
        view.close();
        blobs.close();
        writer.close();
    }
}
