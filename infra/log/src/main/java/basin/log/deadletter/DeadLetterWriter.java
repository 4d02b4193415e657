package basin.log.deadletter;

import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogWriter;
import basin.record.RecordHeaders;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;

/**
 * The topic of the records that could not be dealt with, each with its own key, value and headers and with where it came
 * from and why, so that it can be driven again. Safe for use by several threads.
 */
public final class DeadLetterWriter {

    /** Why a record is here. */
    public enum Kind {
        /** Its fault: nothing can ever be done with it. */
        POISON,
        /** It failed, or ended its worker, as often as is allowed; driving it again may succeed. */
        EXHAUSTED
    }

    private final LogWriter writer;
    private final String topic;
    private final MeterRegistry metrics;

    /**
     * Dead letters of one topic.
     *
     * @param writer writes them
     * @param topic the dead-letter topic
     * @param metrics counts what is written, as {@code basin.dead.letters}
     */
    public DeadLetterWriter(LogWriter writer, String topic, MeterRegistry metrics) {
        this.writer = writer;
        this.topic = topic;
        this.metrics = metrics;
    }

    /**
     * Writes the record to the dead-letter topic and returns when that is acknowledged.
     *
     * @param reason one sentence
     * @throws KafkaException if it was not acknowledged; the record must then not be given up
     */
    public LogPosition writeAcked(LogRecord record, Kind kind, String reason) {
        return LogWriter.await(write(record, kind, reason));
    }

    /**
     * Writes the record to the dead-letter topic.
     *
     * @param reason one sentence
     * @return completes when that is acknowledged, or fails with a {@link KafkaException}: the record must then not be given up
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
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .register(metrics)
                .increment();
    }
}
