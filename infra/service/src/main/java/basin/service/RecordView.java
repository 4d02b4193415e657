package basin.service;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.LogTail;
import basin.log.TailWatch;
import basin.log.deadletter.OpenDeadLetters;
import basin.log.work.UnprocessableWork;
import basin.record.Event;
import basin.record.MalformedEventException;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.work.WorkItem;
import basin.study.StudySpec;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A worker's index of the record: studies, runs, checkpoints and ids of results. Built from the log
 * alone; holds ids and specifications but no measurements. Thread-safe.
 */
public final class RecordView implements AutoCloseable {
    private static final List<String> TOPICS = Stream.of(
                    Topic.STUDY,
                    Topic.RUN,
                    Topic.CHECKPOINT,
                    Topic.FLATNESS,
                    Topic.DOWNSTREAM,
                    Topic.WORK_STUDY,
                    Topic.WORK_RUN,
                    Topic.WORK_PROBE,
                    Topic.WORK_EVALUATE,
                    Topic.DEAD_LETTER)
            .map(Topic::topicName)
            .toList();

    private static final Duration REFRESH_LIMIT = Duration.ofMinutes(5);

    private final Map<String, StudySpec> studies = new ConcurrentHashMap<>();
    private final Map<String, Event.RunDeclared> runs = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> studiesOfRuns = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentSkipListMap<Integer, StoredCheckpoint>> checkpoints = new ConcurrentHashMap<>();
    private final Set<String> events = ConcurrentHashMap.newKeySet();
    private final StudyControls controls = new StudyControls();
    private final Map<String, Map<String, Integer>> enqueued = new ConcurrentHashMap<>();
    private final Map<String, LogPosition> enqueuedAt = new ConcurrentHashMap<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final OpenDeadLetters deadLetters = new OpenDeadLetters();
    private final Optional<Following> following;

    private record Following(LogTail tail, TailWatch watch) {}

    private RecordView(KafkaEndpoint endpoint, String name) {
        LogTail tail = LogTail.start(endpoint, name + "-record", TOPICS, this::take);
        this.following = Optional.of(new Following(tail, TailWatch.start(tail, name + "-record")));
    }

    private RecordView(LogSource log) {
        this.following = Optional.empty();
        try (LogScan scan = log.scan("record")) {
            TOPICS.forEach(topic -> scan.read(topic, this::take));
        }
    }

    /**
     * A checkpoint and the position of its record.
     *
     * @param headers headers of its record, which give the location of its weights
     */
    public record StoredCheckpoint(
            Event.CheckpointPublished event, Map<String, String> headers, LogPosition position) {}

    /** Reads the record once, to its present end. */
    public static RecordView of(LogSource log) {
        return new RecordView(log);
    }

    /** Starts to read the record, and follows it. */
    public static RecordView start(KafkaEndpoint endpoint, String name) {
        return new RecordView(endpoint, name);
    }

    /**
     * Waits until everything that was on record at the time of the call is in this view. A view
     * that does not follow the record stays as it is.
     *
     * @throws TimeoutException if that takes longer than 5 min
     */
    public void refresh() throws InterruptedException, TimeoutException {
        if (following.isPresent()) {
            following.get().tail().awaitCaughtUp(REFRESH_LIMIT);
        }
    }

    /** Returns the ids of all studies on record. */
    public Set<String> studies() {
        return Set.copyOf(studies.keySet());
    }

    /**
     * Returns the position of the newest record of a work item in its queue; empty if it was never
     * enqueued.
     */
    public Optional<LogPosition> enqueuedAt(String itemId) {
        return Optional.ofNullable(enqueuedAt.get(itemId));
    }

    /** Returns a study, if it is on record. */
    public Optional<StudySpec> study(String studyId) {
        return Optional.ofNullable(studies.get(studyId));
    }

