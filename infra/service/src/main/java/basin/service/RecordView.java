package basin.service;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogTail;
import basin.log.TailWatch;
import basin.log.deadletter.OpenDeadLetters;
import basin.log.work.UnprocessableWork;
import basin.record.Event;
import basin.record.EventCodec;
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
 * Index of the record for a worker: the studies, runs, checkpoints and results that are on record. Built from the log
 * alone; holds ids and specs, no measurements. Thread-safe.
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
    private final LogTail tail;
    private final TailWatch watch;

    private RecordView(KafkaEndpoint endpoint, String name) {
        this.tail = LogTail.start(endpoint, name + "-record", TOPICS, this::take);
        this.watch = TailWatch.start(tail, name + "-record");
    }

    /**
     * A checkpoint and where its record lies.
     *
     * @param headers of its record, which say where its weights are
     */
    public record StoredCheckpoint(
            Event.CheckpointPublished event, Map<String, String> headers, LogPosition position) {}

    /** Begins to read the record. */
    public static RecordView start(KafkaEndpoint endpoint, String name) {
        return new RecordView(endpoint, name);
    }

    /** Waits until everything that was on record at the time of the call is in this view. */
    public void refresh() throws InterruptedException, TimeoutException {
        tail.awaitCaughtUp(Duration.ofSeconds(60));
    }

    /** Ids of all studies on record. */
    public Set<String> studies() {
        return Set.copyOf(studies.keySet());
    }

    /** Where the newest record of this work item lies in its queue, if it was ever put there. */
    public Optional<LogPosition> enqueuedAt(String itemId) {
        return Optional.ofNullable(enqueuedAt.get(itemId));
    }

    /** The study, where it is on record. */
    public Optional<StudySpec> study(String studyId) {
        return Optional.ofNullable(studies.get(studyId));
    }

    /** The run's declaration, where it is on record; of several studies' declarations any, for they share the spec. */
    public Optional<Event.RunDeclared> run(String runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    /**
     * As {@link #run}, for a work item about that run.
     *
     * @throws UnprocessableWork if the run is not on record
     */
    public Event.RunDeclared declaredRun(String runId) {
        return run(runId).orElseThrow(() -> new UnprocessableWork("Run " + runId + " is not on record."));
    }

    /** Every run on record, by id. */
    public List<Event.RunDeclared> runs() {
        return runs.values().stream()
                .sorted(Comparator.comparing(Event.RunDeclared::runId))
                .toList();
    }

    /** The run's checkpoint at that step. */
    public Optional<StoredCheckpoint> checkpoint(String runId, int step) {
        return Optional.ofNullable(checkpoints.get(runId)).map(steps -> steps.get(step));
    }

    /** The run's checkpoints, by step. */
    public List<StoredCheckpoint> checkpoints(String runId) {
        return Optional.ofNullable(checkpoints.get(runId))
                .map(steps -> List.copyOf(steps.values()))
                .orElse(List.of());
    }

    /** Ids of the studies on record that want this run. */
    public Set<String> studiesOf(String runId) {
        return Set.copyOf(studiesOfRuns.getOrDefault(runId, Set.of()));
    }

    /** Ids of the studies that want this work item: the one that it was enqueued for, and those that ask the same. */
    public Set<String> studiesWanting(WorkItem item) {
        Set<String> wanting = new TreeSet<>(Set.of(item.studyId()));
        item.run().stream()
                .flatMap(run -> studiesOf(run).stream())
                .filter(study -> study(study).filter(item::isWantedBy).isPresent())
                .forEach(wanting::add);
        return wanting;
    }

    /** Whether all these events are on record, or answers to all these questions. */
    public boolean holds(Collection<String> ids) {
        return events.containsAll(ids);
    }

    /** Whether the run will publish no more checkpoints. */
    public boolean hasEnded(String runId) {
        return ended.contains(runId);
    }

    /** Returns the pauses, resumptions and cancellations of studies. */
    public StudyControls controls() {
        return controls;
    }

    /** Whether this work item was given up and is open in the dead-letter topic. */
    public boolean wasGivenUp(String itemId) {
        return deadLetters.isGivenUp(itemId);
    }

    /**
     * Whether this work item is in its queue, in a worker's hands or done: it was enqueued for a study that is active, and not
     * before that study was last paused or cancelled, for then it may have been set aside.
     */
    public boolean isEnqueued(String itemId) {
        return enqueued.getOrDefault(itemId, Map.of()).entrySet().stream()
                .anyMatch(one -> controls.isActive(one.getKey()) && one.getValue() >= controls.sequence(one.getKey()));
    }

    /** Whether the record is being read and Kafka answers. */
    public boolean isReading() {
        return watch.isReading();
    }

    private void take(LogRecord record) {
        if (isWork(record.topic())) {
            enqueued.computeIfAbsent(record.key(), item -> new ConcurrentHashMap<>())
                    .merge(record.header(RecordHeaders.STUDY).orElse(""), control(record), Math::max);
            // A queue has one partition, and its records come in their order.
            enqueuedAt.put(record.key(), record.position());
            return;
        }
        if (record.topic().equals(Topic.DEAD_LETTER.topicName())) {
            deadLetters.take(record);
            return;
        }
        Event event;
        try {
            event = EventCodec.decode(record.value());
        } catch (MalformedEventException poison) {
            // The aggregator reports it, because it folds every record; this view ignores it.
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
                    Event.CorrelationComputed _ -> {}
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
        watch.close();
        tail.close();
    }
}
