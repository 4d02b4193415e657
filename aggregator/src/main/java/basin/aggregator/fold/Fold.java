package basin.aggregator.fold;

import basin.events.Event;
import basin.events.EventCodec;
import basin.events.Ids;
import basin.events.Revision;
import basin.events.spec.StudySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Folds events into the state of all studies. A pure function of the <em>set</em> of events: order and repetition change nothing,
 * and where two events share an id but not their content the one with the smaller canonical bytes stands, whichever came first.
 * One thread.
 */
public final class Fold {
    private final Map<String, Event> events = new HashMap<>();
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

    private static final class RunEvents {
        private final TreeMap<String, Event.LossMeasured> losses = new TreeMap<>();
        private final TreeMap<Integer, Event.CheckpointPublished> checkpoints = new TreeMap<>();
        private final Map<Integer, TreeMap<String, Event.FlatnessMeasured>> flatness = new HashMap<>();
        private final Map<Integer, TreeMap<String, Event.DownstreamMeasured>> downstream = new HashMap<>();
        private Optional<Event.RunFinished> finished = Optional.empty();
        private Optional<Event.RunFailed> failed = Optional.empty();
    }

    /** Takes an event in. */
    public Outcome add(Event event) {
        if (event instanceof Event.CorrelationComputed) {
            throw new IllegalArgumentException("Correlations are derived from the fold and never folded.");
        }
        Event known = events.get(event.id());
        if (known == null) {
            put(event);
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
            digest ^= mark(known);
            put(event);
        }
        return Outcome.CONFLICT;
    }

    private void put(Event event) {
        events.put(event.id(), event);
        digest ^= mark(event);
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
            case Event.LossMeasured loss -> run(loss.runId()).losses.put(loss.id(), loss);
            case Event.CheckpointPublished checkpoint ->
                run(checkpoint.runId()).checkpoints.put(checkpoint.step(), checkpoint);
            case Event.FlatnessMeasured flatness ->
                run(flatness.runId())
                        .flatness
                        .computeIfAbsent(flatness.step(), step -> new TreeMap<>())
                        .put(flatness.id(), flatness);
            case Event.DownstreamMeasured downstream ->
                run(downstream.runId())
                        .downstream
                        .computeIfAbsent(downstream.step(), step -> new TreeMap<>())
                        .put(downstream.id(), downstream);
            case Event.CorrelationComputed ignored -> throw new IllegalStateException("Never folded.");
        }
    }

    private RunEvents run(String runId) {
        return runs.computeIfAbsent(runId, id -> new RunEvents());
    }

    /** 64 bits that depend on all of an event; combined by exclusive or, which knows no order. */
    private static long mark(Event event) {
        return Long.parseUnsignedLong(Ids.hex(EventCodec.encode(event)).substring(0, 16), 16);
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
        return Optional.ofNullable(studies.get(studyId))
                .map(Event.StudySubmitted::study)
                .map(spec -> new StudyState(studyId, spec, control(studyId), runStates(studyId, spec), revision()));
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
        List<CheckpointState> checkpoints = new ArrayList<>();
        own.checkpoints.forEach((step, checkpoint) -> checkpoints.add(new CheckpointState(
                checkpoint,
                own.flatness.getOrDefault(step, new TreeMap<>()).values().stream()
                        .filter(one -> spec.flatness().contains(one.asked())
                                && spec.platform().equals(one.platform()))
                        .toList(),
                own.downstream.getOrDefault(step, new TreeMap<>()).values().stream()
                        .filter(one -> spec.tasks().contains(one.task())
                                && spec.protocols().contains(one.protocol())
                                && spec.platform().equals(one.platform()))
                        .toList())));
        List<Event.LossMeasured> losses = own.losses.values().stream()
                .sorted(Comparator.comparingInt(Event.LossMeasured::step).thenComparing(Event.LossMeasured::full))
                .toList();
        return new RunState(declared, losses, checkpoints, own.finished, own.failed);
    }
}
