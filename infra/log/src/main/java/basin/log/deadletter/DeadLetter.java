package basin.log.deadletter;

import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.study.Ids;
import basin.study.Sha256;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A record of the dead-letter topic, described by its own headers.
 *
 * @param id 16 hexadecimal digits, derived from the record's origin and content, so that a record
 *     dead-lettered twice is one dead letter
 * @param kind {@code poison} or {@code exhausted}
 * @param origin position from which the record came, if the dead letter names it
 * @param reason one sentence
 * @param record the dead letter itself
 */
public record DeadLetter(String id, String kind, Optional<LogPosition> origin, String reason, LogRecord record) {
    /** Kind of a record that is not a dead letter but marks one as redriven. */
    static final String REDRIVEN_KIND = "redriven";

    private static final Set<String> OWN_HEADERS = Set.of(
            RecordHeaders.DEAD_KIND,
            RecordHeaders.DEAD_REASON,
            RecordHeaders.ORIGIN_TOPIC,
            RecordHeaders.ORIGIN_PARTITION,
            RecordHeaders.ORIGIN_OFFSET,
            RecordHeaders.REDRIVEN_LETTER,
            RecordHeaders.REDRIVEN_TIMES,
            RecordHeaders.IMPORTED);

    /** Returns the dead letter in a record; empty if the record only marks another as redriven. */
    public static Optional<DeadLetter> of(LogRecord record) {
        String kind = record.header(RecordHeaders.DEAD_KIND).orElse("");
        if (kind.equals(REDRIVEN_KIND)) {
            return Optional.empty();
        }
        String topic = record.header(RecordHeaders.ORIGIN_TOPIC).orElse("");
        String partition = record.header(RecordHeaders.ORIGIN_PARTITION).orElse("");
        String offset = record.header(RecordHeaders.ORIGIN_OFFSET).orElse("");
        String id = Ids.of("DeadLetter", topic, partition, offset, record.key(), Sha256.hex(record.value()))
                .substring(0, 16);
        return Optional.of(new DeadLetter(
                id,
                kind,
                origin(topic, partition, offset),
                record.header(RecordHeaders.DEAD_REASON).orElse(""),
                record));
    }

    private static Optional<LogPosition> origin(String topic, String partition, String offset) {
        if (topic.isEmpty() || !partition.matches("\\d{1,9}") || !offset.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(new LogPosition(topic, Integer.parseInt(partition), Long.parseLong(offset)));
    }

    /**
     * Returns the id of the dead letter that a record marks as redriven; empty if it is not such a
     * mark.
     */
    static Optional<String> redriven(LogRecord record) {
        return record.header(RecordHeaders.DEAD_KIND)
                .filter(REDRIVEN_KIND::equals)
                .flatMap(mark -> record.header(RecordHeaders.REDRIVEN_LETTER));
    }

    /**
     * Returns whether its origin is a position in the Kafka cluster that holds it, rather than
     * imported.
     */
    public boolean isOfThisKafka() {
        return record.header(RecordHeaders.IMPORTED).isEmpty();
    }

    /** Returns whether it came from a work queue. */
    public boolean isWork() {
        return originTopic().filter(topic -> topic.kind() == Topic.Kind.WORK).isPresent();
    }

    /** Returns Basin's topic from which it came; empty if it came from none. */
    Optional<Topic> originTopic() {
        return origin.flatMap(position -> Topic.named(position.topic()));
    }

    /** Returns how many times the record had been redriven before it became this dead letter. */
    int timesBefore() {
        return record.header(RecordHeaders.REDRIVEN_TIMES)
                .filter(times -> times.matches("\\d{1,6}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    /** Returns the headers of the original record. */
    Map<String, String> originalHeaders() {
        Map<String, String> headers = new LinkedHashMap<>(record.headers());
        headers.keySet().removeAll(OWN_HEADERS);
        if (!isWork() && record.key().equals(headers.get(RecordHeaders.WORK_ITEM))) {
            // Added by dead-lettering.
            headers.remove(RecordHeaders.WORK_ITEM);
        }
        return headers;
    }

    /** Returns this dead letter without its value, for callers that keep many. */
    DeadLetter withoutValue() {
        return new DeadLetter(id, kind, origin, reason, record.withoutValue());
    }
}
