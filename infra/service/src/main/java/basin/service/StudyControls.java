package basin.service;

import basin.record.Event;
import basin.record.Event.StudyControlled.Action;
import basin.record.EventCodec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest control event (pause, resumption or cancellation) of each study. A function of the set
 * of events, independent of their order. Thread-safe.
 */
public final class StudyControls {
    private final Map<String, Event.StudyControlled> newest = new ConcurrentHashMap<>();

    StudyControls() {}

    void take(Event.StudyControlled controlled) {
        newest.merge(controlled.studyId(), controlled, StudyControls::stronger);
    }

    /**
     * Returns the event with the higher sequence number, or with equal ones the event with the
     * smaller bytes, as in every fold.
     */
    private static Event.StudyControlled stronger(Event.StudyControlled one, Event.StudyControlled other) {
        if (one.sequence() != other.sequence()) {
            return one.sequence() > other.sequence() ? one : other;
        }
        return Arrays.compareUnsigned(EventCodec.encode(one), EventCodec.encode(other)) <= 0 ? one : other;
    }

    /** Returns the action in force for a study; empty if it was never controlled. */
    public Optional<Action> action(String studyId) {
        return Optional.ofNullable(newest.get(studyId)).map(Event.StudyControlled::action);
    }

    /** Returns whether a study is active, which means neither paused nor cancelled. */
    public boolean isActive(String studyId) {
        return action(studyId).filter(action -> action != Action.RESUME).isEmpty();
    }

    /**
     * Returns the sequence number of a study's newest control event, or 0 if it was never
     * controlled.
     */
    public int sequence(String studyId) {
        return Optional.ofNullable(newest.get(studyId))
                .map(Event.StudyControlled::sequence)
                .orElse(0);
    }
}
