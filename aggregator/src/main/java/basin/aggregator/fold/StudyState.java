package basin.aggregator.fold;

import basin.record.Event;
import basin.record.Revision;
import basin.study.StudySpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that is known of a study. Immutable.
 *
 * @param control the newest that was asked for, where anything was
 * @param runs declared runs, in the order of the study's grid
 * @param revision of the fold that it was taken from
 */
public record StudyState(
        String studyId,
        StudySpec spec,
        Optional<Event.StudyControlled> control,
        List<RunState> runs,
        Revision revision) {
    /** Whether this is the newest that was asked for. */
    public boolean isUnder(Event.StudyControlled.Action action) {
        return control.filter(newest -> newest.action() == action).isPresent();
    }

    /** Declared runs that have finished or failed. */
    public int ended() {
        return (int) runs.stream().filter(RunState::ended).count();
    }

    /** How much of what the study wants is there, nothing being given up. */
    public Completeness completeness() {
        return completeness(Set.of());
    }

    /**
     * How much of what the study wants is there.
     *
     * @param givenUp ids of work items that nobody will do until they are driven again
     */
    public Completeness completeness(Set<String> givenUp) {
        return Completeness.of(this, givenUp);
    }
}
