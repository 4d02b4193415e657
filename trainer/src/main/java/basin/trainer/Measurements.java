package basin.trainer;

import basin.events.Event;
import basin.events.spec.RunSpec;
import basin.events.spec.StudySpec;
import basin.events.work.StudyPlan;
import basin.service.record.WorkerContext;
import java.util.Map;

/** Puts into the queues what a study wants to know of a checkpoint. */
final class Measurements {
    private final WorkerContext context;

    Measurements(WorkerContext context) {
        this.context = context;
    }

    /** For every study on record that wants the checkpoint's run. */
    void enqueueForAll(Event.CheckpointPublished checkpoint) {
        for (String studyId : context.view().studiesOf(checkpoint.runId())) {
            context.view()
                    .study(studyId)
                    .ifPresent(study -> context.view()
                            .run(checkpoint.runId())
                            .ifPresent(run -> enqueue(studyId, study, run.spec(), checkpoint)));
        }
    }

    /** For one study; work items whose results are on record or that wait in their queue are left out. */
    void enqueue(String studyId, StudySpec study, RunSpec run, Event.CheckpointPublished checkpoint) {
        Map<String, String> headers = headers(studyId, checkpoint);
        StudyPlan.measurements(
                        studyId, study, checkpoint.runId(), run.algorithm(), checkpoint.step(), checkpoint.triggers())
                .stream()
                .filter(item -> !context.view().holds(item.resultIds()))
                .forEach(item -> context.enqueueOnce(item, headers));
    }

    /** What the records of a checkpoint's work items say beside what they are. */
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
