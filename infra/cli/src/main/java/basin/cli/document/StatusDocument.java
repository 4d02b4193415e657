package basin.cli.document;

import basin.aggregator.StudiesOnRecord;
import basin.study.ProgramVersion;
import java.util.List;

/**
 * The progress of the studies of a record, as printed by {@code basin status --json}.
 *
 * @param program version of the program that wrote this
 * @param studies the record's studies, by id, or the requested one
 */
public record StatusDocument(ProgramVersion program, List<Study> studies) {
    public StatusDocument {
        studies = List.copyOf(studies);
    }

    /**
     * A study.
     *
     * @param study the study and its state
     * @param runs number of runs of its grid
     * @param ended number of runs that finished or failed
     * @param measurements number of measurements wanted of the checkpoints so far
     * @param measured number of these measurements done
     * @param givenUp number of runs and measurements that were given up
     * @param each the declared runs, in the order of the grid
     */
    public record Study(
            StudyReference study, int runs, int ended, int measurements, int measured, int givenUp, List<Run> each) {
        public Study {
            each = List.copyOf(each);
        }
    }

    /**
     * A run.
     *
     * @param runId the run's id
     * @param label what tells it from the study's other runs
     * @param state declared, running, done or failed
     * @param step optimiser steps done
     * @param steps optimiser steps planned
     * @param checkpoints number of its recorded checkpoints
     */
    public record Run(String runId, String label, String state, int step, int steps, int checkpoints) {}

    /** Returns the document of these studies. */
    public static StatusDocument of(List<StudiesOnRecord.Study> studies) {
        return new StatusDocument(
                ProgramVersion.current(),
                studies.stream()
                        .map(one -> new Study(
                                new StudyReference(one.studyId(), one.name(), one.state(), one.revision()),
                                one.runs(),
                                one.ended(),
                                one.measurements(),
                                one.done(),
                                one.givenUp(),
                                one.each().stream()
                                        .map(run -> new Run(
                                                run.runId(),
                                                run.label(),
                                                run.state(),
                                                run.step(),
                                                run.steps(),
                                                run.checkpoints()))
                                        .toList()))
                        .toList());
    }
}
