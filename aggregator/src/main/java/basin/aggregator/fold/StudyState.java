package basin.aggregator.fold;

import basin.record.Event;
import basin.record.Revision;
import basin.study.StudySpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a study. Immutable.
 *
 * @param control the newest control request, if there was any
 * @param runs declared runs, in the order of the study's grid
 * @param revision revision of the fold from which the state was taken
 */
public record StudyState(
        String studyId,
        StudySpec spec,
        Optional<Event.StudyControlled> control,
        List<RunState> runs,
        Revision revision) {
    /** Returns whether the newest control request is this action. */
    public boolean isUnder(Event.StudyControlled.Action action) {
        return control.filter(newest -> newest.action() == action).isPresent();
    }

    /** Returns the number of declared runs that have finished or failed. */
    public int ended() {
        return (int) runs.stream().filter(RunState::ended).count();
    }

    /** Returns the study's completeness, assuming that no work item was given up. */
    public Completeness completeness() {
        return completeness(Set.of());
    }

    /**
     * Returns the study's completeness.
     *
     * @param givenUp ids of work items that were given up and not redriven
     */
    public Completeness completeness(Set<String> givenUp) {
        return Completeness.of(this, givenUp);
    }
}
