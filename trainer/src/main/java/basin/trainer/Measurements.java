package basin.trainer;

import basin.record.Event;
import basin.record.work.WantedMeasurements;
import basin.record.work.WorkItem;
import basin.service.WorkerContext;
import basin.study.RunSpec;
import basin.study.StudySpec;
import java.util.List;

/** The measurements of a checkpoint that studies want. */
final class Measurements {
    private final WorkerContext context;

    Measurements(WorkerContext context) {
        this.context = context;
    }

    /** Enqueues the open measurements of every recorded study that has the checkpoint's run. */
    void enqueueForAll(Event.CheckpointPublished checkpoint) {
        for (String studyId : context.view().studiesOf(checkpoint.runId())) {
            context.view()
                    .study(studyId)
                    .ifPresent(study -> context.view()
                            .run(checkpoint.runId())
                            .ifPresent(run -> enqueue(studyId, study, run.spec(), checkpoint)));
        }
    }

    /** Enqueues the open measurements of one study, unless they are already enqueued. */
    void enqueue(String studyId, StudySpec study, RunSpec run, Event.CheckpointPublished checkpoint) {
        open(studyId, study, run, checkpoint).forEach(context::enqueueOnce);
    }

    /**
     * Returns the measurements that one study wants of the checkpoint and that have no result on
     * record.
     */
    List<WorkItem> open(String studyId, StudySpec study, RunSpec run, Event.CheckpointPublished checkpoint) {
        return WantedMeasurements.of(
                        studyId, study, checkpoint.runId(), run.algorithm(), checkpoint.step(), checkpoint.triggers())
                .stream()
                .filter(item -> !context.view().holds(item.resultIds()))
                .toList();
    }
}
