package basin.aggregator.fold;

import basin.record.Event;
import basin.record.work.WantedMeasurements;
import basin.record.work.WorkItem;
import basin.study.StudyPlan;
import java.util.HashSet;
import java.util.Set;

/**
 * The progress of a study towards its complete results. A failed run is expected to publish no more
 * checkpoints; those that it published are measured like any others.
 *
 * @param runs number of runs of the grid
 * @param declared number of declared runs
 * @param ended number of finished or failed runs
 * @param stuck number of runs that cannot end because their next work item was given up
 * @param measurements number of measurements wanted of the checkpoints so far
 * @param done number of measurements done
 * @param givenUp number of measurements given up without a result
 */
public record Completeness(int runs, int declared, int ended, int stuck, int measurements, int done, int givenUp) {

    static Completeness of(StudyState study, Set<String> givenUpIds) {
        int runs = StudyPlan.runs(study.spec()).size();
        int stuck = givenUpIds.contains(new WorkItem.Expand(study.studyId()).id())
                ? Math.max(0, runs - study.runs().size())
                : 0;
        int measurements = 0;
        int done = 0;
        int givenUp = 0;
        for (RunState run : study.runs()) {
            String runId = run.declared().runId();
            WorkItem next = new WorkItem.Segment(
                    study.studyId(), runId, run.checkpoints().size());
            stuck += !run.ended() && givenUpIds.contains(next.id()) ? 1 : 0;
            for (CheckpointState checkpoint : run.checkpoints()) {
                Set<String> known = new HashSet<>();
                checkpoint.flatness().stream().map(Event::question).forEach(known::add);
                checkpoint.downstream().stream().map(Event::question).forEach(known::add);
                checkpoint.layers().stream().map(Event::question).forEach(known::add);
                checkpoint.spectra().stream().map(Event::question).forEach(known::add);
                for (WorkItem item : WantedMeasurements.of(
                        study.studyId(),
                        study.spec(),
                        runId,
                        run.declared().spec().algorithm(),
                        checkpoint.published().step(),
                        checkpoint.published().triggers())) {
                    measurements++;
                    if (known.containsAll(item.resultIds())) {
                        done++;
                    } else if (givenUpIds.contains(item.id())) {
                        givenUp++;
                    }
                }
            }
        }
        return new Completeness(runs, study.runs().size(), study.ended(), stuck, measurements, done, givenUp);
    }

    /** Returns whether all runs have ended and all measurements are done. */
    public boolean complete() {
        return declared == runs && ended == runs && done == measurements;
    }

    /** Returns whether no more results will arrive although some are missing. */
    public boolean incomplete() {
        return !complete() && ended + stuck == runs && done + givenUp == measurements;
    }
}
