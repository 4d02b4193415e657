package basin.trainer;

import basin.events.Event;
import basin.events.spec.RunSpec;
import basin.events.spec.StudySpec;
import basin.events.work.StudyPlan;
import basin.service.record.Desk;
import java.util.Map;

/** Puts into the queues what a study wants to know of a checkpoint. */
final class Measurements {
    private final Desk desk;

    Measurements(Desk desk) {
        this.desk = desk;
    }

    /** For every study on record that wants the checkpoint's run. */
    void enqueueForAll(Event.CheckpointPublished checkpoint) {
        for (String studyId : desk.view().studiesOf(checkpoint.runId())) {
            desk.view()
                    .study(studyId)
                    .ifPresent(study -> desk.view()
                            .run(checkpoint.runId())
                            .ifPresent(run -> enqueue(studyId, study, run.spec(), checkpoint)));
        }
    }

    /** For one study; pieces whose results are on record or that wait in their queue are left out. */
    void enqueue(String studyId, StudySpec study, RunSpec run, Event.CheckpointPublished checkpoint) {
        Map<String, String> headers = headers(studyId, checkpoint);
        StudyPlan.measurements(
                        studyId, study, checkpoint.runId(), run.algorithm(), checkpoint.step(), checkpoint.triggers())
                .stream()
                .filter(piece -> !desk.view().holds(piece.resultIds()))
                .forEach(piece -> desk.enqueueOnce(piece, headers));
    }

    /** What the records of a checkpoint's pieces say beside what they are. */
    static Map<String, String> headers(String studyId, Event.CheckpointPublished checkpoint) {
        return Map.of(
                "basin_study",
                studyId,
                "basin_run",
                checkpoint.runId(),
                "basin_checkpoint",
                String.valueOf(checkpoint.step()));
    }
}
