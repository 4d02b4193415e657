package basin.service.kafka;

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
    /** The header that holds the {@link Kind}, in lower case. */
    public static final String KIND = "basin_dead_kind";
    /** The header that holds one sentence: why. */
    public static final String REASON = "basin_dead_reason";
    /** The header that holds the topic the record came from. */
    public static final String ORIGIN_TOPIC = "basin_origin_topic";
    /** The header that holds the partition the record came from. */
    public static final String ORIGIN_PARTITION = "basin_origin_partition";
    /** The header that holds the offset the record came from. */
    public static final String ORIGIN_OFFSET = "basin_origin_offset";
    /** The header that holds the id of a work item: the record's key once more, unless the record says otherwise. */
    public static final String WORK_ITEM = "basin_work_item";

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
        headers.put(KIND, kind.name().toLowerCase(Locale.ROOT));
        headers.put(REASON, reason);
        headers.put(ORIGIN_TOPIC, record.topic());
        headers.put(ORIGIN_PARTITION, Integer.toString(record.partition()));
        headers.put(ORIGIN_OFFSET, Long.toString(record.offset()));
        headers.putIfAbsent(WORK_ITEM, record.key());
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
