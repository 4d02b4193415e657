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
 * Writes events to their topics with CloudEvents headers. When and by whom a thing was measured travels in headers, outside
 * its identity. Thread-safe.
 */
public final class EventWriter {
    private final LogWriter writer;
    private final String source;

    /**
     * Writes in the name of a service.
     *
     * @param source names the service, as in {@code basin/trainer}
     */
    public EventWriter(LogWriter writer, String source) {
        this.writer = writer;
        this.source = source;
    }

    /** Writes an event; completes when it is acknowledged. */
    public CompletableFuture<LogPosition> write(Event event, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(RecordHeaders.EVENT_ID, event.id());
        all.put(RecordHeaders.EVENT_TYPE, "basin." + event.getClass().getSimpleName());
        all.put(RecordHeaders.EVENT_SOURCE, source);
        all.put(RecordHeaders.EVENT_SPEC_VERSION, "1.0");
        all.put(RecordHeaders.EVENT_TIME, Instant.now().toString());
        return writer.write(event.topic().topicName(), event.key(), EventCodec.encode(event), all);
    }

    /** Writes an event and waits until it is acknowledged. */
    public LogPosition writeAcked(Event event, Map<String, String> headers) {
        return LogWriter.await(write(event, headers));
    }
}
