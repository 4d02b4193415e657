package basin.aggregator.fold;

import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.Revision;
import basin.study.StudySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A fold of events into the state of all studies. The state is a pure function of the <em>set</em>
 * of events: order and repetition do not matter. If two events share an id but differ in content,
 * the one with the smaller canonical bytes is kept, whichever came first. If an estimator has
 * several versions, the newest result answers a question. Not thread-safe.
 */
public final class Fold {
    /**
     * The fold's version. It changes whenever the same events give a different state, so that a
     * saved image of an older fold is not reused.
     */
    public static final int VERSION = 5;

    private final EventTable events;
    private final SharedParts shared = new SharedParts();
    private final TreeMap<String, Event.StudySubmitted> studies = new TreeMap<>();
    private final Map<String, TreeMap<Integer, Event.StudyControlled>> controls = new HashMap<>();
    private final Map<String, TreeMap<String, Event.RunDeclared>> runsOfStudies = new HashMap<>();
    private final Map<String, RunEvents> runs = new HashMap<>();
    private final TreeSet<String> conflicting = new TreeSet<>();
    private long digest;

    /** Creates an empty fold. */
    public Fold() {
        this(0);
    }

    /** Creates an empty fold with memory for a number of events. */
    Fold(int expected) {
        events = new EventTable(expected);
    }

    /** The result of adding an event. */
    public enum Outcome {
        /** The event was new. */
        FOLDED,
        /** The same event, byte for byte, was already known. */
        DUPLICATE,
        /** Another event with the same id was known; the smaller of the two is kept. */
        CONFLICT
    }

    /**
     * An event with its id and mark, which any thread can compute before the event is added.
     *
     * @param high upper half of the event's id
     * @param low lower half of the event's id
     * @param mark mark of its content ({@link EventCodec#mark})
     */
    public record Marked(Event event, long high, long low, long mark) {
        /** Computes the id and the mark. */
        public static Marked of(Event event) {
            String id = event.id();
            return new Marked(event, EventTable.high(id), EventTable.low(id), EventCodec.mark(event));
        }
    }

    private static final class RunEvents {
        private final SortedEvents<Event.LossMeasured> losses = new SortedEvents<>();
        private final TreeMap<Integer, Event.CheckpointPublished> checkpoints = new TreeMap<>();
        private final Map<Integer, Measurements> measurements = new HashMap<>();
        private Optional<Event.RunFinished> finished = Optional.empty();
        private Optional<Event.RunFailed> failed = Optional.empty();

        private Measurements at(int step) {
            return measurements.computeIfAbsent(step, known -> new Measurements());
        }
    }

    /** The measurements of one checkpoint, in the order of the questions. */
    private static final class Measurements {
        private static final Measurements NONE = new Measurements();
        private final SortedEvents<Event.FlatnessMeasured> flatness = new SortedEvents<>();
        private final SortedEvents<Event.DownstreamMeasured> downstream = new SortedEvents<>();
        private final TreeMap<String, Event.LayersMeasured> layers = new TreeMap<>();
        private final TreeMap<String, Event.SpectrumMeasured> spectra = new TreeMap<>();
    }

    /**
     * Returns the event if it can be folded.
     *
     * @throws MalformedEventException if the event is derived from the fold
     */
    public static Event foldable(Event event) throws MalformedEventException {
        if (event instanceof Event.Derived) {
            throw new MalformedEventException("correlations and answers are derived from the fold and never folded");
        }
        return event;
    }

    /**
     * Adds an event.
     *
     * @throws IllegalArgumentException if the event is derived from the fold
     */
    public Outcome add(Event event) {
        return add(Marked.of(event));
    }

    /**
     * Adds an event whose id and mark are already computed.
     *
     * @throws IllegalArgumentException if the event is derived from the fold
     */
    public Outcome add(Marked marked) {
        Event event = marked.event();
        if (event instanceof Event.Derived) {
            throw new IllegalArgumentException("Correlations and answers are derived from the fold and never folded.");
        }
        long high = marked.high();
        long low = marked.low();
        Event known = events.get(high, low);
        if (known == null) {
            put(high, low, event, marked.mark());
            return Outcome.FOLDED;
        }
        if (known.equals(event)) {
            return Outcome.DUPLICATE;
        }
        byte[] before = EventCodec.encode(known);
        byte[] now = EventCodec.encode(event);
        int order = Arrays.compareUnsigned(now, before);
        if (order == 0) {
            return Outcome.DUPLICATE;
        }
        conflicting.add(event.id());
        if (order < 0) {
            digest ^= EventCodec.mark(known);
            put(high, low, event, marked.mark());
        }
        return Outcome.CONFLICT;
    }

