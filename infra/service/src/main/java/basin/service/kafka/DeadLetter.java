package basin.service.kafka;

import basin.events.Ids;
import basin.events.Topic;
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
    /** The header that names the dead letter that was driven again. */
    public static final String REDRIVEN_LETTER = "basin_redriven_letter";
    /** The header that says how many times a record has been driven again. */
    public static final String REDRIVEN_TIMES = "basin_redriven_times";
    /** The header of a dead letter that came from another Kafka, in which its origin is a place. */
    public static final String IMPORTED = "basin_imported";
    /** The header of the mark that says where the record was put back. */
    static final String REDRIVEN_TO = "basin_redriven_to";

    private static final Set<String> OWN_HEADERS = Set.of(
            DeadLetterWriter.KIND,
            DeadLetterWriter.REASON,
            DeadLetterWriter.ORIGIN_TOPIC,
            DeadLetterWriter.ORIGIN_PARTITION,
            DeadLetterWriter.ORIGIN_OFFSET,
            REDRIVEN_LETTER,
            REDRIVEN_TIMES,
            IMPORTED);

    /** The dead letter that this record is; empty where it only marks that another was driven again. */
    public static Optional<DeadLetter> of(LogRecord record) {
        String kind = record.header(DeadLetterWriter.KIND).orElse("");
        if (kind.equals(REDRIVEN_KIND)) {
            return Optional.empty();
        }
        String topic = record.header(DeadLetterWriter.ORIGIN_TOPIC).orElse("");
        String partition = record.header(DeadLetterWriter.ORIGIN_PARTITION).orElse("");
        String offset = record.header(DeadLetterWriter.ORIGIN_OFFSET).orElse("");
        String id = Ids.of("DeadLetter", topic, partition, offset, record.key(), Ids.hex(record.value()))
                .substring(0, 16);
        return Optional.of(new DeadLetter(
                id,
                kind,
                origin(topic, partition, offset),
                record.header(DeadLetterWriter.REASON).orElse(""),
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
        return record.header(DeadLetterWriter.KIND)
                .filter(REDRIVEN_KIND::equals)
                .flatMap(mark -> record.header(REDRIVEN_LETTER));
    }

    /** Whether its origin is a place in the Kafka that it lies in. */
    public boolean isOfThisKafka() {
        return record.header(IMPORTED).isEmpty();
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
        return record.header(REDRIVEN_TIMES)
                .filter(times -> times.matches("\\d{1,6}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    /** The headers that the record had where it came from. */
    Map<String, String> originalHeaders() {
        Map<String, String> headers = new LinkedHashMap<>(record.headers());
        headers.keySet().removeAll(OWN_HEADERS);
        if (!isWork() && record.key().equals(headers.get(DeadLetterWriter.WORK_ITEM))) {
            // Dead-lettering added it.
            headers.remove(DeadLetterWriter.WORK_ITEM);
        }
        return headers;
    }

    /** The same dead letter without its value, for those who keep many. */
    DeadLetter withoutValue() {
        return new DeadLetter(
                id,
                kind,
                origin,
                reason,
                new LogRecord(
                        record.position(),
                        record.key(),
                        new byte[0],
                        record.tombstone(),
                        record.headers(),
                        record.timestampMillis()));
    }
}
