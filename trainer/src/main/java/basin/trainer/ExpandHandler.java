package basin.trainer;

import basin.events.Event;
import basin.events.MalformedEventException;
import basin.events.spec.Refusal;
import basin.events.spec.StudySpec;
import basin.events.work.StudyPlan;
import basin.events.work.WorkItem;
import basin.lm.Networks;
import basin.lm.Studies;
import basin.service.kafka.Delivery;
import basin.service.kafka.DeliveryHandler;
import basin.service.kafka.UnprocessableWork;
import basin.service.record.RecordView;
import basin.service.record.WorkerContext;
import java.util.List;
import java.util.Map;

/**
 * Expands a study: declares its runs, and puts into the queues whatever it wants that has no result and waits nowhere yet. Doing so twice
 * changes nothing, and doing so when a study is resumed brings back what was set aside.
 */
final class ExpandHandler implements DeliveryHandler {
    private final WorkerContext context;
    private final Measurements measurements;

    ExpandHandler(WorkerContext context) {
        this.context = context;
        this.measurements = new Measurements(context);
    }

    @Override
    public void handle(Delivery delivered) throws Exception {
        WorkItem.Expand item;
        try {
            item = (WorkItem.Expand) WorkItem.decode(delivered.record().value());
        } catch (MalformedEventException | ClassCastException e) {
            throw new UnprocessableWork("This record is no study to expand: " + e.getMessage(), e);
        }
        StudySpec study = context.view()
                .study(item.studyId())
                .orElseThrow(() -> new UnprocessableWork("Study " + item.studyId() + " is not on record."));
        try {
            Studies.check(study);
        } catch (Refusal e) {
            throw new UnprocessableWork("Study " + item.studyId() + " cannot be run: " + e.getMessage(), e);
        }
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            long parameters = Networks.parameters(run.spec());
            Map<String, String> headers =
                    Map.of("basin_study", item.studyId(), "basin_run", run.runId(), "basin_work_item", item.id());
            Event.RunDeclared declared = new Event.RunDeclared(
                    item.studyId(), run.runId(), run.index(), run.label(), run.spec(), parameters);
            if (!context.view().holds(List.of(declared.id()))) {
                context.events().writeAcked(declared, headers);
            }
            // Where another study has trained this run already, only the measurements are new.
            context.view()
                    .checkpoints(run.runId())
                    .forEach(checkpoint -> measurements.enqueue(item.studyId(), study, run.spec(), checkpoint.event()));
            if (!context.view().hasEnded(run.runId())) {
                context.enqueueOnce(
                        new WorkItem.Segment(
                                item.studyId(),
                                run.runId(),
                                next(run, context.view().checkpoints(run.runId()))),
                        headers);
            }
        }
    }

    /** The segment that the run goes on with: one a checkpoint. The last is done again where only its conclusion is missing. */
    static int next(StudyPlan.PlannedRun run, List<RecordView.StoredCheckpoint> checkpoints) {
        boolean atItsEnd = !checkpoints.isEmpty()
                && checkpoints.getLast().event().step() >= run.spec().training().steps();
        return atItsEnd ? checkpoints.size() - 1 : checkpoints.size();
    }
}
