package basin.log.deadletter;

import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.study.Ids;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A record of the dead-letter topic, as it tells of itself.
 *
 * @param id 16 hexadecimal digits, made from where the record came from and what it holds: dead-lettered twice, it is one dead letter
 * @param kind {@code poison} or {@code exhausted}
 * @param origin where the record came from, if the dead letter says so
 * @param reason one sentence
 * @param record the dead letter itself
 */
public record DeadLetter(String id, String kind, Optional<LogPosition> origin, String reason, LogRecord record) {
    /** The kind of a record that is no dead letter but says that one was driven again. */
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

    /** The dead letter that this record is; empty where it only marks that another was driven again. */
    public static Optional<DeadLetter> of(LogRecord record) {
        String kind = record.header(RecordHeaders.DEAD_KIND).orElse("");
        if (kind.equals(REDRIVEN_KIND)) {
            return Optional.empty();
        }
        String topic = record.header(RecordHeaders.ORIGIN_TOPIC).orElse("");
        String partition = record.header(RecordHeaders.ORIGIN_PARTITION).orElse("");
        String offset = record.header(RecordHeaders.ORIGIN_OFFSET).orElse("");
        String id = Ids.of("DeadLetter", topic, partition, offset, record.key(), Ids.hex(record.value()))
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

    /** The dead letter that this record says was driven again, if it is such a mark. */
    static Optional<String> redriven(LogRecord record) {
        return record.header(RecordHeaders.DEAD_KIND)
                .filter(REDRIVEN_KIND::equals)
                .flatMap(mark -> record.header(RecordHeaders.REDRIVEN_LETTER));
    }

    /** Whether its origin is a place in the Kafka that it lies in. */
    public boolean isOfThisKafka() {
        return record.header(RecordHeaders.IMPORTED).isEmpty();
    }

    /** Whether it came from a queue of work. */
    public boolean isWork() {
        return originTopic().filter(topic -> topic.kind() == Topic.Kind.WORK).isPresent();
    }

    /** Basin's topic that it came from. */
    Optional<Topic> originTopic() {
        return origin.flatMap(position -> Topic.named(position.topic()));
    }

    /** How many times the record had been driven again before it became this dead letter. */
    int timesBefore() {
        return record.header(RecordHeaders.REDRIVEN_TIMES)
                .filter(times -> times.matches("\\d{1,6}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    /** The headers that the record had where it came from. */
    Map<String, String> originalHeaders() {
        Map<String, String> headers = new LinkedHashMap<>(record.headers());
        headers.keySet().removeAll(OWN_HEADERS);
        if (!isWork() && record.key().equals(headers.get(RecordHeaders.WORK_ITEM))) {
            // Dead-lettering added it.
            headers.remove(RecordHeaders.WORK_ITEM);
        }
        return headers;
    }

    /** The same dead letter without its value, for those who keep many. */
    DeadLetter withoutValue() {
        return new DeadLetter(id, kind, origin, reason, record.withoutValue());
    }
}