    private void put(long high, long low, Event given, long mark) {
        Event event = shared.in(given);
        events.put(high, low, event);
        digest ^= mark;
        switch (event) {
            case Event.StudySubmitted submitted -> studies.put(submitted.studyId(), submitted);
            case Event.StudyControlled controlled ->
                controls.computeIfAbsent(controlled.studyId(), study -> new TreeMap<>())
                        .put(controlled.sequence(), controlled);
            case Event.RunDeclared declared ->
                runsOfStudies
                        .computeIfAbsent(declared.studyId(), study -> new TreeMap<>())
                        .put(declared.runId(), declared);
            case Event.RunFinished finished -> run(finished.runId()).finished = Optional.of(finished);
            case Event.RunFailed failed -> run(failed.runId()).failed = Optional.of(failed);
            case Event.LossMeasured loss ->
                // Sorted by step, the quick measurement before the full one; each occurs at most
                // once per step.
                run(loss.runId()).losses.put(2L * loss.step() + (loss.full() ? 1 : 0), 0, loss);
            case Event.CheckpointPublished checkpoint ->
                run(checkpoint.runId()).checkpoints.put(checkpoint.step(), checkpoint);
            case Event.FlatnessMeasured flatness ->
                run(flatness.runId())
                        .at(flatness.step())
                        .flatness
                        .put(
                                // The id of a first version is the id of its question, so the hash
                                // is not computed again.
                                flatness.version() == 1 ? high : EventTable.high(flatness.question()),
                                flatness.version() == 1 ? low : EventTable.low(flatness.question()),
                                flatness,
                                Fold::newer);
            case Event.LayersMeasured layers ->
                run(layers.runId()).at(layers.step()).layers.merge(layers.question(), layers, Fold::newer);
            case Event.SpectrumMeasured spectrum ->
                run(spectrum.runId()).at(spectrum.step()).spectra.merge(spectrum.question(), spectrum, Fold::newer);
            case Event.DownstreamMeasured downstream ->
                run(downstream.runId()).at(downstream.step()).downstream.put(high, low, downstream);
            case Event.Derived ignored -> throw new IllegalStateException("Never folded.");
        }
    }

    /**
     * Returns the answer of the newer version. If the versions are equal, it returns the second,
     * which is the one kept.
     */
    private static <E extends Event.EstimatorResult> E newer(E before, E now) {
        return now.version() < before.version() ? before : now;
    }

    /**
     * A snapshot of the fold's events.
     *
     * @param events events in an unspecified order
     * @param revision revision of the fold
     * @param conflicts ids that occurred with different contents
     */
    public record Standing(List<Event> events, Revision revision, List<String> conflicts) {}

    /** Returns a snapshot. The list is a copy; the events are shared. */
    public Standing standing() {
        List<Event> all = new ArrayList<>(events.size());
        events.forEach(all::add);
        return new Standing(all, revision(), conflicts());
    }

    /**
     * Adds the conflicting ids of an image, because the image does not contain the rejected events.
     */
    void knowConflicts(List<String> ids) {
        conflicting.addAll(ids);
    }

    private RunEvents run(String runId) {
        return runs.computeIfAbsent(runId, id -> new RunEvents());
    }

    /** Returns the revision, which is equal for equal sets of events. */
    public Revision revision() {
        return new Revision(events.size(), String.format("%016x", digest));
    }

    /** Returns the ids of events that occurred with different contents. */
    public List<String> conflicts() {
        return List.copyOf(conflicting);
    }

    /** Returns the ids of all submitted studies in ascending order. */
    public List<String> studies() {
        return List.copyOf(studies.keySet());
    }

    /**
     * Returns the immutable state of a study, if it was submitted. It contains only the
     * measurements that the study itself requests, because studies share runs and another study may
     * have measured the same checkpoint differently under the same names.
     */
    public Optional<StudyState> study(String studyId) {
        return Optional.ofNullable(studies.get(studyId)).flatMap(known -> study(studyId, known.study()));
    }

    /**
     * Returns the state of a study under another spec, with the measurements that this spec
     * requests.
     *
     * @param asking the study's own spec with other estimators, tasks, protocols or analysis
     */
    public Optional<StudyState> study(String studyId, StudySpec asking) {
        return Optional.ofNullable(studies.get(studyId))
                .map(known ->
                        new StudyState(studyId, asking, control(studyId), runStates(studyId, asking), revision()));
    }

    private Optional<Event.StudyControlled> control(String studyId) {
        return Optional.ofNullable(controls.get(studyId))
                .map(all -> all.lastEntry().getValue());
    }

    private List<RunState> runStates(String studyId, StudySpec spec) {
        return runsOfStudies.getOrDefault(studyId, new TreeMap<>()).values().stream()
                .sorted(Comparator.comparingInt(Event.RunDeclared::index))
                .map(declared -> runState(declared, spec))
                .toList();
    }

    private RunState runState(Event.RunDeclared declared, StudySpec spec) {
        RunEvents own = runs.getOrDefault(declared.runId(), new RunEvents());
        List<CheckpointState> checkpoints = own.checkpoints.values().stream()
                .map(checkpoint -> checkpointState(
                        checkpoint, own.measurements.getOrDefault(checkpoint.step(), Measurements.NONE), spec))
                .toList();
        return new RunState(declared, own.losses.stream().toList(), checkpoints, own.finished, own.failed);
    }

    private static CheckpointState checkpointState(
            Event.CheckpointPublished published, Measurements measured, StudySpec spec) {
        return new CheckpointState(
                published,
                wanted(measured.flatness.stream(), spec),
                measured.downstream.stream()
                        .filter(one -> spec.tasks().contains(one.task())
                                && spec.protocols().contains(one.protocol())
                                && spec.platform().equals(one.platform()))
                        .toList(),
                wanted(measured.layers.values().stream(), spec),
                wanted(measured.spectra.values().stream(), spec));
    }

    private static <E extends Event.EstimatorResult> List<E> wanted(Stream<E> measured, StudySpec spec) {
        return measured.filter(one -> spec.flatness().contains(one.requested())
                        && spec.platform().equals(one.platform()))
                .toList();
    }
}
