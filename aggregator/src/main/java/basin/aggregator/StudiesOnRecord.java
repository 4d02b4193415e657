package basin.aggregator;

import basin.aggregator.fold.Completeness;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.view.Views;
import basin.log.LogSource;
import basin.record.Event;
import basin.record.Revision;
import java.util.List;
import java.util.Set;

/**
 * The states of all studies, from one reading of the record without an aggregator: the same fold,
 * without the analysis.
 */
public final class StudiesOnRecord {
    private StudiesOnRecord() {}

    /**
     * The state of a study.
     *
     * @param state in the words of the page
     * @param control sequence number of the newest pause, resume or cancellation; 0 if there was
     *     none
     * @param runs number of runs in its grid
     * @param ended number of runs that finished or failed
     * @param measurements number of measurements requested of the checkpoints so far
     * @param done number of measurements done
     * @param givenUp number of runs and measurements that were given up
     * @param revision state of the record that was read
     */
    public record Study(
            String studyId,
            String name,
            String state,
            int control,
            int runs,
            int ended,
            int measurements,
            int done,
            int givenUp,
            Revision revision,
            List<Run> each) {}

    /** The progress of a declared run. */
    public record Run(String runId, String label, String state, int step, int steps, int checkpoints) {}

    /** Reads the record to its present end and returns its studies, by id. */
    public static List<Study> read(LogSource log) {
        return Replay.untimed(log).studies();
    }

    static Study study(StudyState study, Set<String> givenUp) {
        Completeness all = study.completeness(givenUp);
        return new Study(
                study.studyId(),
                study.spec().name(),
                Views.state(study, all),
                study.control().map(Event.StudyControlled::sequence).orElse(0),
                all.runs(),
                all.ended(),
                all.measurements(),
                all.done(),
                all.givenUp() + all.stuck(),
                study.revision(),
                study.runs().stream().map(StudiesOnRecord::run).toList());
    }

    private static Run run(RunState run) {
        return new Run(
                run.declared().runId(),
                run.declared().label(),
                run.state(),
                run.step(),
                run.declared().spec().training().steps(),
                run.checkpoints().size());
    }
}
