package basin.evaluator;

import basin.evaluator.protocol.Evaluation;
import basin.events.Event;
import basin.events.MalformedEventException;
import basin.events.spec.Refusal;
import basin.events.spec.RunSpec;
import basin.events.work.WorkItem;
import basin.lm.Networks;
import basin.lm.network.Weights;
import basin.service.kafka.Delivery;
import basin.service.kafka.DeliveryHandler;
import basin.service.kafka.UnprocessableWork;
import basin.service.record.CheckpointReader;
import basin.service.record.WorkerContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;

/** Evaluates one checkpoint on one task by one protocol. */
final class EvaluateHandler implements DeliveryHandler {
    private final WorkerContext context;
    private final CheckpointReader checkpoints;
    private final Evaluation evaluation;
    private final MeterRegistry metrics;

    EvaluateHandler(WorkerContext context, CheckpointReader checkpoints, Evaluation evaluation, MeterRegistry metrics) {
        this.context = context;
        this.checkpoints = checkpoints;
        this.evaluation = evaluation;
        this.metrics = metrics;
    }

    @Override
    public void handle(Delivery delivery) throws Exception {
        WorkItem.Evaluate item;
        try {
            item = (WorkItem.Evaluate) WorkItem.decode(delivery.record().value());
        } catch (MalformedEventException | ClassCastException e) {
            throw new UnprocessableWork("This record is no checkpoint to evaluate: " + e.getMessage(), e);
        }
        if (context.view().holds(item.resultIds())) {
            return;
        }
        RunSpec run = context.view()
                .run(item.runId())
                .orElseThrow(() -> new UnprocessableWork("Run " + item.runId() + " is not on record."))
                .spec();
        byte[] weights = checkpoints.read(item.runId(), item.step());
        Timer.Sample timer = Timer.start(metrics);
        Event.DownstreamMeasured measured;
        try {
            measured = evaluation.evaluate(
                    item.runId(),
                    item.step(),
                    run,
                    run.algorithm().isTrained() ? Weights.decode(Networks.shape(run), weights) : new float[0],
                    item.task(),
                    item.protocol(),
                    item.platform());
        } catch (Refusal e) {
            // Weights, task or protocol that cannot be: no other attempt ends otherwise.
            throw new UnprocessableWork(String.valueOf(e.getMessage()), e);
        }
        timer.stop(Timer.builder("basin.evaluation")
                .description("Time to evaluate one checkpoint on one task by one protocol")
                .tag("task", item.task().name())
                .tag("protocol", item.protocol().name())
                .register(metrics));
        context.events()
                .writeAcked(
                        measured,
                        Map.of(
                                "basin_study",
                                item.studyId(),
                                "basin_run",
                                item.runId(),
                                "basin_checkpoint",
                                String.valueOf(item.step()),
                                "basin_work_item",
                                item.id()));
    }
}
