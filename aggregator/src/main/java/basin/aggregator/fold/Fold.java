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
 * Folds events into the state of all studies. A pure function of the <em>set</em> of events: order and repetition change nothing,
 * and where two events share an id but not their content the one with the smaller canonical bytes stands, whichever came first. Of
 * several versions of an estimator the newest result answers a question.
 * One thread.
 */
public final class Fold {
    /** Changes whenever the same events give another state, so that what an older fold kept is not taken for this one's. */
    public static final int VERSION = 5;

    private final EventTable events = new EventTable();
    private final SharedParts shared = new SharedParts();
    private final TreeMap<String, Event.StudySubmitted> studies = new TreeMap<>();
    private final Map<String, TreeMap<Integer, Event.StudyControlled>> controls = new HashMap<>();
    private final Map<String, TreeMap<String, Event.RunDeclared>> runsOfStudies = new HashMap<>();
    private final Map<String, RunEvents> runs = new HashMap<>();
    private final TreeSet<String> conflicting = new TreeSet<>();
    private long digest;

    /** What became of an event. */
    public enum Outcome {
        /** It was not known. */
        FOLDED,
        /** It was known, the same to the byte. */
        DUPLICATE,
        /** Another event of the same id was known; the smaller of the two stands. */
        CONFLICT
    }

    /**
     * An event with what is worth computing before the fold is asked, on any thread.
     *
     * @param id the event's
     * @param mark of its content ({@link EventCodec#mark})
     */
    public record Marked(Event event, String id, long mark) {
        /** Computes both. */
        public static Marked of(Event event) {
            return new Marked(event, event.id(), EventCodec.mark(event));
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

    /** What was measured of one checkpoint, in the order of the questions. */
    private static final class Measurements {
        private static final Measurements NONE = new Measurements();
        private final SortedEvents<Event.FlatnessMeasured> flatness = new SortedEvents<>();
        private final SortedEvents<Event.DownstreamMeasured> downstream = new SortedEvents<>();
        private final TreeMap<String, Event.LayersMeasured> layers = new TreeMap<>();
        private final TreeMap<String, Event.SpectrumMeasured> spectra = new TreeMap<>();
    }

    /**
     * Reads an event that can be folded.
     *
     * @param bytes a record's value
     * @throws MalformedEventException where the bytes are none
     */
    public static Event decode(byte[] bytes) throws MalformedEventException {
        Event event = EventCodec.decode(bytes);
        if (event instanceof Event.CorrelationComputed) {
            throw new MalformedEventException("correlations are derived from the fold and never folded");
        }
        return event;
    }

    /** Takes an event in. */
    public Outcome add(Event event) {
        return add(Marked.of(event));
    }

    /** Takes an event in. */
    public Outcome add(Marked marked) {
        Event event = marked.event();
        if (event instanceof Event.CorrelationComputed) {
            throw new IllegalArgumentException("Correlations are derived from the fold and never folded.");
        }
        long high = EventTable.high(marked.id());
        long low = EventTable.low(marked.id());
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
        conflicting.add(marked.id());
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
                // By step, the quick measurement before the full one: there is one of each.
                run(loss.runId()).losses.put(2L * loss.step() + (loss.full() ? 1 : 0), 0, loss);
            case Event.CheckpointPublished checkpoint ->
                run(checkpoint.runId()).checkpoints.put(checkpoint.step(), checkpoint);
            case Event.FlatnessMeasured flatness ->
                run(flatness.runId())
                        .at(flatness.step())
                        .flatness
                        .put(
                                // A first version's id is its question's, and need not be made again.
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
            case Event.CorrelationComputed ignored -> throw new IllegalStateException("Never folded.");
        }
    }

    /** Of two answers to a question the one of the newer version; of the same version the second, which stands. */
    private static <E extends Event.EstimatorResult> E newer(E before, E now) {
        return now.version() < before.version() ? before : now;
    }

    /**
     * All that stands at one moment.
     *
     * @param events in no order that means anything
     * @param revision of the fold
     * @param conflicts ids that came with more than one content
     */
    public record Standing(List<Event> events, Revision revision, List<String> conflicts) {}

    /** What stands now; the events are shared, the list is not. */
    public Standing standing() {
        List<Event> all = new ArrayList<>(events.size());
        events.forEach(all::add);
        return new Standing(all, revision(), conflicts());
    }

    /** Takes over what an image says: the losers of conflicts are not among its events. */
    void knowConflicts(List<String> ids) {
        conflicting.addAll(ids);
    }

    private RunEvents run(String runId) {
        return runs.computeIfAbsent(runId, id -> new RunEvents());
    }

    /** Which state this is: the same for the same set of events. */
    public Revision revision() {
        return new Revision(events.size(), String.format("%016x", digest));
    }

    /** Ids of events that came with more than one content. */
    public List<String> conflicts() {
        return List.copyOf(conflicting);
    }

    /** Ids of all studies submitted, ascending. */
    public List<String> studies() {
        return List.copyOf(studies.keySet());
    }

    /**
     * The state of one study, immutable, where it was submitted. It holds what the study itself asked for: studies share runs, and
     * another may have had the same checkpoint measured otherwise under the same names.
     */
    public Optional<StudyState> study(String studyId) {
        return Optional.ofNullable(studies.get(studyId)).flatMap(known -> study(studyId, known.study()));
    }

    /**
     * The state of one study as another spec sees it: with the measurements that this one asks for.
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
