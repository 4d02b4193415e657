package basin.service.record;

import basin.events.work.WorkItem;
import basin.service.kafka.ChunkedBlobs;
import basin.service.kafka.CrashPoint;
import basin.service.kafka.DeliveryHandler;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.LogWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * What a worker has at hand: the record so far, and the means to add to it. One a service; thread-safe.
 */
public final class WorkerContext implements AutoCloseable {
    /** The header that names the study. */
    public static final String STUDY = "basin_study";
    /** The header that names the work item. */
    public static final String WORK_ITEM = "basin_work_item";
    /** The header of a work item that says after which control of its study it was enqueued. */
    static final String CONTROL = "basin_control";

    private final LogWriter writer;
    private final EventWriter events;
    private final RecordView view;
    private final ChunkedBlobs blobs;

    private WorkerContext(KafkaEndpoint endpoint, LogWriter writer, EventWriter events, RecordView view) {
        this.blobs = new ChunkedBlobs(endpoint, writer);
        this.writer = writer;
        this.events = events;
        this.view = view;
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

    /**
     * Puts a work item into its queue and waits until it is acknowledged, unless it is there already, or done, or was given up.
     *
     * @param headers of its record, beside those that name its study and itself
     */
    public void enqueueOnce(WorkItem item, Map<String, String> headers) {
        if (view.isEnqueued(item.id()) || view.wasGivenUp(item.id())) {
            return;
        }
        enqueue(item, headers);
    }

    /**
     * As {@link #enqueueOnce}, though the work item was in its queue before: for one that nobody will be handed any more.
     */
    public void enqueueAgain(WorkItem item, Map<String, String> headers) {
        if (!view.wasGivenUp(item.id())) {
            enqueue(item, headers);
        }
    }

    private void enqueue(WorkItem item, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(STUDY, item.studyId());
        all.put(WORK_ITEM, item.id());
        all.put(CONTROL, String.valueOf(view.controls().sequence(item.studyId())));
        CrashPoint.BEFORE_ENQUEUE.reached();
        LogWriter.await(writer.write(item.topic().topicName(), item.key(), item.encode(), all));
        CrashPoint.AFTER_ENQUEUE.reached();
    }

    /**
     * A handler that does what some active study wants, and sets aside what only paused or cancelled ones do. Before each work item it
     * waits until all that is on record is known.
     */
    public DeliveryHandler whileWanted(DeliveryHandler handler) {
        return new WantedWork(view, handler);
    }

    @Override
    public void close() {
        view.close();
        blobs.close();
        writer.close();
    }
}
