package basin.aggregator;

import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.log.KafkaEndpoint;
import basin.log.LogHandler;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogTail;
import basin.log.TailWatch;
import basin.log.deadletter.DeadLetter;
import basin.log.deadletter.DeadLetterWriter;
import basin.log.deadletter.OpenDeadLetters;
import basin.record.MalformedEventException;
import basin.record.Topic;
import basin.service.EventOutcome;
import basin.service.ServiceMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The fold of the record topics, read from Kafka while the service runs. Thread-safe. */
final class LiveFold implements LogHandler, AutoCloseable {
    private final Fold fold;
    private final Map<String, Map<Integer, Long>> next = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final Set<String> deadLettered = new HashSet<>();
    private final OpenDeadLetters deadLetters = new OpenDeadLetters();
    /** Records that could not be folded and are not in the dead-letter topic yet, by position. */
    private final Map<String, Malformed> undelivered = new LinkedHashMap<>();

    private final Optional<DeadLetterPublisher> publisher;
    private final Semaphore news = new Semaphore(0);
    private final Semaphore measurements = new Semaphore(0);
    private final ServiceMetrics metrics;
    private final LogTail tail;
    private final TailWatch watch;
    private long duplicates;
    private long malformed;
    private boolean changed;
    private final long began;

    private record Decoded(LogRecord record, Optional<Fold.Marked> event, String reason) {}

    /** A record that could not be folded, and the reason. */
    record Malformed(LogRecord record, String reason) {}

    /** Numbers of records read so far, and of dead letters that are still open. */
    record Counts(Map<String, Long> byTopic, long duplicates, long conflicts, long malformed, long deadLetters) {}

    /**
     * Starts to fold the log, from a snapshot or, if there is none, from the beginning.
     *
     * @param deadLetters takes the records that cannot be folded; if absent, they are only counted
     */
    LiveFold(
            KafkaEndpoint endpoint,
            ServiceMetrics metrics,
            Optional<Snapshots.Start> from,
            Optional<DeadLetterWriter> deadLetters) {
        this.metrics = metrics;
        this.fold = from.map(Snapshots.Start::fold).orElseGet(Fold::new);
        Snapshots.State begin = from.map(Snapshots.Start::state).orElse(Snapshots.State.NONE);
        this.began = begin.events();
        counts.putAll(begin.records());
        duplicates = begin.duplicates();
        malformed = begin.malformed();
        begin.next().forEach(this::isNext);
        if (from.isPresent()) {
            changed = true;
            news.release();
        }
        this.publisher = deadLetters.map(to -> DeadLetterPublisher.start(this, to));
        this.tail = LogTail.start(endpoint, "aggregator", Replay.TOPICS, begin.next(), this);
        this.watch = TailWatch.start(tail, "aggregator");
    }

    private void isNext(LogPosition position) {
        next.computeIfAbsent(position.topic(), topic -> new TreeMap<>()).put(position.partition(), position.offset());
    }

    /**
     * The fold at one moment.
     *
     * @param state the state that belongs to its image, without topic ids
     */
    record Moment(Fold.Standing standing, Snapshots.State state) {}

    /** Returns the number of different events in the fold. */
    long events() {
        synchronized (fold) {
            return fold.revision().events();
        }
    }

    /**
     * Returns the present moment. Empty while a malformed record is not dead-lettered yet, because
     * a restart must read that record again.
     */
    Optional<Moment> moment() {
        synchronized (fold) {
            if (!undelivered.isEmpty()) {
                return Optional.empty();
            }
            List<LogPosition> positions = next.entrySet().stream()
                    .flatMap(topic -> topic.getValue().entrySet().stream()
                            .map(one -> new LogPosition(topic.getKey(), one.getKey(), one.getValue())))
                    .toList();
            Fold.Standing standing = fold.standing();
            return Optional.of(new Moment(
                    standing,
                    new Snapshots.State(
                            standing.events().size(),
                            positions,
                            Map.of(),
                            new TreeMap<>(counts),
                            duplicates,
                            malformed)));
        }
    }

    /** Returns whether the log is being read and Kafka answers. */
    boolean isReading() {
        return watch.isReading();
    }

    /**
     * Registers the gauges of the fold: its age, its lag, the number of events that it started
     * with, and open dead letters.
     */
    void bindTo(MeterRegistry registry) {
        Gauge.builder("basin.snapshot.start", () -> began)
                .description("Events that came from a snapshot when the aggregator started")
                .baseUnit("events")
                .register(registry);
        Gauge.builder("basin.fold.age", () -> watch.age().toMillis() / 1000.0)
                .description("Time since an event was last folded, or since there was none to fold")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("basin.dead.letters.open", deadLetters, OpenDeadLetters::count)
                .description("Dead letters that nobody has driven again")
                .baseUnit("records")
                .register(registry);
        Gauge.builder("basin.event.lag", watch::lag)
                .description("Records of the record topics that are not folded yet")
                .baseUnit("records")
                .register(registry);
    }

