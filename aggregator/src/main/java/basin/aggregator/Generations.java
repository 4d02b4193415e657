package basin.aggregator;

import basin.aggregator.view.Generation;
import basin.aggregator.view.StudyView;
import basin.log.KafkaEndpoint;
import basin.log.LogRecord;
import basin.log.LogTail;
import basin.log.LogWriter;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.service.EventWriter;
import basin.study.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * Answers to other questions, published by name beside the live table: their rows and a sentence on
 * the correlation topic, which is never an input of the fold. Thread-safe.
 */
public final class Generations implements AutoCloseable {
    /** Name of the aggregator's own table. */
    public static final String LIVE = "live";

    /** Greatest number of answers to one study that are shown, the first by name. */
    static final int MAX_ANSWERS = 10;

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** By study and generation, then by the record's key. */
    private final TreeMap<String, TreeMap<String, Event.Derived>> known = new TreeMap<>();

    private final LogTail tail;
    private boolean changed;

    private Generations(KafkaEndpoint endpoint, String name) {
        this.tail = LogTail.start(endpoint, name, List.of(Topic.CORRELATION.topicName()), this::take);
    }

    /** Starts to read published generations. */
    static Generations follow(KafkaEndpoint endpoint) {
        return new Generations(endpoint, "aggregator-generations");
    }

    /**
     * Checks that a table can be published under a name.
     *
     * @throws Refusal if it cannot
     */
    public static void check(String name) {
        if (name.equals(LIVE) || !name.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,39}")) {
            throw new Refusal(
                    "--generation is '" + name + "': give 1 to 40 letters, digits, dots, dashes, plus signs or"
                            + " underscores, a letter or digit first, and not live, which is the"
                            + " aggregator's own.");
        }
    }

    /**
     * Publishes an answer under a name; returns when its rows and its sentence are acknowledged.
     * Deletes rows of an earlier answer of that name that this one does not have.
     *
     * @param question text of the question file
     * @return number of rows published
     * @throws Refusal if the study has as many answers under other names as are shown, or the
     *     question is too long
     */
    public static int publish(KafkaEndpoint endpoint, StudyView view, String name, String question)
            throws InterruptedException, TimeoutException {
        check(name);
        Event.QuestionAnswered answered = new Event.QuestionAnswered(
                view.studyId(),
                name,
                view.revision(),
                question,
                view.headline(),
                view.more(),
                view.verdict(),
                view.primary().map(StudyView.RowView::row));
        Set<String> before;
        try (Generations published = new Generations(endpoint, "publish")) {
            published.tail.awaitCaughtUp(LIMIT);
            before = published.keys(view.studyId(), name);
            List<String> others = published.names(view.studyId());
            if (before.isEmpty() && others.size() >= MAX_ANSWERS) {
                throw new Refusal("--generation is '" + name + "', and " + others.size()
                        + " answers of this study are published, which is the most: give the name of one of them, which"
                        + " is then replaced, of " + String.join(", ", others) + ".");
            }
        }
        try (LogWriter writer = LogWriter.open(endpoint, "publish")) {
            EventWriter events = new EventWriter(writer, "basin/replay");
            Map<String, String> headers = Map.of(RecordHeaders.STUDY, view.studyId());
            List<CompletableFuture<?>> written = new ArrayList<>();
            for (StudyView.RowView row : view.rows()) {
                Event.CorrelationComputed computed =
                        new Event.CorrelationComputed(view.studyId(), name, view.revision(), row.row(), row.finding());
                before.remove(computed.key());
                written.add(events.write(computed, headers));
            }
            before.remove(answered.key());
            before.forEach(key -> written.add(writer.erase(Topic.CORRELATION.topicName(), key, headers)));
            written.forEach(LogWriter::await);
            // Last, so that no sentence is shown before its rows.
            LogWriter.await(events.write(answered, headers));
        }
        return view.rows().size();
    }

    private synchronized Set<String> keys(String studyId, String name) {
        return new TreeSet<>(
                known.getOrDefault(studyId + "/" + name, new TreeMap<>()).keySet());
    }

    /** Returns the names of a study's answers, sorted. */
    private synchronized List<String> names(String studyId) {
        return known.keySet().stream()
                .filter(generation -> generation.startsWith(studyId + "/"))
                .map(generation -> generation.substring(studyId.length() + 1))
                .toList();
    }

    private void take(LogRecord record) {
        // Study, generation, row or answer; names contain no slash.
        String[] parts = record.key().split("/", -1);
        if (parts.length != 3 || parts[1].equals(LIVE)) {
            return;
        }
        String generation = parts[0] + "/" + parts[1];
        synchronized (this) {
            if (record.tombstone()) {
                TreeMap<String, Event.Derived> rows = known.getOrDefault(generation, new TreeMap<>());
                rows.remove(record.key());
                if (rows.isEmpty()) {
                    known.remove(generation);
                }
                changed = true;
                return;
            }
            try {
                if (EventCodec.decode(record.value()) instanceof Event.Derived row
                        && row.key().equals(record.key())) {
                    known.computeIfAbsent(generation, name -> new TreeMap<>()).put(record.key(), row);
                    changed = true;
                }
            } catch (MalformedEventException poison) {
                // An unreadable row is skipped. It is derived, so its publisher can publish it
                // again.
            }
        }
    }

    /** Returns whether anything was published since the last call. */
    synchronized boolean takeChanged() {
        boolean news = changed;
        changed = false;
        return news;
    }

    /**
     * Returns the published answers by study and name, at most {@value #MAX_ANSWERS} of each study.
     */
    synchronized List<Generation> all() {
        Map<String, Integer> counted = new HashMap<>();
        return known.entrySet().stream()
                .filter(one ->
                        counted.merge(one.getKey().substring(0, one.getKey().indexOf('/')), 1, Integer::sum)
                                <= MAX_ANSWERS)
                .map(one -> Generation.of(one.getValue().values()))
                .toList();
    }

    @Override
    public void close() {
        tail.close();
    }
}
