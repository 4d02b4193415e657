package basin.log.deadletter;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.LogWriter;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.study.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/** Lists the dead-letter topic and redrives dead letters. Stateless; thread-safe. */
public final class DeadLetterTopic {
    private static final String TOPIC = Topic.DEAD_LETTER.topicName();

    private DeadLetterTopic() {}

    /**
     * A dead letter with its redrive count.
     *
     * @param deadLetter the dead letter, without its payload
     * @param redriven how many times it was redriven
     */
    public record Entry(DeadLetter deadLetter, int redriven) {}

    /**
     * A redriven dead letter.
     *
     * @param times how many times its record has now been redriven, including redrives of earlier
     *     dead letters
     * @param to new position of the record; empty if an earlier, interrupted call had already
     *     written it
     */
    public record Redriven(DeadLetter deadLetter, int times, Optional<LogPosition> to) {}

    /**
     * Returns all dead letters in the order of writing, each once even if it was dead-lettered
     * twice.
     *
     * @throws KafkaException if the log cannot be read now
     */
    public static List<Entry> read(LogSource log) {
        Map<String, DeadLetter> deadLetters = new LinkedHashMap<>();
        Map<String, Integer> redriven = new HashMap<>();
        try (LogScan scan = log.scan("dead-letters")) {
            scan.read(TOPIC, record -> {
                DeadLetter.redriven(record).ifPresent(id -> redriven.merge(id, 1, Integer::sum));
                DeadLetter.of(record)
                        .ifPresent(deadLetter -> deadLetters.putIfAbsent(deadLetter.id(), deadLetter.withoutValue()));
            });
        }
        return deadLetters.values().stream()
                .map(deadLetter -> new Entry(deadLetter, redriven.getOrDefault(deadLetter.id(), 0)))
                .toList();
    }

    /**
     * Returns the dead letter of an id, with its payload.
     *
     * @throws KafkaException if the log cannot be read now
     */
    public static Optional<DeadLetter> whole(LogSource log, String id) {
        List<DeadLetter> found = new ArrayList<>();
        try (LogScan scan = log.scan("dead-letters")) {
            scan.read(
                    TOPIC,
                    record -> DeadLetter.of(record)
                            .filter(deadLetter -> deadLetter.id().equals(id) && found.isEmpty())
                            .ifPresent(found::add));
        }
        return found.stream().findFirst();
    }

    /**
     * Writes the records of dead letters back to their origin topics, each with its own key, value
     * and headers. Two more headers mark it as redriven. Also marks the dead letters, so that they
     * are no longer counted. A call after an interrupted one completes it: records that are already
     * at their origin are only marked.
     *
     * @param chosen dead letters from {@link #read}; each is redriven once by this call
     * @return the redriven dead letters, in order
     * @throws Refusal if a dead letter's origin is not a topic that Basin processes; thrown before
     *     anything is written; the message is one sentence
     * @throws KafkaException if a record was not acknowledged; earlier dead letters are redriven
     */
    public static List<Redriven> redrive(KafkaEndpoint endpoint, Collection<Entry> chosen) {
        Map<String, Entry> open = new LinkedHashMap<>();
        Set<String> origins = new HashSet<>();
        for (Entry entry : chosen) {
            origins.add(origin(entry.deadLetter()).topicName());
            open.put(entry.deadLetter().id(), entry);
        }
        Map<String, Integer> alreadyWritten = new HashMap<>();
        List<Redriven> done = new ArrayList<>();
        try (LogScan scan = endpoint.scan("redrive");
                LogWriter writer = LogWriter.open(endpoint, "redrive")) {
            origins.forEach(topic -> scan.read(
                    topic,
                    record -> record.header(RecordHeaders.REDRIVEN_LETTER)
                            .filter(open::containsKey)
                            .ifPresent(deadLetter -> alreadyWritten.merge(deadLetter, 1, Integer::sum))));
            scan.read(
                    TOPIC,
                    record -> DeadLetter.of(record).ifPresent(deadLetter -> {
                        Entry entry = open.remove(deadLetter.id());
                        if (entry != null) {
                            done.add(redrive(
                                    writer,
                                    deadLetter,
                                    entry.redriven(),
                                    alreadyWritten.getOrDefault(deadLetter.id(), 0) > entry.redriven()));
                        }
                    }));
        }
        return List.copyOf(done);
    }

    private static Topic origin(DeadLetter deadLetter) {
        return deadLetter
                .originTopic()
                .filter(topic ->
                        topic.kind() == Topic.Kind.WORK || Topic.folded().contains(topic))
                .orElseThrow(() -> new Refusal("Dead letter " + deadLetter.id() + " came from "
                        + deadLetter.origin().map(LogPosition::toString).orElse("nowhere that it names")
                        + ", and only work and events can be driven again: leave it out."));
    }

    private static Redriven redrive(LogWriter writer, DeadLetter deadLetter, int before, boolean isWritten) {
        int times = deadLetter.timesBefore() + before + 1;
        Map<String, String> marks = Map.of(
                RecordHeaders.REDRIVEN_LETTER, deadLetter.id(), RecordHeaders.REDRIVEN_TIMES, Integer.toString(times));
        Optional<LogPosition> to = Optional.empty();
        if (!isWritten) {
            Map<String, String> headers = deadLetter.originalHeaders();
            headers.putAll(marks);
            to = Optional.of(writer.writeAcked(
                    origin(deadLetter).topicName(),
                    deadLetter.record().key(),
                    deadLetter.record().value(),
                    headers));
        }
        // Written last, because a mark without its record would be a work item that is never
        // processed and never missed.
        Map<String, String> mark = new HashMap<>(marks);
        mark.put(RecordHeaders.DEAD_KIND, DeadLetter.REDRIVEN_KIND);
        deadLetter.record().header(RecordHeaders.STUDY).ifPresent(study -> mark.put(RecordHeaders.STUDY, study));
        to.ifPresent(position -> mark.put(RecordHeaders.REDRIVEN_TO, position.toString()));
        LogPosition _ = writer.writeAcked(TOPIC, deadLetter.record().key(), new byte[0], mark);
        return new Redriven(deadLetter.withoutValue(), times, to);
    }
}
