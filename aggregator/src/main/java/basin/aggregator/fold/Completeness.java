package basin.aggregator.fold;

import basin.events.Event;
import basin.events.work.Piece;
import basin.events.work.StudyPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How much of what a study wants is there.
 *
 * @param runs runs of its grid
 * @param declared of these, declared
 * @param ended of these, finished or failed
 * @param pieces measurements wanted of the checkpoints so far
 * @param done of these, done
 */
public record Completeness(int runs, int declared, int ended, int pieces, int done) {

    static Completeness of(StudyState study) {
        int pieces = 0;
        int done = 0;
        for (RunState run : study.runs()) {
            for (CheckpointState checkpoint : run.checkpoints()) {
                Set<String> known = new HashSet<>();
                checkpoint.flatness().stream().map(Event::id).forEach(known::add);
                checkpoint.downstream().stream().map(Event::id).forEach(known::add);
                List<Piece> wanted = StudyPlan.measurements(
                        study.studyId(),
                        study.spec(),
                        run.declared().runId(),
                        checkpoint.published().step(),
                        checkpoint.published().triggers());
                pieces += wanted.size();
                for (Piece piece : wanted) {
                    done += known.containsAll(piece.resultIds()) ? 1 : 0;
                }
            }
        }
        return new Completeness(
                StudyPlan.runs(study.spec()).size(), study.runs().size(), study.ended(), pieces, done);
    }

    /** Whether nothing is left to be done. */
    public boolean complete() {
        return declared == runs && ended == runs && done == pieces;
    }
}
