package basin.service.kafka;

import basin.events.Topic;
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

/** Reads the dead-letter topic for people, and drives letters again. Stateless; safe for use by several threads. */
public final class LetterBox {
    private static final String TOPIC = Topic.DEAD_LETTER.topicName();

    private LetterBox() {}

    /**
     * A letter and what became of it.
     *
     * @param letter without its payload
     * @param redriven how many times it was driven again
     */
    public record Entry(DeadLetter letter, int redriven) {}

    /**
     * A letter that was driven again.
     *
     * @param times how many times its record has now been driven again, those under earlier letters included
     * @param to where the record lies now; empty where an earlier call, which was cut short, had put it there already
     */
    public record Redriven(DeadLetter letter, int times, Optional<LogPosition> to) {}

    /**
     * All letters in the order in which they were written; one that was buried twice comes once.
     *
     * @throws KafkaException if the log cannot be read now
     */
    public static List<Entry> read(KafkaEndpoint endpoint) {
        Map<String, DeadLetter> letters = new LinkedHashMap<>();
        Map<String, Integer> redriven = new HashMap<>();
        try (LogScan scan = LogScan.open(endpoint, "dead-letters")) {
            scan.read(TOPIC, record -> {
                DeadLetter.redriven(record).ifPresent(id -> redriven.merge(id, 1, Integer::sum));
                DeadLetter.of(record).ifPresent(letter -> letters.putIfAbsent(letter.id(), letter.withoutValue()));
            });
        }
        return letters.values().stream()
                .map(letter -> new Entry(letter, redriven.getOrDefault(letter.id(), 0)))
                .toList();
    }

    /**
     * The letter of that id with its payload.
     *
     * @throws KafkaException if the log cannot be read now
     */
    public static Optional<DeadLetter> whole(KafkaEndpoint endpoint, String id) {
        List<DeadLetter> found = new ArrayList<>();
        try (LogScan scan = LogScan.open(endpoint, "dead-letters")) {
            scan.read(
                    TOPIC,
                    record -> DeadLetter.of(record)
                            .filter(letter -> letter.id().equals(id) && found.isEmpty())
                            .ifPresent(found::add));
        }
        return found.stream().findFirst();
    }

    /**
     * Puts the records of letters back where they came from, each with its own key, value and headers and with two more that say that
     * it was driven again, and marks the letters so that nobody counts them any more. A call that is cut short is made up by the next:
     * what lies at its origin already is only marked.
     *
     * @param chosen letters as {@link #read} gave them; each is driven once by this call
     * @return what was done, in the order of the letters
     * @throws IllegalArgumentException in one sentence, before anything is written, where a letter's origin is no topic that Basin
     *     works from
     * @throws KafkaException if a record was not acknowledged; the letters before it are done
     */
    public static List<Redriven> redrive(KafkaEndpoint endpoint, Collection<Entry> chosen) {
        Map<String, Entry> open = new LinkedHashMap<>();
        Set<String> origins = new HashSet<>();
        for (Entry entry : chosen) {
            origins.add(origin(entry.letter()).topicName());
            open.put(entry.letter().id(), entry);
        }
        Map<String, Integer> lyingThere = new HashMap<>();
        List<Redriven> done = new ArrayList<>();
        try (LogScan scan = LogScan.open(endpoint, "redrive");
                LogWriter writer = LogWriter.open(endpoint, "redrive")) {
            origins.forEach(topic -> scan.read(
                    topic,
                    record -> record.header(DeadLetter.REDRIVEN_LETTER)
                            .filter(open::containsKey)
                            .ifPresent(letter -> lyingThere.merge(letter, 1, Integer::sum))));
            scan.read(
                    TOPIC,
                    record -> DeadLetter.of(record).ifPresent(letter -> {
                        Entry entry = open.remove(letter.id());
                        if (entry != null) {
                            done.add(redrive(
                                    writer,
                                    letter,
                                    entry.redriven(),
                                    lyingThere.getOrDefault(letter.id(), 0) > entry.redriven()));
                        }
                    }));
        }
        return List.copyOf(done);
    }

    private static Topic origin(DeadLetter letter) {
        return letter.originTopic()
                .filter(topic ->
                        topic.kind() == Topic.Kind.WORK || Topic.folded().contains(topic))
                .orElseThrow(() -> new IllegalArgumentException("Letter " + letter.id() + " came from "
                        + letter.origin().map(LogPosition::toString).orElse("nowhere that it names")
                        + ", and only work and events can be driven again: leave it out."));
    }

    private static Redriven redrive(LogWriter writer, DeadLetter letter, int before, boolean liesThere) {
        int times = letter.timesBefore() + before + 1;
        Map<String, String> marks =
                Map.of(DeadLetter.REDRIVEN_LETTER, letter.id(), DeadLetter.REDRIVEN_TIMES, Integer.toString(times));
        Optional<LogPosition> to = Optional.empty();
        if (!liesThere) {
            Map<String, String> headers = letter.originalHeaders();
            headers.putAll(marks);
            to = Optional.of(writer.writeAcked(
                    origin(letter).topicName(),
                    letter.record().key(),
                    letter.record().value(),
                    headers));
        }
        // Only now: a mark without its record would be a piece that nobody does and nobody misses.
        Map<String, String> mark = new HashMap<>(marks);
        mark.put(DeadLetters.KIND, DeadLetter.REDRIVEN_KIND);
        letter.record().header("basin_study").ifPresent(study -> mark.put("basin_study", study));
        to.ifPresent(position -> mark.put(DeadLetter.REDRIVEN_TO, position.toString()));
        LogPosition _ = writer.writeAcked(TOPIC, letter.record().key(), new byte[0], mark);
        return new Redriven(letter.withoutValue(), times, to);
    }
}
