package basin.aggregator;

import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.events.EventCodec;
import basin.events.MalformedEventException;
import basin.events.Topic;
import basin.service.kafka.DeadLetter;
import basin.service.kafka.DeadLetters;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.LogRecord;
import basin.service.kafka.LogTail;
import basin.service.kafka.OpenLetters;
import basin.service.kafka.TailWatch;
import basin.service.shell.EventOutcome;
import basin.service.shell.ServiceMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The fold, fed from Kafka. Thread-safe. */
final class LiveFold implements AutoCloseable {
    private final Fold fold = new Fold();
    private final Map<String, Long> counts = new TreeMap<>();
    private final Set<String> buried = new HashSet<>();
    private final OpenLetters letters = new OpenLetters();
    private final List<Poison> poison = new ArrayList<>();
    private final Semaphore news = new Semaphore(0);
    private final ServiceMetrics metrics;
    private final LogTail tail;
    private final TailWatch watch;
    private long duplicates;
    private long malformed;
    private boolean changed;

    private record Poison(LogRecord record, String reason) {}

    /** What came over the wire so far; of dead letters those that still wait. */
    record Counts(Map<String, Long> byTopic, long duplicates, long conflicts, long malformed, long deadLetters) {}

    LiveFold(KafkaEndpoint endpoint, ServiceMetrics metrics) {
        this.metrics = metrics;
        List<String> topics = Stream.concat(Topic.folded().stream(), Stream.of(Topic.DEAD_LETTER))
                .map(Topic::topicName)
                .toList();
        this.tail = LogTail.start(endpoint, "aggregator", topics, this::take);
        this.watch = TailWatch.start(tail, "aggregator");
    }

    /** Whether the log is being read and Kafka answers. */
    boolean isReading() {
        return watch.isReading();
    }

    /** Publishes how fresh the fold is. */
    void bindTo(MeterRegistry registry) {
        Gauge.builder("basin.fold.age", () -> watch.age().toMillis() / 1000.0)
                .description("Time since an event was last folded, or since there was none to fold")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("basin.dead.letters.open", letters, OpenLetters::count)
                .description("Dead letters that nobody has driven again")
                .baseUnit("records")
                .register(registry);
        Gauge.builder("basin.event.lag", watch::lag)
                .description("Records of the record topics that are not folded yet")
                .baseUnit("records")
                .register(registry);
    }

    private void take(LogRecord record) {
        synchronized (fold) {
            if (record.topic().equals(Topic.DEAD_LETTER.topicName())) {
                letters.take(record);
                DeadLetter.of(record)
                        .filter(DeadLetter::isOfThisKafka)
                        .flatMap(DeadLetter::origin)
                        .ifPresent(origin -> buried.add(origin.toString()));
            } else {
                counts.merge(record.topic(), 1L, Long::sum);
                fold(record);
            }
            changed = true;
        }
        news.release();
    }

    private void fold(LogRecord record) {
        try {
            switch (fold.add(EventCodec.decode(record.value()))) {
                case FOLDED -> metrics.countEvent(record.topic(), EventOutcome.TAKEN);
                case DUPLICATE -> {
                    duplicates++;
                    metrics.countEvent(record.topic(), EventOutcome.DUPLICATE);
                }
                case CONFLICT -> metrics.countEvent(record.topic(), EventOutcome.CONFLICT);
            }
        } catch (MalformedEventException | IllegalArgumentException e) {
            malformed++;
            metrics.countEvent(record.topic(), EventOutcome.MALFORMED);
            poison.add(new Poison(record, "This is no event that can be folded: " + e.getMessage() + "."));
        }
    }

    /** Waits for news, and a little longer for what comes with it. */
    void awaitNews(long mostMillis) throws InterruptedException {
        if (news.tryAcquire(mostMillis, TimeUnit.MILLISECONDS)) {
            TimeUnit.MILLISECONDS.sleep(50);
            news.drainPermits();
        }
    }

    /** The studies' states where anything has changed since the last call, else nothing. */
    List<StudyState> changes() {
        synchronized (fold) {
            if (!changed) {
                return List.of();
            }
            changed = false;
            return fold.studies().stream()
                    .flatMap(study -> fold.study(study).stream())
                    .toList();
        }
    }

    /** Ids of pieces of work that were given up. */
    Set<String> parked() {
        synchronized (fold) {
            return letters.parked();
        }
    }

    /** Writes what could not be folded to the dead-letter topic, unless it lies there already. */
    void bury(DeadLetters letters) {
        List<Poison> open;
        synchronized (fold) {
            open = poison.stream()
                    .filter(one -> !buried.contains(one.record().position().toString()))
                    .toList();
            open.forEach(one -> buried.add(one.record().position().toString()));
            poison.clear();
        }
        open.forEach(one -> letters.bury(one.record(), DeadLetters.Kind.POISON, one.reason()));
    }

    Counts counts() {
        synchronized (fold) {
            return new Counts(
                    new TreeMap<>(counts), duplicates, fold.conflicts().size(), malformed, letters.count());
        }
    }

    /** Completes once all that was in the log at the time of the call is folded. */
    void awaitCaughtUp() throws InterruptedException, java.util.concurrent.TimeoutException {
        tail.awaitCaughtUp(java.time.Duration.ofMinutes(2));
    }

    @Override
    public void close() {
        watch.close();
        tail.close();
    }
}
