package basin.aggregator.fold;

import basin.events.Revision;
import basin.events.spec.StudySpec;
import java.util.List;

/**
 * All that is known of a study. Immutable.
 *
 * @param runs declared runs, in the order of the study's grid
 * @param revision of the fold that it was taken from
 */
public record StudyState(String studyId, StudySpec spec, List<RunState> runs, Revision revision) {
    public StudyState {
        runs = List.copyOf(runs);
    }

    /** Declared runs that have finished or failed. */
    public int ended() {
        return (int) runs.stream().filter(RunState::ended).count();
    }

    /** How much of what the study wants is there. */
    public Completeness completeness() {
        return Completeness.of(this);
    }
}