    /**
     * Returns a run's declaration, if it is on record. If several studies declare the run, returns
     * any of their declarations, because they share the specification.
     */
    public Optional<Event.RunDeclared> run(String runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    /**
     * Returns a run's declaration, as {@link #run} does, for a work item on that run.
     *
     * @throws UnprocessableWork if the run is not on record
     */
    public Event.RunDeclared declaredRun(String runId) {
        return run(runId).orElseThrow(() -> new UnprocessableWork("Run " + runId + " is not recorded."));
    }

    /** Returns every run on record, by id. */
    public List<Event.RunDeclared> runs() {
        return runs.values().stream()
                .sorted(Comparator.comparing(Event.RunDeclared::runId))
                .toList();
    }

    /** Returns a run's checkpoint at a step. */
    public Optional<StoredCheckpoint> checkpoint(String runId, int step) {
        return Optional.ofNullable(checkpoints.get(runId)).map(steps -> steps.get(step));
    }

    /** Returns a run's checkpoints, by step. */
    public List<StoredCheckpoint> checkpoints(String runId) {
        return Optional.ofNullable(checkpoints.get(runId))
                .map(steps -> List.copyOf(steps.values()))
                .orElse(List.of());
    }

    /** Returns the ids of the studies on record that declare a run. */
    public Set<String> studiesOf(String runId) {
        return Set.copyOf(studiesOfRuns.getOrDefault(runId, Set.of()));
    }

    /**
     * Returns the ids of the studies that want a work item: the one for which it was enqueued, and
     * those that request the same.
     */
    public Set<String> studiesWanting(WorkItem item) {
        Set<String> wanting = new TreeSet<>(Set.of(item.studyId()));
        item.run().stream()
                .flatMap(run -> studiesOf(run).stream())
                .filter(study -> study(study).filter(item::isWantedBy).isPresent())
                .forEach(wanting::add);
        return wanting;
    }

    /**
     * Returns whether, for every given id, the event or an answer to the request with that id is on
     * record.
     */
    public boolean holds(Collection<String> ids) {
        return events.containsAll(ids);
    }

    /** Returns whether the run has finished or failed and will publish no more checkpoints. */
    public boolean hasEnded(String runId) {
        return ended.contains(runId);
    }

    /** Returns the pauses, resumptions and cancellations of studies. */
    public StudyControls controls() {
        return controls;
    }

    /** Returns whether this work item was given up and is open in the dead-letter topic. */
    public boolean wasGivenUp(String itemId) {
        return deadLetters.isGivenUp(itemId);
    }

    /**
     * Returns whether this work item is in its queue, being processed or done. It must have been
     * enqueued for an active study, and not before that study was last paused or cancelled, because
     * it may have been dropped then.
     */
    public boolean isEnqueued(String itemId) {
        return enqueued.getOrDefault(itemId, Map.of()).entrySet().stream()
                .anyMatch(one -> controls.isActive(one.getKey()) && one.getValue() >= controls.sequence(one.getKey()));
    }

    /** Returns whether the record is being read and Kafka answers. */
    public boolean isReading() {
        return following.map(Following::watch).filter(TailWatch::isReading).isPresent();
    }

    private void take(LogRecord record) {
        if (isWork(record.topic())) {
            enqueued.computeIfAbsent(record.key(), item -> new ConcurrentHashMap<>())
                    .merge(record.header(RecordHeaders.STUDY).orElse(""), control(record), Math::max);
            // A queue has one partition, so its records arrive in order.
            enqueuedAt.put(record.key(), record.position());
            return;
        }
        if (record.topic().equals(Topic.DEAD_LETTER.topicName())) {
            deadLetters.take(record);
            return;
        }
        Event event;
        try {
            event = record.decode();
        } catch (MalformedEventException poison) {
            // The aggregator reports such records, because it folds every record; this view ignores
            // them.
            return;
        }
        events.add(event.id());
        events.add(event.question());
        switch (event) {
            case Event.StudySubmitted submitted -> studies.put(submitted.studyId(), submitted.study());
            case Event.RunDeclared declared -> {
                runs.put(declared.runId(), declared);
                studiesOfRuns
                        .computeIfAbsent(declared.runId(), run -> ConcurrentHashMap.newKeySet())
                        .add(declared.studyId());
            }
            case Event.CheckpointPublished published ->
                checkpoints
                        .computeIfAbsent(published.runId(), run -> new ConcurrentSkipListMap<>())
                        .put(published.step(), new StoredCheckpoint(published, record.headers(), record.position()));
            case Event.StudyControlled controlled -> controls.take(controlled);
            case Event.RunFinished finished -> ended.add(finished.runId());
            case Event.RunFailed failed -> ended.add(failed.runId());
            case Event.LossMeasured _,
                    Event.FlatnessMeasured _,
                    Event.LayersMeasured _,
                    Event.SpectrumMeasured _,
                    Event.DownstreamMeasured _,
                    Event.Derived _ -> {}
        }
    }

    private static boolean isWork(String topic) {
        return Topic.named(topic)
                .filter(known -> known.kind() == Topic.Kind.WORK)
                .isPresent();
    }

    private static int control(LogRecord record) {
        return record.header(RecordHeaders.CONTROL)
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    @Override
    public void close() {
        following.ifPresent(own -> {
            own.watch().close();
            own.tail().close();
        });
    }
}
