package basin.trainer;

import basin.record.Event;
import basin.record.work.WantedMeasurements;
import basin.record.work.WorkItem;
import basin.service.WorkerContext;
import basin.study.RunSpec;
import basin.study.StudySpec;
import java.util.List;

/** The measurements that studies want of a checkpoint. */
final class Measurements {
    private final WorkerContext context;

    Measurements(WorkerContext context) {
        this.context = context;
    }

    /** Enqueues what is open for every study on record that wants the checkpoint's run. */
    void enqueueForAll(Event.CheckpointPublished checkpoint) {
        for (String studyId : context.view().studiesOf(checkpoint.runId())) {
            context.view()
                    .study(studyId)
                    .ifPresent(study -> context.view()
                            .run(checkpoint.runId())
                            .ifPresent(run -> enqueue(studyId, study, run.spec(), checkpoint)));
        }
    }

    /** Enqueues what is open for one study, unless it is enqueued already. */
    void enqueue(String studyId, StudySpec study, RunSpec run, Event.CheckpointPublished checkpoint) {
        open(studyId, study, run, checkpoint).forEach(context::enqueueOnce);
    }

    /** What one study wants of the checkpoint and is not on record. */
    List<WorkItem> open(String studyId, StudySpec study, RunSpec run, Event.CheckpointPublished checkpoint) {
        return WantedMeasurements.of(
                        studyId, study, checkpoint.runId(), run.algorithm(), checkpoint.step(), checkpoint.triggers())
                .stream()
                .filter(item -> !context.view().holds(item.resultIds()))
                .toList();
    }
}
