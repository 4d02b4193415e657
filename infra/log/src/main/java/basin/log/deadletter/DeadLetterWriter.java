package basin.log.deadletter;

import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogWriter;
import basin.record.RecordHeaders;
import basin.study.EnumName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;

/**
 * Writes records that could not be processed to the dead-letter topic. Each keeps its key, value
 * and headers; further headers give its origin and the reason, so that it can be redriven.
 * Thread-safe.
 */
public final class DeadLetterWriter {

    /** The reasons for dead-lettering. */
    public enum Kind {
        /** The record itself is faulty and can never be processed. */
        POISON,
        /**
         * The record failed, or ended its worker, as often as allowed; redriving it may succeed.
         */
        EXHAUSTED
    }

    private final LogWriter writer;
    private final String topic;
    private final MeterRegistry metrics;

    /**
     * Creates a writer to one dead-letter topic.
     *
     * @param writer writes the records
     * @param topic dead-letter topic
     * @param metrics receives the counter {@code basin.dead.letters}
     */
    public DeadLetterWriter(LogWriter writer, String topic, MeterRegistry metrics) {
        this.writer = writer;
        this.topic = topic;
        this.metrics = metrics;
    }

    /**
     * Writes a record to the dead-letter topic and waits for the acknowledgement.
     *
     * @param reason one sentence
     * @throws KafkaException if it was not acknowledged; the caller must then keep the record
     */
    public LogPosition writeAcked(LogRecord record, Kind kind, String reason) {
        return LogWriter.await(write(record, kind, reason));
    }

    /**
     * Writes a record to the dead-letter topic.
     *
     * @param reason one sentence
     * @return completes when the record is acknowledged, or fails with a {@link KafkaException};
     *     the caller must then keep the record
     */
    public CompletableFuture<LogPosition> write(LogRecord record, Kind kind, String reason) {
        Map<String, String> headers = new HashMap<>(record.headers());
        headers.put(RecordHeaders.DEAD_KIND, kind.name().toLowerCase(Locale.ROOT));
        headers.put(RecordHeaders.DEAD_REASON, reason);
        headers.put(RecordHeaders.ORIGIN_TOPIC, record.topic());
        headers.put(RecordHeaders.ORIGIN_PARTITION, Integer.toString(record.partition()));
        headers.put(RecordHeaders.ORIGIN_OFFSET, Long.toString(record.offset()));
        headers.putIfAbsent(RecordHeaders.WORK_ITEM, record.key());
        return writer.write(topic, record.key(), record.value(), headers).thenApply(written -> {
            count(record.topic(), kind);
            return written;
        });
    }

    private void count(String from, Kind kind) {
        Counter.builder("basin.dead.letters")
                .description("Records given up and written to the dead-letter topic")
                .baseUnit("records")
                .tag("topic", from)
                .tag("kind", EnumName.of(kind))
                .register(metrics)
                .increment();
    }
}