    /**
     * Decodes records on all processors, outside the lock, and folds them one after the other, in
     * order, while others are still decoded.
     */
    @Override
    public void takeAll(List<LogRecord> records) {
        records.parallelStream().map(LiveFold::decode).forEachOrdered(one -> {
            synchronized (fold) {
                put(one);
            }
        });
        int waiting;
        synchronized (fold) {
            changed = true;
            waiting = undelivered.size();
        }
        news.release();
        if (records.stream().anyMatch(record -> !record.topic().equals(Topic.LOSS.topicName()))) {
            measurements.release();
        }
        if (waiting > 0) {
            publisher.ifPresent(one -> one.wake(waiting));
        }
    }

    @Override
    public void take(LogRecord record) {
        takeAll(List.of(record));
    }

    private static Decoded decode(LogRecord record) {
        if (record.topic().equals(Topic.DEAD_LETTER.topicName())) {
            return new Decoded(record, Optional.empty(), "");
        }
        try {
            return new Decoded(record, Optional.of(Fold.Marked.of(Fold.foldable(record.decode()))), "");
        } catch (MalformedEventException e) {
            return new Decoded(record, Optional.empty(), "This is no event that can be folded: " + sentence(e) + ".");
        }
    }

    private static String sentence(MalformedEventException e) {
        String said = String.valueOf(e.getMessage());
        return said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
    }

    private void put(Decoded one) {
        LogRecord record = one.record();
        if (record.topic().equals(Topic.DEAD_LETTER.topicName())) {
            deadLetters.take(record);
            DeadLetter.of(record)
                    .filter(DeadLetter::isOfThisKafka)
                    .flatMap(DeadLetter::origin)
                    .ifPresent(origin -> deadLettered.add(origin.toString()));
            return;
        }
        counts.merge(record.topic(), 1L, Long::sum);
        isNext(new LogPosition(
                record.topic(), record.position().partition(), record.position().offset() + 1));
        if (one.event().isEmpty()) {
            malformed++;
            metrics.countEvent(record.topic(), EventOutcome.MALFORMED);
            if (publisher.isPresent()) {
                undelivered.put(record.position().toString(), new Malformed(record, one.reason()));
            }
            return;
        }
        switch (fold.add(one.event().get())) {
            case FOLDED -> metrics.countEvent(record.topic(), EventOutcome.TAKEN);
            case DUPLICATE -> {
                duplicates++;
                metrics.countEvent(record.topic(), EventOutcome.DUPLICATE);
            }
            case CONFLICT -> metrics.countEvent(record.topic(), EventOutcome.CONFLICT);
        }
    }

    /**
     * Waits for records, at most the given time, and 20 ms longer for others that arrive with them.
     */
    void awaitNews(long mostMillis) throws InterruptedException {
        if (news.tryAcquire(mostMillis, TimeUnit.MILLISECONDS)) {
            TimeUnit.MILLISECONDS.sleep(20);
            news.drainPermits();
            measurements.drainPermits();
        }
    }

    /**
     * Waits, at most the given time, until a record other than a loss has arrived since the last
     * call of {@link #awaitNews}.
     */
    void awaitMeasurement(long mostMillis) throws InterruptedException {
        if (measurements.tryAcquire(mostMillis, TimeUnit.MILLISECONDS)) {
            measurements.drainPermits();
        }
    }

    /**
     * Returns the states of all studies if any record has arrived since the last call, otherwise
     * nothing.
     */
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

    /** Returns the ids of work items that were given up. */
    Set<String> givenUp() {
        synchronized (fold) {
            return deadLetters.givenUp();
        }
    }

    /**
     * Returns the oldest records, at most {@code max}, that could not be folded and are not in the
     * dead-letter topic.
     */
    List<Malformed> undelivered(int max) {
        synchronized (fold) {
            undelivered.keySet().removeAll(deadLettered);
            return undelivered.values().stream().limit(max).toList();
        }
    }

    /** Marks records as written to the dead-letter topic. */
    void delivered(Collection<Malformed> these) {
        synchronized (fold) {
            for (Malformed one : these) {
                String position = one.record().position().toString();
                deadLettered.add(position);
                undelivered.remove(position);
            }
        }
    }

    Counts counts() {
        synchronized (fold) {
            return new Counts(
                    new TreeMap<>(counts), duplicates, fold.conflicts().size(), malformed, deadLetters.count());
        }
    }

    /**
     * Waits until everything that was in the log at the time of the call is folded.
     *
     * @throws TimeoutException if that takes longer than the limit
     */
    void awaitCaughtUp(Duration limit) throws InterruptedException, TimeoutException {
        tail.awaitCaughtUp(limit);
    }

    @Override
    public void close() {
        watch.close();
        tail.close();
        publisher.ifPresent(DeadLetterPublisher::close);
    }
}
