package basin.trainer;

import basin.language.study.Networks;
import basin.language.study.Studies;
import basin.log.work.UnprocessableWork;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.record.work.WorkItem;
import basin.service.RecordView;
import basin.service.WorkHandler;
import basin.service.WorkerContext;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The handler that expands a study. It declares the study's runs and enqueues all wanted work that
 * has no result and is not yet enqueued. Idempotent. Expanding a resumed study also restores the
 * work items that were dropped from the queue because they were unwanted.
 */
final class ExpandHandler implements WorkHandler<WorkItem.Expand> {
    private final WorkerContext context;
    private final Measurements measurements;

    ExpandHandler(WorkerContext context) {
        this.context = context;
        this.measurements = new Measurements(context);
    }

    @Override
    public Result handle(WorkItem.Expand item) {
        RecordView view = context.view();
        String studyId = item.studyId();
        StudySpec study =
                view.study(studyId).orElseThrow(() -> new UnprocessableWork("Study " + studyId + " is not recorded."));
        Studies.check(study);
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            Event.RunDeclared declared = new Event.RunDeclared(
                    studyId, run.runId(), run.index(), run.label(), run.spec(), Networks.parameters(run.spec()));
            if (!view.holds(List.of(declared.id()))) {
                Map<String, String> headers = new HashMap<>(item.headers());
                headers.put(RecordHeaders.RUN, run.runId());
                context.events().writeAcked(declared, headers);
            }
            List<RecordView.StoredCheckpoint> checkpoints = view.checkpoints(run.runId());
            // If another study has already trained this run, only the measurements are new.
            checkpoints.forEach(checkpoint -> measurements.enqueue(studyId, study, run.spec(), checkpoint.event()));
            if (!view.hasEnded(run.runId())) {
                context.enqueueOnce(new WorkItem.Segment(studyId, run.runId(), next(run, checkpoints)));
            }
        }
        return Result.NONE;
    }

    /**
     * Returns the segment with which a run continues. Each segment ends in a checkpoint. The last
     * segment is repeated if only its conclusion is missing.
     */
    static int next(StudyPlan.PlannedRun run, List<RecordView.StoredCheckpoint> checkpoints) {
        boolean atItsEnd = !checkpoints.isEmpty()
                && checkpoints.getLast().event().step() >= run.spec().training().steps();
        return atItsEnd ? checkpoints.size() - 1 : checkpoints.size();
    }
}
