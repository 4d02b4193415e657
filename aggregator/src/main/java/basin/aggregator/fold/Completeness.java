package basin.aggregator.fold;

import basin.events.Event;
import basin.events.work.Piece;
import basin.events.work.StudyPlan;
import java.util.HashSet;
import java.util.Set;

/**
 * How much of what a study wants is there. A run that failed wants no more checkpoints; those that it published are measured
 * like any other's.
 *
 * @param runs runs of its grid
 * @param declared of these, declared
 * @param ended of these, finished or failed
 * @param stuck of these, runs that cannot end because their next piece of work is parked
 * @param pieces measurements wanted of the checkpoints so far
 * @param done of these, done
 * @param parked of these, parked without a result
 */
public record Completeness(int runs, int declared, int ended, int stuck, int pieces, int done, int parked) {

    static Completeness of(StudyState study, Set<String> parkedIds) {
        int runs = StudyPlan.runs(study.spec()).size();
        int stuck = parkedIds.contains(new Piece.Expand(study.studyId()).id())
                ? Math.max(0, runs - study.runs().size())
                : 0;
        int pieces = 0;
        int done = 0;
        int parked = 0;
        for (RunState run : study.runs()) {
            String runId = run.declared().runId();
            Piece next =
                    new Piece.Segment(study.studyId(), runId, run.checkpoints().size());
            stuck += !run.ended() && parkedIds.contains(next.id()) ? 1 : 0;
            for (CheckpointState checkpoint : run.checkpoints()) {
                Set<String> known = new HashSet<>();
                checkpoint.flatness().stream().map(Event::id).forEach(known::add);
                checkpoint.downstream().stream().map(Event::id).forEach(known::add);
                checkpoint.layers().stream().map(Event::id).forEach(known::add);
                checkpoint.spectra().stream().map(Event::id).forEach(known::add);
                for (Piece piece : StudyPlan.measurements(
                        study.studyId(),
                        study.spec(),
                        runId,
                        run.declared().spec().algorithm(),
                        checkpoint.published().step(),
                        checkpoint.published().triggers())) {
                    pieces++;
                    if (known.containsAll(piece.resultIds())) {
                        done++;
                    } else if (parkedIds.contains(piece.id())) {
                        parked++;
                    }
                }
            }
        }
        return new Completeness(runs, study.runs().size(), study.ended(), stuck, pieces, done, parked);
    }

    /** Whether all that is wanted is there. */
    public boolean complete() {
        return declared == runs && ended == runs && done == pieces;
    }

    /** Whether nothing more will come, though not all is there. */
    public boolean incomplete() {
        return !complete() && ended + stuck == runs && done + parked == pieces;
    }
}
