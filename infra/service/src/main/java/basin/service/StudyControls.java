package basin.service;

import basin.record.Event;
import basin.record.Event.StudyControlled.Action;
import basin.record.EventCodec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The newest that was asked for of each study. The same set of events is the same answer, in whatever order. Thread-safe. */
public final class StudyControls {
    private final Map<String, Event.StudyControlled> newest = new ConcurrentHashMap<>();

    StudyControls() {}

    void take(Event.StudyControlled controlled) {
        newest.merge(controlled.studyId(), controlled, StudyControls::stronger);
    }

    /** The higher sequence number; of two with the same one the smaller bytes, as in every fold. */
    private static Event.StudyControlled stronger(Event.StudyControlled one, Event.StudyControlled other) {
        if (one.sequence() != other.sequence()) {
            return one.sequence() > other.sequence() ? one : other;
        }
        return Arrays.compareUnsigned(EventCodec.encode(one), EventCodec.encode(other)) <= 0 ? one : other;
    }

    /** What holds for a study, where anything was asked for. */
    public Optional<Action> action(String studyId) {
        return Optional.ofNullable(newest.get(studyId)).map(Event.StudyControlled::action);
    }

    /** Whether a study is to be worked for: neither paused nor cancelled. */
    public boolean isActive(String studyId) {
        return action(studyId).filter(action -> action != Action.RESUME).isEmpty();
    }

    /** How many times anything was asked for of a study. */
    public int sequence(String studyId) {
        return Optional.ofNullable(newest.get(studyId))
                .map(Event.StudyControlled::sequence)
                .orElse(0);
    }
}
