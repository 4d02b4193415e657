package basin.service.record;

import basin.events.work.Piece;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.LogWriter;
import java.util.Map;

/**
 * What a worker has at hand: the record so far, and the means to add to it. One a service; thread-safe.
 */
public final class Desk implements AutoCloseable {
    private final LogWriter writer;
    private final EventWriter events;
    private final RecordView view;

    private Desk(LogWriter writer, EventWriter events, RecordView view) {
        this.writer = writer;
        this.events = events;
        this.view = view;
    }

    /**
     * Opens a desk.
     *
     * @param service the name of the service, such as {@code trainer}
     */
    public static Desk open(KafkaEndpoint endpoint, String service) {
        LogWriter writer = LogWriter.open(endpoint, service);
        try {
            return new Desk(writer, new EventWriter(writer, "basin/" + service), RecordView.start(endpoint, service));
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

    /** What is on record. */
    public RecordView view() {
        return view;
    }

    /** Puts a piece of work into its queue and waits until it is acknowledged, unless it was ever enqueued before. */
    public void enqueueOnce(Piece piece, Map<String, String> headers) {
        if (!view.wasEnqueued(piece.id())) {
            LogWriter.await(writer.write(piece.topic().topicName(), piece.key(), piece.encode(), headers));
        }
    }

    @Override
    public void close() {
        view.close();
        writer.close();
    }
}
