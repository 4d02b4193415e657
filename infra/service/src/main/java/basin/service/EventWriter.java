package basin.service;

import basin.log.LogPosition;
import basin.log.LogWriter;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.RecordHeaders;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Writes events to their topics with CloudEvents headers. The time and source of a measurement are
 * in headers, so they are not part of the event's identity. Thread-safe.
 */
public final class EventWriter {
    private final LogWriter writer;
    private final String source;

    /**
     * Creates a writer for a service.
     *
     * @param source name of the service, such as {@code basin/trainer}
     */
    public EventWriter(LogWriter writer, String source) {
        this.writer = writer;
        this.source = source;
    }

    /** Writes an event. The future completes when it is acknowledged. */
    public CompletableFuture<LogPosition> write(Event event, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(RecordHeaders.EVENT_ID, event.id());
        all.put(RecordHeaders.EVENT_TYPE, "basin." + event.getClass().getSimpleName());
        all.put(RecordHeaders.EVENT_SOURCE, source);
        all.put(RecordHeaders.EVENT_SPEC_VERSION, "1.0");
        all.put(RecordHeaders.EVENT_TIME, Instant.now().toString());
        return writer.write(event.topic().topicName(), event.key(), EventCodec.encode(event), all);
    }

    /** Writes an event and waits for the acknowledgement. */
    public LogPosition writeAcked(Event event, Map<String, String> headers) {
        return LogWriter.await(write(event, headers));
    }
}
