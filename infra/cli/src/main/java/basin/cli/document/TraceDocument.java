package basin.cli.document;

import basin.log.LogRecord;
import basin.record.RecordHeaders;
import basin.study.ProgramVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The records that name something, as printed by {@code basin trace --json}.
 *
 * @param program version of the program that wrote this
 * @param id id that was looked for
 * @param records the records that name it, in order of time
 */
public record TraceDocument(ProgramVersion program, String id, List<Entry> records) {
    public TraceDocument {
        records = List.copyOf(records);
    }

    /**
     * A record.
     *
     * @param time when it was written, in UTC (ISO 8601)
     * @param topic its topic
     * @param partition its partition, from 0
     * @param offset its offset in the partition, from 0
     * @param type type of the event or work item; null if the record does not say
     * @param key its key
     * @param headers its headers, by name
     */
    public record Entry(
            String time,
            String topic,
            int partition,
            long offset,
            Optional<String> type,
            String key,
            Map<String, String> headers) {
        /** Returns the entry of a record. */
        public static Entry of(LogRecord record) {
            return new Entry(
                    Instant.ofEpochMilli(record.timestampMillis()).toString(),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.header(RecordHeaders.EVENT_TYPE),
                    record.key(),
                    new TreeMap<>(record.headers()));
        }
    }
}
