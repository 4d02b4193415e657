package basin.service.record;

import basin.events.work.Piece;
import basin.service.kafka.ChunkedBlobs;
import basin.service.kafka.CrashPoint;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.LogWriter;
import basin.service.kafka.PieceHandler;
import java.util.HashMap;
import java.util.Map;

/**
 * What a worker has at hand: the record so far, and the means to add to it. One a service; thread-safe.
 */
public final class Desk implements AutoCloseable {
    /** The header that names the study. */
    public static final String STUDY = "basin_study";
    /** The header that names the piece of work. */
    public static final String PIECE = "basin_piece";
    /** The header of a piece that says after which control of its study it was enqueued. */
    static final String CONTROL = "basin_control";

    private final LogWriter writer;
    private final EventWriter events;
    private final RecordView view;
    private final ChunkedBlobs blobs;

    private Desk(KafkaEndpoint endpoint, LogWriter writer, EventWriter events, RecordView view) {
        this.blobs = new ChunkedBlobs(endpoint, writer);
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
            return new Desk(
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

    /** Writes and reads blobs; closed with the desk. */
    public ChunkedBlobs blobs() {
        return blobs;
    }

    /** What is on record. */
    public RecordView view() {
        return view;
    }

    /**
     * Puts a piece of work into its queue and waits until it is acknowledged, unless it is there already, or done, or was given up.
     *
     * @param headers of its record, beside those that name its study and itself
     */
    public void enqueueOnce(Piece piece, Map<String, String> headers) {
        if (view.isEnqueued(piece.id()) || view.wasGivenUp(piece.id())) {
            return;
        }
        enqueue(piece, headers);
    }

    /**
     * As {@link #enqueueOnce}, though the piece was in its queue before: for one that nobody will be handed any more.
     */
    public void enqueueAgain(Piece piece, Map<String, String> headers) {
        if (!view.wasGivenUp(piece.id())) {
            enqueue(piece, headers);
        }
    }

    private void enqueue(Piece piece, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(STUDY, piece.studyId());
        all.put(PIECE, piece.id());
        all.put(CONTROL, String.valueOf(view.controls().sequence(piece.studyId())));
        CrashPoint.BEFORE_ENQUEUE.reached();
        LogWriter.await(writer.write(piece.topic().topicName(), piece.key(), piece.encode(), all));
        CrashPoint.AFTER_ENQUEUE.reached();
    }

    /**
     * A handler that does what some active study wants, and sets aside what only paused or cancelled ones do. Before each piece it
     * waits until all that is on record is known.
     */
    public PieceHandler whileWanted(PieceHandler handler) {
        return new WantedPieces(view, handler);
    }

    @Override
    public void close() {
        view.close();
        blobs.close();
        writer.close();
    }
}
