package basin.cli.document;

import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.deadletter.DeadLetter;
import basin.log.deadletter.DeadLetterTopic;
import basin.study.ProgramVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Dead letters, as printed by {@code basin dead-letters list --json} and, with headers and payload,
 * by {@code basin dead-letters show ID --json}.
 *
 * @param program version of the program that wrote this
 * @param deadLetters the dead letters in the order of writing, or the requested one
 */
public record DeadLettersDocument(ProgramVersion program, List<Entry> deadLetters) {
    public DeadLettersDocument {
        deadLetters = List.copyOf(deadLetters);
    }

    /**
     * A dead letter.
     *
     * @param id its id, 16 hexadecimal digits
     * @param time when it was written, in UTC (ISO 8601)
     * @param kind poison (it can never be processed) or exhausted (all attempts failed)
     * @param reason why it was given up, one sentence
     * @param origin where it came from; null if it does not say
     * @param position where it lies on the dead-letter topic
     * @param redriven number of times that it was sent back
     * @param content key, headers and payload; null in a list
     */
    public record Entry(
            String id,
            String time,
            String kind,
            String reason,
            Optional<LogPosition> origin,
            LogPosition position,
            int redriven,
            Optional<Content> content) {
        /** Returns the entry of a dead letter, without its content. */
        public static Entry of(DeadLetterTopic.Entry entry) {
            return of(entry, Optional.empty());
        }

        /** Returns the entry of a dead letter with its content, if it is given. */
        public static Entry of(DeadLetterTopic.Entry entry, Optional<LogRecord> whole) {
            DeadLetter deadLetter = entry.deadLetter();
            return new Entry(
                    deadLetter.id(),
                    Instant.ofEpochMilli(deadLetter.record().timestampMillis()).toString(),
                    deadLetter.kind(),
                    deadLetter.reason(),
                    deadLetter.origin(),
                    deadLetter.record().position(),
                    entry.redriven(),
                    whole.map(Content::of));
        }
    }

    /**
     * The content of a dead letter.
     *
     * @param key its key
     * @param headers its headers, by name
     * @param bytes length of its payload, in bytes
     * @param payload its payload; null if it is not UTF-8
     */
    public record Content(String key, Map<String, String> headers, int bytes, Optional<String> payload) {
        static Content of(LogRecord record) {
            return new Content(record.key(), new TreeMap<>(record.headers()), record.value().length, record.utf8());
        }
    }

    /** Returns the document of these dead letters. */
    public static DeadLettersDocument of(List<Entry> deadLetters) {
        return new DeadLettersDocument(ProgramVersion.current(), deadLetters);
    }
}
