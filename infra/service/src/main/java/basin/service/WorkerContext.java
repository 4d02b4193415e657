package basin.service;

import basin.log.CrashPoint;
import basin.log.KafkaEndpoint;
import basin.log.LogWriter;
import basin.log.blob.ChunkedBlobs;
import basin.record.RecordHeaders;
import basin.record.work.WorkItem;
import java.util.HashMap;
import java.util.Map;

/** What a worker has at hand: the record so far, and the means to add to it. One for each service. Thread-safe. */
public final class WorkerContext implements AutoCloseable {
    private final LogWriter writer;
    private final EventWriter events;
    private final RecordView view;
    private final ChunkedBlobs blobs;
    private final CheckpointReader checkpoints;

    private WorkerContext(KafkaEndpoint endpoint, LogWriter writer, EventWriter events, RecordView view) {
        this.blobs = new ChunkedBlobs(endpoint, writer);
        this.writer = writer;
        this.events = events;
        this.view = view;
        this.checkpoints = new CheckpointReader(view, blobs);
    }

    /**
     * Opens a context.
     *
     * @param service the name of the service, such as {@code trainer}
     */
    public static WorkerContext open(KafkaEndpoint endpoint, String service) {
        LogWriter writer = LogWriter.open(endpoint, service);
        try {
            return new WorkerContext(
                    endpoint, writer, new EventWriter(writer, "basin/" + service), RecordView.start(endpoint, service));
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** Writes to the log. */
    public LogWriter writer() {
        return writer;
    }

    /** Writes events. */
    public EventWriter events() {
        return events;
    }

    /** Writes and reads blobs; closed with the context. */
    public ChunkedBlobs blobs() {
        return blobs;
    }

    /** What is on record. */
    public RecordView view() {
        return view;
    }

    /** Reads the weights of checkpoints. */
    public CheckpointReader checkpoints() {
        return checkpoints;
    }

    /**
     * Enqueues a work item and waits until that is acknowledged, unless the item is enqueued already, done, or given
     * up.
     */
    public void enqueueOnce(WorkItem item) {
        if (!view.isEnqueued(item.id())) {
            enqueueAgain(item);
        }
    }

    /** As {@link #enqueueOnce}, though the item was enqueued before: for one that no worker will be handed any more. */
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

    @Override
    public void close() {
        view.close();
        blobs.close();
        writer.close();
    }
}
